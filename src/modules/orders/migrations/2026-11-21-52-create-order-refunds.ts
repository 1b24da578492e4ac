import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createOrderRefunds: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('order_refunds')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('amount', c.amount, (col) => col.notNull())
      .addColumn('items_amount', c.amount, (col) => col.notNull())
      .addColumn('shipping_amount', c.amount, (col) => col.notNull())
      .addColumn('goodwill_amount', c.amount, (col) => col.notNull())
      .addColumn('reason', c.text)
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('failed_at', c.instant)
      .addColumn('created_by', c.text, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('settled_at', c.instant)
      .addCheckConstraint(
        'order_refund_status',
        sql`status in ('pending', 'succeeded', 'partly_failed', 'failed')`,
      )
      .addCheckConstraint(
        'order_refund_amount',
        sql`amount > 0 and items_amount >= 0 and shipping_amount >= 0 and goodwill_amount >= 0
          and amount = items_amount + shipping_amount + goodwill_amount`,
      )
      .execute()
    await db.schema
      .createIndex('order_refunds_by_order')
      .on('order_refunds')
      .columns(['order_id', 'id'])
      .execute()

    await db.schema
      .createTable('order_refund_lines')
      .addColumn('order_refund_id', c.id, (col) => col.notNull().references('order_refunds.id'))
      .addColumn('order_line_id', c.id, (col) => col.notNull().references('order_lines.id'))
      .addColumn('quantity', c.quantity, (col) => col.notNull())
      .addColumn('amount', c.amount, (col) => col.notNull())
      .addColumn('tax_amount', c.amount)
      .addPrimaryKeyConstraint('order_refund_lines_pkey', ['order_refund_id', 'order_line_id'])
      .addCheckConstraint('order_refund_line_quantity', sql`quantity > 0`)
      .addCheckConstraint('order_refund_line_amount', sql`amount >= 0`)
      .addCheckConstraint('order_refund_line_tax', sql`tax_amount between 0 and amount`)
      .modifyEnd(c.keyed)
      .execute()
    await db.schema
      .createIndex('order_refund_lines_by_line')
      .on('order_refund_lines')
      .columns(['order_line_id', 'quantity'])
      .execute()

    await db.schema
      .createTable('order_refund_parts')
      .addColumn('refund_id', c.id, (col) => col.notNull().primaryKey().references('refunds.id'))
      .addColumn('order_refund_id', c.id, (col) => col.notNull().references('order_refunds.id'))
      .addColumn('payment_id', c.id, (col) => col.notNull())
      .addColumn('amount', c.amount, (col) => col.notNull())
      .addColumn('status', c.status, (col) => col.notNull())
      .addCheckConstraint(
        'order_refund_part_status',
        sql`status in ('pending', 'succeeded', 'failed')`,
      )
      .addCheckConstraint('order_refund_part_amount', sql`amount > 0`)
      .execute()
    await db.schema
      .createIndex('order_refund_parts_by_refund')
      .on('order_refund_parts')
      .column('order_refund_id')
      .execute()
  },
}
