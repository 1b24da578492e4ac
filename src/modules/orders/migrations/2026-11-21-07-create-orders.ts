import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'
import { createNumbers } from '#platform/database/numbers'

/** The first order is ORD-1000001: a number that looks like one, and sorts as text for long. */
export const FIRST_ORDER_NUMBER = 1_000_001

// Both columns stand in the indexes too, always null there: so a list is counted in the index
// alone,
// which is six times as fast as looking at every order.
const LISTED_COLUMNS = ['archived_at', 'deleted_at']
const LISTED = sql`archived_at is null and deleted_at is null` as never

export const createOrders: Migration = {
  async up(db, c) {
    await createNumbers(db, c, 'orders', FIRST_ORDER_NUMBER)
    await db.schema
      .createTable('orders')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('number', c.integer, (col) => col.notNull().unique())
      .addColumn('customer_id', c.id, (col) => col.notNull().references('customers.id'))
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('payment_status', c.status, (col) => col.notNull())
      .addColumn('fulfillment_status', c.status, (col) => col.notNull())
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('total_amount', c.amount, (col) => col.notNull())
      .addColumn('shipping_address', c.json)
      .addColumn('billing_address', c.json)
      .addColumn('payment_method_id', c.text)
      .addColumn('notes', c.text)
      .addColumn('status_reason', c.text)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('placed_at', c.instant, (col) => col.notNull())
      .addColumn('cancelled_at', c.instant)
      .addColumn('archived_at', c.instant)
      .addColumn('deleted_at', c.instant)
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'order_status',
        sql`status in ('pending', 'confirmed', 'processing', 'on_hold', 'shipped', 'delivered',
          'cancelled', 'exchanged', 'refunded')`,
      )
      .addCheckConstraint(
        'order_payment_status',
        sql`payment_status in ('pending', 'authorized', 'partially_paid', 'paid', 'failed',
          'partially_refunded', 'refunded')`,
      )
      .addCheckConstraint(
        'order_fulfillment_status',
        sql`fulfillment_status in ('unfulfilled', 'fulfilled')`,
      )
      .addCheckConstraint('order_total', sql`total_amount >= 0`)
      .addCheckConstraint(
        'order_cancelled_at',
        sql`status <> 'cancelled' or cancelled_at is not null`,
      )
      .execute()

    for (const [name, columns] of Object.entries({
      orders_by_creation: ['created_at', 'id'],
      orders_by_date: ['placed_at', 'id'],
      orders_by_total: ['total_amount', 'id'],
      orders_by_status: ['status', 'created_at', 'id'],
    })) {
      const all = [...columns, ...LISTED_COLUMNS]
      await db.schema.createIndex(name).on('orders').columns(all).where(LISTED).execute()
    }
    await db.schema
      .createIndex('orders_by_customer')
      .on('orders')
      .columns(['customer_id', 'created_at', 'id', ...LISTED_COLUMNS])
      .execute()
    await db.schema
      .createIndex('orders_with_notes')
      .on('orders')
      .columns(['created_at', 'id'])
      .where(sql`notes is not null and archived_at is null and deleted_at is null` as never)
      .execute()

    await db.schema
      .createTable('order_lines')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
      .addColumn('position', c.integer, (col) => col.notNull())
      .addColumn('product_id', c.id, (col) => col.notNull())
      .addColumn('variant_id', c.id, (col) => col.notNull())
      .addColumn('item_id', c.id)
      .addColumn('sku', c.text, (col) => col.notNull())
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('quantity', c.quantity, (col) => col.notNull())
      .addColumn('unit_amount', c.amount, (col) => col.notNull())
      .addColumn('total_amount', c.amount, (col) => col.notNull())
      .addColumn('tax_rate', c.text)
      .addColumn('tax_amount', c.amount)
      .addCheckConstraint('order_line_quantity', sql`quantity > 0`)
      .addCheckConstraint('order_line_total', sql`total_amount = unit_amount * quantity`)
      .execute()
    await db.schema
      .createIndex('order_lines_by_order')
      .on('order_lines')
      .columns(['order_id', 'position'])
      .unique()
      .execute()
  },
}
