import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createPacking: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('carton_presets')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('code', c.text, (col) => col.notNull())
      .addColumn('code_key', c.text, (col) => col.notNull())
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('length_mm', c.integer, (col) => col.notNull())
      .addColumn('width_mm', c.integer, (col) => col.notNull())
      .addColumn('height_mm', c.integer, (col) => col.notNull())
      .addColumn('tare_weight_grams', c.integer, (col) => col.notNull())
      .addColumn('max_weight_grams', c.integer)
      .addColumn('archived_at', c.instant)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'carton_preset_size',
        sql`length_mm > 0 and width_mm > 0 and height_mm > 0 and tare_weight_grams >= 0
          and (max_weight_grams is null or max_weight_grams > tare_weight_grams)`,
      )
      .execute()
    await db.schema
      .createIndex('carton_presets_one_a_code')
      .on('carton_presets')
      .column('code_key')
      .unique()
      .where(sql`archived_at is null` as never)
      .execute()

    await db.schema
      .createTable('cartons')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('fulfilment_order_id', c.id, (col) =>
        col.notNull().references('fulfilment_orders.id'),
      )
      .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
      .addColumn('nth', c.integer, (col) => col.notNull())
      .addColumn('code', c.text, (col) => col.notNull().unique())
      .addColumn('preset_id', c.id, (col) => col.references('carton_presets.id'))
      .addColumn('length_mm', c.integer)
      .addColumn('width_mm', c.integer)
      .addColumn('height_mm', c.integer)
      .addColumn('tare_weight_grams', c.integer, (col) => col.notNull())
      .addColumn('measured_weight_grams', c.integer)
      .addColumn('packed_by', c.text, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'carton_size',
        sql`tare_weight_grams >= 0
          and (measured_weight_grams is null or measured_weight_grams > 0)
          and (length_mm is null or length_mm > 0)
          and (width_mm is null or width_mm > 0)
          and (height_mm is null or height_mm > 0)`,
      )
      .execute()
    await db.schema
      .createIndex('cartons_by_fulfilment_order')
      .on('cartons')
      .columns(['fulfilment_order_id', 'nth'])
      .unique()
      .execute()

    await db.schema
      .createTable('carton_lines')
      .addColumn('carton_id', c.id, (col) => col.notNull().references('cartons.id'))
      .addColumn('order_line_id', c.id, (col) => col.notNull())
      .addColumn('quantity', c.quantity, (col) => col.notNull())
      .addColumn('unit_weight_grams', c.integer)
      .addPrimaryKeyConstraint('carton_lines_pkey', ['carton_id', 'order_line_id'])
      .addCheckConstraint('carton_line_holds_something', sql`quantity > 0`)
      .modifyEnd(c.keyed)
      .execute()
  },
}
