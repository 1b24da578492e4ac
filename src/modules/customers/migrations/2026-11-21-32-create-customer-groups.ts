import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createCustomerGroups: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('customer_groups')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('code', c.text, (col) => col.notNull().unique())
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('description', c.text)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint('customer_group_code_is_lower_case', sql`code = lower(code)`)
      .execute()
    await db.schema
      .createTable('customer_group_members')
      .addColumn('group_id', c.id, (col) => col.notNull().references('customer_groups.id'))
      .addColumn('customer_id', c.id, (col) => col.notNull().references('customers.id'))
      .addColumn('added_at', c.instant, (col) => col.notNull())
      .addPrimaryKeyConstraint('customer_group_members_pkey', ['group_id', 'customer_id'])
      .execute()
    await db.schema
      .createIndex('customer_group_members_by_customer')
      .on('customer_group_members')
      .columns(['customer_id', 'group_id'])
      .execute()
  },
}
