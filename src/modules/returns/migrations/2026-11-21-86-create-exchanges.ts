import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'
import { createNumbers } from '#platform/database/numbers'

export const FIRST_EXCHANGE_NUMBER = 1_000_001

export const createExchanges: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('exchanges')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('number', c.integer, (col) => col.notNull().unique())
      .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
      .addColumn('customer_id', c.id, (col) => col.notNull().references('customers.id'))
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('reason', c.text, (col) => col.notNull())
      .addColumn('return_id', c.id, (col) => col.notNull().unique().references('returns.id'))
      .addColumn('out_order_id', c.id, (col) => col.unique().references('orders.id'))
      .addColumn('order_refund_id', c.id, (col) => col.references('order_refunds.id'))
      .addColumn('payment_id', c.id, (col) => col.references('payments.id'))
      .addColumn('ships', c.status, (col) => col.notNull())
      .addColumn('remainder_to', c.status, (col) => col.notNull())
      .addColumn('value_in_amount', c.amount, (col) => col.notNull())
      .addColumn('value_out_amount', c.amount, (col) => col.notNull())
      .addColumn('balance_amount', c.amount, (col) => col.notNull())
      .addColumn('status_reason', c.text)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('requested_by', c.text, (col) => col.notNull())
      .addColumn('approved_at', c.instant)
      .addColumn('settled_at', c.instant)
      .addColumn('closed_at', c.instant)
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'exchange_status',
        sql`status in ('requested', 'approved', 'settled', 'completed', 'rejected', 'cancelled')`,
      )
      .addCheckConstraint('exchange_ships', sql`ships in ('on_approval', 'after_return')`)
      .addCheckConstraint('exchange_remainder', sql`remainder_to in ('original', 'store_credit')`)
      .addCheckConstraint(
        'exchange_balance',
        sql`value_in_amount >= 0 and value_out_amount >= 0
          and balance_amount = value_out_amount - value_in_amount`,
      )
      .addCheckConstraint(
        'exchange_has_its_goods_once_it_is_agreed',
        sql`status in ('requested', 'rejected', 'cancelled') or out_order_id is not null`,
      )
      .execute()
    await createNumbers(db, c, 'exchanges', FIRST_EXCHANGE_NUMBER)
    for (const column of ['order_id', 'customer_id', 'status']) {
      await db.schema
        .createIndex(`exchanges_by_${column.replace('_id', '')}`)
        .on('exchanges')
        .columns([column, 'id'])
        .execute()
    }
    await db.schema
      .createTable('exchange_lines')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('exchange_id', c.id, (col) => col.notNull().references('exchanges.id'))
      .addColumn('position', c.integer, (col) => col.notNull())
      .addColumn('variant_id', c.id, (col) => col.notNull())
      .addColumn('sku', c.text, (col) => col.notNull())
      .addColumn('name', c.text, (col) => col.notNull())
      .addColumn('quantity', c.quantity, (col) => col.notNull())
      .addColumn('unit_amount', c.amount, (col) => col.notNull())
      .addCheckConstraint('exchange_line_quantity', sql`quantity > 0 and unit_amount >= 0`)
      .execute()
    await db.schema
      .createIndex('exchange_lines_by_exchange')
      .on('exchange_lines')
      .columns(['exchange_id', 'position'])
      .execute()
  },
}
