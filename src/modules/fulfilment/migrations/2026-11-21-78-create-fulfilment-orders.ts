import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

const LIVE = sql`status in ('waiting', 'scheduled', 'open', 'in_progress')` as never

// Lines of an order may be removed while it is unpaid, so work names them without a foreign key.
export const createFulfilmentOrders: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('fulfilment_orders')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
      .addColumn('order_number', c.integer, (col) => col.notNull())
      .addColumn('nth', c.integer, (col) => col.notNull())
      .addColumn('location_id', c.id, (col) => col.references('locations.id'))
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('order_status', c.status, (col) => col.notNull())
      .addColumn('why', c.text, (col) => col.notNull())
      .addColumn('status_reason', c.text)
      .addColumn('holds', c.integer, (col) => col.notNull())
      .addColumn('fulfil_at', c.instant)
      .addColumn('due_at', c.instant)
      .addColumn('promised_at', c.instant)
      .addColumn('note', c.text)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('started_at', c.instant)
      .addColumn('packed_at', c.instant)
      .addColumn('closed_at', c.instant)
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'fulfilment_order_status',
        sql`status in ('waiting', 'scheduled', 'open', 'in_progress', 'closed', 'incomplete', 'cancelled')`,
      )
      .addCheckConstraint('fulfilment_order_holds', sql`holds >= 0`)
      .addCheckConstraint(
        'fulfilment_order_has_a_location',
        sql`location_id is not null or status in ('waiting', 'cancelled')`,
      )
      .addCheckConstraint(
        'fulfilment_order_waits_nowhere',
        sql`status <> 'waiting' or location_id is null`,
      )
      .addCheckConstraint(
        'fulfilment_order_is_scheduled_for_a_time',
        sql`status <> 'scheduled' or fulfil_at is not null`,
      )
      .execute()
    await db.schema
      .createIndex('fulfilment_orders_by_order')
      .on('fulfilment_orders')
      .columns(['order_id', 'nth'])
      .unique()
      .execute()
    await db.schema
      .createIndex('fulfilment_orders_by_number')
      .on('fulfilment_orders')
      .columns(['order_number', 'nth'])
      .execute()
    await db.schema
      .createIndex('fulfilment_orders_by_status')
      .on('fulfilment_orders')
      .columns(['status', 'id'])
      .execute()
    await db.schema
      .createIndex('fulfilment_orders_by_location')
      .on('fulfilment_orders')
      .columns(['location_id', 'status', 'id'])
      .execute()
    await db.schema
      .createIndex('fulfilment_orders_at_work')
      .on('fulfilment_orders')
      .columns(['status', 'location_id', 'due_at'])
      .where(LIVE)
      .execute()
    await db.schema
      .createIndex('fulfilment_orders_by_time')
      .on('fulfilment_orders')
      .column('fulfil_at')
      .where(sql`status = 'scheduled'` as never)
      .execute()

    await db.schema
      .createTable('fulfilment_order_lines')
      .addColumn('fulfilment_order_id', c.id, (col) =>
        col.notNull().references('fulfilment_orders.id'),
      )
      .addColumn('order_line_id', c.id, (col) => col.notNull())
      .addColumn('item_id', c.id, (col) => col.references('inventory_items.id'))
      .addColumn('variant_id', c.id, (col) => col.notNull())
      .addColumn('position', c.integer, (col) => col.notNull())
      .addColumn('sku', c.text, (col) => col.notNull())
      .addColumn('sku_key', c.text, (col) => col.notNull())
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('quantity', c.quantity, (col) => col.notNull())
      .addColumn('picking_quantity', c.quantity, (col) => col.notNull())
      .addColumn('picked_quantity', c.quantity, (col) => col.notNull())
      .addColumn('packed_quantity', c.quantity, (col) => col.notNull())
      .addColumn('shipped_quantity', c.quantity, (col) => col.notNull())
      .addColumn('withdrawn_quantity', c.quantity, (col) => col.notNull())
      .addPrimaryKeyConstraint('fulfilment_order_lines_pkey', [
        'fulfilment_order_id',
        'order_line_id',
      ])
      .addCheckConstraint(
        'fulfilment_order_line_counts',
        sql`quantity >= 0 and picking_quantity >= 0 and packed_quantity >= 0
          and shipped_quantity >= 0 and withdrawn_quantity >= 0`,
      )
      .addCheckConstraint(
        'fulfilment_order_line_picks_what_it_has',
        sql`picking_quantity + picked_quantity <= quantity`,
      )
      .addCheckConstraint(
        'fulfilment_order_line_packs_what_was_picked',
        sql`packed_quantity <= picked_quantity`,
      )
      .addCheckConstraint(
        'fulfilment_order_line_ships_what_it_has',
        sql`shipped_quantity <= picked_quantity`,
      )
      .modifyEnd(c.keyed)
      .execute()
    await db.schema
      .createIndex('fulfilment_order_lines_by_sku')
      .on('fulfilment_order_lines')
      .columns(['sku_key', 'fulfilment_order_id'])
      .execute()
    await db.schema
      .createIndex('fulfilment_order_lines_by_line')
      .on('fulfilment_order_lines')
      .column('order_line_id')
      .execute()

    await db.schema
      .createTable('fulfilment_holds')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('fulfilment_order_id', c.id, (col) =>
        col.notNull().references('fulfilment_orders.id'),
      )
      .addColumn('reason', c.status, (col) => col.notNull())
      .addColumn('note', c.text)
      .addColumn('held_by', c.text, (col) => col.notNull())
      .addColumn('held_at', c.instant, (col) => col.notNull())
      .addColumn('released_by', c.text)
      .addColumn('released_at', c.instant)
      .addCheckConstraint(
        'fulfilment_hold_reason',
        sql`reason in ('customer_request', 'address', 'payment_risk', 'stock', 'awaiting_return', 'quality', 'other')`,
      )
      .addCheckConstraint(
        'fulfilment_hold_is_released_by_someone',
        sql`(released_at is null) = (released_by is null)`,
      )
      .execute()
    await db.schema
      .createIndex('fulfilment_holds_by_order')
      .on('fulfilment_holds')
      .columns(['fulfilment_order_id', 'id'])
      .execute()
    await db.schema
      .createIndex('fulfilment_holds_one_a_reason')
      .on('fulfilment_holds')
      .columns(['fulfilment_order_id', 'reason'])
      .unique()
      .where(sql`released_at is null` as never)
      .execute()
  },
}
