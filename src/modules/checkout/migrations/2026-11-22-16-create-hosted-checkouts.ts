import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** Pages and intents at the payment provider that are paid before there is an order. */
export const createHostedCheckouts: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('hosted_checkouts')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('cart_id', c.id, (col) => col.notNull().references('carts.id'))
      .addColumn('checkout_id', c.id, (col) => col.notNull().references('checkout_sessions.id'))
      .addColumn('kind', c.text, (col) => col.notNull())
      .addColumn('provider', c.text, (col) => col.notNull())
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('payment_status', c.text, (col) => col.notNull())
      .addColumn('ref', c.text)
      .addColumn('payment_ref', c.text)
      .addColumn('url', c.text)
      .addColumn('client_secret', c.text)
      .addColumn('amount', c.amount, (col) => col.notNull())
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('customer_email', c.text)
      .addColumn('metadata', c.json, (col) => col.notNull())
      .addColumn('provider_metadata', c.json, (col) => col.notNull())
      .addColumn('success_url', c.text)
      .addColumn('cancel_url', c.text)
      .addColumn('method_types', c.json)
      .addColumn('placed', c.json)
      .addColumn('order_id', c.id, (col) => col.references('orders.id'))
      .addColumn('paid_amount', c.amount)
      .addColumn('paid_at', c.instant)
      .addColumn('failure_code', c.text)
      .addColumn('failure_message', c.text)
      .addColumn('expires_at', c.instant, (col) => col.notNull())
      .addColumn('check_at', c.instant, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint('hosted_checkout_kind', sql`kind in ('page', 'embedded', 'intent')`)
      .addCheckConstraint(
        'hosted_checkout_status',
        sql`status in ('opening', 'open', 'closing', 'paid', 'complete', 'returned', 'expired',
          'refused')`,
      )
      .addCheckConstraint(
        'hosted_checkout_payment_status',
        sql`payment_status in ('paid', 'unpaid', 'no_payment_required')`,
      )
      .addCheckConstraint(
        'hosted_checkout_order',
        sql`(order_id is not null) = (status in ('complete', 'returned'))`,
      )
      .addCheckConstraint(
        'hosted_checkout_paid',
        sql`(paid_at is not null) = (payment_status = 'paid')
          and (paid_at is not null) = (paid_amount is not null)`,
      )
      .execute()
    for (const [name, columns, where] of [
      // A cart can be paid for at one place at a time; opening another one closes it first.
      ['hosted_checkouts_live', ['cart_id'], sql`status in ('opening', 'open')`],
      ['hosted_checkouts_by_ref', ['ref'], sql`ref is not null`],
      ['hosted_checkouts_by_payment', ['payment_ref'], sql`payment_ref is not null`],
    ] as const) {
      await db.schema
        .createIndex(name)
        .on('hosted_checkouts')
        .columns([...columns])
        .unique()
        .where(where as never)
        .execute()
    }
    for (const [name, columns, where] of [
      ['hosted_checkouts_by_cart', ['cart_id', 'id'], sql`cart_id is not null`],
      ['hosted_checkouts_by_checkout', ['checkout_id'], sql`checkout_id is not null`],
      ['hosted_checkouts_by_order', ['order_id'], sql`order_id is not null`],
      [
        'hosted_checkouts_to_check',
        ['check_at'],
        sql`status in ('opening', 'open', 'closing', 'paid')`,
      ],
    ] as const) {
      await db.schema
        .createIndex(name)
        .on('hosted_checkouts')
        .columns([...columns])
        .where(where as never)
        .execute()
    }
  },
}
