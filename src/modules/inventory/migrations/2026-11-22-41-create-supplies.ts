import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** What is expected from outside, and when: what promises by date count on. */
export const createSupplies: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('supplies')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('item_id', c.id, (col) => col.notNull().references('inventory_items.id'))
      .addColumn('location_id', c.id, (col) => col.notNull().references('locations.id'))
      .addColumn('quantity', c.quantity, (col) => col.notNull())
      .addColumn('received_quantity', c.quantity, (col) => col.notNull())
      .addColumn('expected_at', c.instant, (col) => col.notNull())
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('reference', c.text)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'supply_brings_no_more_than_expected',
        sql`quantity > 0 and received_quantity between 0 and quantity`,
      )
      .addCheckConstraint('supply_status', sql`status in ('expected', 'received', 'cancelled')`)
      .addCheckConstraint(
        'received_supply_is_all_there',
        sql`(status = 'received') = (received_quantity = quantity)`,
      )
      .execute()
    await db.schema
      .createIndex('supplies_expected_by_item')
      .on('supplies')
      .columns(['item_id', 'expected_at'])
      .where(sql`status = 'expected'` as never)
      .execute()
  },
}
