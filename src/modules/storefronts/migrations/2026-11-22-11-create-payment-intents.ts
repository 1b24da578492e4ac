import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createPaymentIntents: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('payment_intents')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('order_id', c.id, (col) => col.notNull().references('orders.id'))
      .addColumn('provider', c.text, (col) => col.notNull())
      .addColumn('client_secret', c.text, (col) => col.notNull())
      .addColumn('amount', c.amount, (col) => col.notNull())
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('gateway_reference', c.text)
      .addColumn('provider_status', c.text)
      .addColumn('payment_id', c.id, (col) => col.references('payments.id').unique())
      .addColumn('last_event_hash', c.text)
      .addColumn('reversed_at', c.instant)
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint('payment_intent_amount', sql`amount >= 0`)
      .execute()
    await db.schema
      .createIndex('payment_intents_by_order')
      .on('payment_intents')
      .columns(['order_id', 'id'])
      .execute()
  },
}
