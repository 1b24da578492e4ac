import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const keepNotesAndErase: Migration = {
  async up(db, c) {
    await db.schema
      .alterTable('customers')
      .addColumn('erased_at', c.instant, (col) =>
        col.check(sql`erased_at is null or status = 'Deleted'`),
      )
      .execute()
    await db.schema
      .createTable('customer_notes')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('customer_id', c.id, (col) => col.notNull().references('customers.id'))
      .addColumn('text', c.text, (col) => col.notNull())
      .addColumn('author', c.text, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .execute()
    await db.schema
      .createIndex('customer_notes_by_customer')
      .on('customer_notes')
      .columns(['customer_id', 'id'])
      .execute()
  },
}
