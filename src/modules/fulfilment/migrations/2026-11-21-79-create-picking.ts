import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'
import { createNumbers } from '#platform/database/numbers'

export const FIRST_PICK_LIST_NUMBER = 1001

export const createPicking: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('pick_lists')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('number', c.integer, (col) => col.notNull().unique())
      .addColumn('location_id', c.id, (col) => col.notNull().references('locations.id'))
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('assigned_to', c.id, (col) => col.references('users.id'))
      .addColumn('note', c.text)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('started_at', c.instant)
      .addColumn('finished_at', c.instant)
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'pick_list_status',
        sql`status in ('open', 'in_progress', 'finished', 'cancelled')`,
      )
      .execute()
    await createNumbers(db, c, 'pick_lists', FIRST_PICK_LIST_NUMBER)
    for (const [name, columns] of [
      ['pick_lists_by_status', ['status', 'id']],
      ['pick_lists_by_location', ['location_id', 'status', 'id']],
      ['pick_lists_by_picker', ['assigned_to', 'status', 'id']],
    ] as const) {
      await db.schema
        .createIndex(name)
        .on('pick_lists')
        .columns([...columns])
        .execute()
    }

    await db.schema
      .createTable('pick_items')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('pick_list_id', c.id, (col) => col.notNull().references('pick_lists.id'))
      .addColumn('position', c.integer, (col) => col.notNull())
      .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
      .addColumn('fulfilment_order_id', c.id, (col) => col.notNull())
      .addColumn('order_line_id', c.id, (col) => col.notNull())
      .addColumn('item_id', c.id)
      .addColumn('sku', c.text, (col) => col.notNull())
      .addColumn('sku_key', c.text, (col) => col.notNull())
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('gtin_key', c.text)
      .addColumn('bin_id', c.id)
      .addColumn('bin_code', c.text)
      .addColumn('bin_scan_code', c.text)
      .addColumn('lot_id', c.id)
      .addColumn('lot_number', c.text)
      .addColumn('has_serials', c.boolean, (col) => col.notNull())
      .addColumn('quantity', c.quantity, (col) => col.notNull())
      .addColumn('picked_quantity', c.quantity, (col) => col.notNull())
      .addColumn('short_quantity', c.quantity, (col) => col.notNull())
      .addColumn('withdrawn_quantity', c.quantity, (col) => col.notNull())
      .addForeignKeyConstraint(
        'pick_items_of_a_line',
        ['fulfilment_order_id', 'order_line_id'],
        'fulfilment_order_lines',
        ['fulfilment_order_id', 'order_line_id'],
      )
      .addCheckConstraint(
        'pick_item_counts',
        sql`quantity > 0 and picked_quantity >= 0 and short_quantity >= 0
          and withdrawn_quantity >= 0
          and picked_quantity + short_quantity + withdrawn_quantity <= quantity`,
      )
      .execute()
    await db.schema
      .createIndex('pick_items_by_list')
      .on('pick_items')
      .columns(['pick_list_id', 'position'])
      .unique()
      .execute()
    await db.schema
      .createIndex('pick_items_left_to_pick')
      .on('pick_items')
      .columns(['fulfilment_order_id', 'order_line_id'])
      .where(sql`picked_quantity + short_quantity + withdrawn_quantity < quantity` as never)
      .execute()

    await db.schema
      .createTable('picks')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('pick_item_id', c.id, (col) => col.references('pick_items.id'))
      .addColumn('fulfilment_order_id', c.id, (col) => col.notNull())
      .addColumn('order_line_id', c.id, (col) => col.notNull())
      .addColumn('item_id', c.id)
      .addColumn('quantity', c.quantity, (col) => col.notNull())
      .addColumn('put_back_quantity', c.quantity, (col) => col.notNull())
      .addColumn('bin_id', c.id)
      .addColumn('lot_id', c.id)
      .addColumn('serial_number', c.text)
      .addColumn('code', c.text)
      .addColumn('picked_by', c.text, (col) => col.notNull())
      .addColumn('picked_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'pick_takes_something',
        sql`quantity > 0 and put_back_quantity between 0 and quantity`,
      )
      .addCheckConstraint('pick_of_a_serial_is_one', sql`serial_number is null or quantity = 1`)
      .execute()
    await db.schema
      .createIndex('picks_by_line')
      .on('picks')
      .columns(['fulfilment_order_id', 'order_line_id', 'id'])
      .execute()
    // One unit with a serial number is picked once for one line.
    await db.schema
      .createIndex('picks_one_a_serial')
      .on('picks')
      .columns(['serial_number', 'fulfilment_order_id', 'order_line_id'])
      .unique()
      .where(sql`serial_number is not null and put_back_quantity = 0` as never)
      .execute()

    await db.schema
      .createTable('pick_shortages')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('pick_item_id', c.id, (col) => col.notNull().references('pick_items.id'))
      .addColumn('quantity', c.quantity, (col) => col.notNull())
      .addColumn('reason', c.status, (col) => col.notNull())
      .addColumn('note', c.text)
      .addColumn('outcome', c.status, (col) => col.notNull())
      .addColumn('found_by', c.text, (col) => col.notNull())
      .addColumn('found_at', c.instant, (col) => col.notNull())
      .addCheckConstraint('pick_shortage_of_something', sql`quantity > 0`)
      .addCheckConstraint(
        'pick_shortage_reason',
        sql`reason in ('not_found', 'damaged', 'expired', 'wrong_item', 'other')`,
      )
      .execute()
    await db.schema
      .createIndex('pick_shortages_by_item')
      .on('pick_shortages')
      .columns(['pick_item_id', 'id'])
      .execute()
  },
}
