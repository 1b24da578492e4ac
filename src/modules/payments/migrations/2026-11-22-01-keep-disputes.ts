import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** Doubts of payers that their banks have brought to the provider. */
export const keepDisputes: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('payment_disputes')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('provider', c.text, (col) => col.notNull())
      .addColumn('provider_ref', c.text, (col) => col.notNull())
      .addColumn('payment_id', c.id, (col) => col.notNull().references('payments.id'))
      .addColumn('order_id', c.id, (col) => col.notNull())
      .addColumn('amount', c.amount, (col) => col.notNull())
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('reason', c.text, (col) => col.notNull())
      .addColumn('status', c.status, (col) => col.notNull())
      .addColumn('evidence_due_at', c.instant)
      .addColumn('opened_at', c.instant, (col) => col.notNull())
      .addColumn('occurred_at', c.instant, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'payment_dispute_status',
        sql`status in ('needs_response', 'under_review', 'won', 'lost')`,
      )
      .addCheckConstraint('payment_dispute_amount', sql`amount >= 0`)
      .addUniqueConstraint('payment_disputes_by_provider_ref', ['provider', 'provider_ref'])
      .execute()
    await db.schema
      .createIndex('payment_disputes_by_payment')
      .on('payment_disputes')
      .column('payment_id')
      .execute()
    await db.schema
      .createIndex('payment_disputes_by_order')
      .on('payment_disputes')
      .column('order_id')
      .execute()
    await db.schema
      .createIndex('payment_disputes_by_status')
      .on('payment_disputes')
      .columns(['status', 'id'])
      .execute()
  },
}
