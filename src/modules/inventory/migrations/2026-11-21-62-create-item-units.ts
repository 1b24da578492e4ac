import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createItemUnits: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('item_units')
      .addColumn('item_id', c.id, (col) => col.notNull().references('inventory_items.id'))
      .addColumn('code', c.text, (col) => col.notNull())
      .addColumn('code_key', c.text, (col) => col.notNull())
      .addColumn('numerator', c.integer, (col) => col.notNull())
      .addColumn('denominator', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addPrimaryKeyConstraint('item_units_pkey', ['item_id', 'code_key'])
      .addCheckConstraint('item_unit_factor', sql`numerator >= 1 and denominator >= 1`)
      .modifyEnd(c.keyed)
      .execute()
  },
}
