import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createCheckout: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('checkout_sessions')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('cart_id', c.id, (col) => col.notNull().references('carts.id'))
      .addColumn('customer_id', c.id, (col) => col.references('customers.id'))
      .addColumn('session_hash', c.text)
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('email', c.text)
      .addColumn('subscribe_newsletter', c.boolean, (col) => col.notNull())
      .addColumn('shipping_address', c.json)
      .addColumn('billing_address', c.json)
      .addColumn('shipping_method', c.text)
      .addColumn('shipping_options', c.json, (col) => col.notNull())
      .addColumn('needs_shipping', c.boolean, (col) => col.notNull())
      .addColumn('payment_method', c.text)
      .addColumn('payment_token', c.text)
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('subtotal_amount', c.amount, (col) => col.notNull())
      .addColumn('discount_amount', c.amount, (col) => col.notNull())
      .addColumn('shipping_amount', c.amount, (col) => col.notNull())
      .addColumn('tax_amount', c.amount, (col) => col.notNull())
      .addColumn('total_amount', c.amount, (col) => col.notNull())
      .addColumn('cart_version', c.integer, (col) => col.notNull())
      .addColumn('held_until', c.instant)
      .addColumn('order_id', c.id, (col) => col.references('orders.id'))
      .addColumn('expires_at', c.instant, (col) => col.notNull())
      .addColumn('ended_at', c.instant)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint('checkout_status', sql`status in ('open', 'complete', 'expired')`)
      .addCheckConstraint(
        'checkout_payment_method',
        sql`payment_method in ('CreditCard', 'DebitCard', 'PayPal', 'ApplePay', 'GooglePay')`,
      )
      .addCheckConstraint(
        'checkout_complete_has_order',
        sql`status <> 'complete' or order_id is not null`,
      )
      .addCheckConstraint('checkout_ended', sql`(status = 'open') = (ended_at is null)`)
      .addCheckConstraint('checkout_total', sql`total_amount >= 0`)
      .execute()
    // Two starts at once end in one session.
    await db.schema
      .createIndex('checkout_sessions_open')
      .on('checkout_sessions')
      .column('cart_id')
      .unique()
      .where(sql`status = 'open'` as never)
      .execute()
    await db.schema
      .createIndex('checkout_sessions_by_order')
      .on('checkout_sessions')
      .column('order_id')
      .unique()
      .where(sql`order_id is not null` as never)
      .execute()
    await db.schema
      .createIndex('checkout_sessions_to_end')
      .on('checkout_sessions')
      .column('expires_at')
      .where(sql`status = 'open'` as never)
      .execute()
    await db.schema
      .createIndex('checkout_sessions_by_cart')
      .on('checkout_sessions')
      .columns(['cart_id', 'id'])
      .execute()
    await db.schema
      .createIndex('checkout_sessions_by_customer')
      .on('checkout_sessions')
      .column('customer_id')
      .where(sql`customer_id is not null` as never)
      .execute()
  },
}
