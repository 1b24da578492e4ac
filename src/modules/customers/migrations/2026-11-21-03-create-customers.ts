import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createCustomers: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('customers')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('email', c.text, (col) => col.notNull())
      .addColumn('first_name', c.text, (col) => col.notNull())
      .addColumn('last_name', c.text, (col) => col.notNull())
      .addColumn('phone', c.text)
      .addColumn('accepts_marketing', c.boolean, (col) => col.notNull())
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('user_id', c.id, (col) => col.references('users.id').unique())
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'customer_status',
        sql`status in ('Active', 'Inactive', 'Suspended', 'Deleted')`,
      )
      .addCheckConstraint('customer_email_is_lower_case', sql`email = lower(email)`)
      .execute()
    await db.schema
      .createIndex('customers_by_email')
      .on('customers')
      .column('email')
      .unique()
      .where(sql.ref('status'), '<>', sql`'Deleted'`)
      .execute()
    await db.schema
      .createIndex('customers_by_status')
      .on('customers')
      .columns(['status', 'id'])
      .execute()

    await db.schema
      .createTable('customer_addresses')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('customer_id', c.id, (col) => col.notNull().references('customers.id'))
      .addColumn('first_name', c.text, (col) => col.notNull())
      .addColumn('last_name', c.text, (col) => col.notNull())
      .addColumn('company', c.text)
      .addColumn('address_line_1', c.text, (col) => col.notNull())
      .addColumn('address_line_2', c.text)
      .addColumn('city', c.text, (col) => col.notNull())
      .addColumn('province', c.text, (col) => col.notNull())
      .addColumn('country_code', c.text, (col) => col.notNull())
      .addColumn('postal_code', c.text, (col) => col.notNull())
      .addColumn('phone', c.text)
      .addColumn('is_default_shipping', c.boolean, (col) => col.notNull())
      .addColumn('is_default_billing', c.boolean, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .execute()
    await db.schema
      .createIndex('customer_addresses_by_customer')
      .on('customer_addresses')
      .columns(['customer_id', 'id'])
      .execute()
    for (const use of ['shipping', 'billing']) {
      await db.schema
        .createIndex(`customer_addresses_one_default_${use}`)
        .on('customer_addresses')
        .column('customer_id')
        .unique()
        .where(sql.ref(`is_default_${use}`), '=', sql`true`)
        .execute()
    }
  },
}
