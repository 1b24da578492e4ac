import { type Kysely, sql } from 'kysely'
import type { Columns } from '#platform/database/columns'
import type { Migration } from '#platform/database/migrations'

export const createPayments: Migration = {
  async up(db, c) {
    await createPaymentTable(db, c)
    await createEvents(db, c)
    await createRequests(db, c)
    await createRefunds(db, c)
    await createInbox(db, c)
  },
}

async function createPaymentTable(db: Kysely<any>, c: Columns) {
  await db.schema
    .createTable('payments')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('order_id', c.id, (col) => col.notNull())
    .addColumn('customer_id', c.id)
    .addColumn('provider', c.text, (col) => col.notNull())
    .addColumn('provider_ref', c.text)
    .addColumn('method', c.status, (col) => col.notNull())
    .addColumn('payment_method_id', c.text)
    .addColumn('capture_method', c.status, (col) => col.notNull())
    .addColumn('description', c.text)
    .addColumn('currency', c.text, (col) => col.notNull())
    .addColumn('amount', c.amount, (col) => col.notNull())
    .addColumn('authorized_amount', c.amount, (col) => col.notNull())
    .addColumn('captured_amount', c.amount, (col) => col.notNull())
    .addColumn('voided_amount', c.amount, (col) => col.notNull())
    .addColumn('refunded_amount', c.amount, (col) => col.notNull())
    .addColumn('capture_pending_amount', c.amount, (col) => col.notNull())
    .addColumn('void_pending_amount', c.amount, (col) => col.notNull())
    .addColumn('refund_pending_amount', c.amount, (col) => col.notNull())
    .addColumn('status', c.status, (col) => col.notNull())
    .addColumn('failure_code', c.text)
    .addColumn('failure_message', c.text)
    .addColumn('action_url', c.text)
    .addColumn('version', c.integer, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('updated_at', c.instant, (col) => col.notNull())
    .addColumn('processed_at', c.instant)
    .addCheckConstraint(
      'payment_status',
      sql`status in ('pending', 'processing', 'requires_action', 'authorized', 'succeeded', 'partially_refunded', 'refunded', 'failed', 'cancelled')`,
    )
    .addCheckConstraint(
      'payment_method',
      sql`method in ('credit_card', 'debit_card', 'paypal', 'bank_transfer', 'cash', 'check')`,
    )
    .addCheckConstraint('payment_capture_method', sql`capture_method in ('automatic', 'manual')`)
    .addCheckConstraint('payment_amount', sql`amount > 0`)
    .addCheckConstraint(
      'payment_refunds_no_more_than_was_captured',
      sql`0 <= refunded_amount and refunded_amount <= captured_amount`,
    )
    .addCheckConstraint(
      'payment_captures_no_more_than_was_authorized',
      sql`0 <= voided_amount and captured_amount + voided_amount <= authorized_amount`,
    )
    .addCheckConstraint(
      'payment_sets_nothing_negative_aside',
      sql`capture_pending_amount >= 0 and void_pending_amount >= 0 and refund_pending_amount >= 0`,
    )
    .addUniqueConstraint('payments_by_provider_ref', ['provider', 'provider_ref'])
    .execute()
  await db.schema
    .createIndex('payments_by_order')
    .on('payments')
    .columns(['order_id', 'id'])
    .execute()
  await db.schema
    .createIndex('payments_one_undecided_per_order')
    .on('payments')
    .column('order_id')
    .unique()
    .where(sql.ref('processed_at'), 'is', null)
    .execute()
  await db.schema
    .createIndex('payments_by_status')
    .on('payments')
    .columns(['status', 'id'])
    // Most payments succeed, and a list of those walks the ids: they need no place here.
    .where(
      sql.ref('status'),
      'in',
      sql`('authorized', 'partially_refunded', 'refunded', 'failed', 'cancelled')`,
    )
    .execute()
  await db.schema
    .createIndex('payments_by_customer')
    .on('payments')
    .columns(['customer_id', 'id'])
    .where(sql.ref('customer_id'), 'is not', null)
    .execute()
}

async function createEvents(db: Kysely<any>, c: Columns) {
  await db.schema
    .createTable('payment_events')
    .addColumn('provider', c.text, (col) => col.notNull())
    .addColumn('provider_ref', c.text, (col) => col.notNull())
    .addColumn('operation', c.status, (col) => col.notNull())
    .addColumn('outcome', c.status, (col) => col.notNull())
    .addColumn('sequence', c.integer, (col) => col.notNull())
    .addColumn('amount', c.amount, (col) => col.notNull())
    .addColumn('currency', c.text, (col) => col.notNull())
    .addColumn('code', c.text)
    .addColumn('message', c.text)
    .addColumn('action_url', c.text)
    .addColumn('occurred_at', c.instant, (col) => col.notNull())
    .addColumn('payment_id', c.id, (col) => col.notNull().references('payments.id'))
    .addColumn('request_id', c.id)
    .addColumn('source', c.status, (col) => col.notNull())
    .addColumn('recorded_at', c.instant, (col) => col.notNull())
    .addPrimaryKeyConstraint('payment_events_pkey', [
      'provider',
      'provider_ref',
      'operation',
      'outcome',
      'sequence',
    ])
    .addCheckConstraint(
      'payment_event_operation',
      sql`operation in ('sale', 'authorize', 'capture', 'void', 'refund')`,
    )
    .addCheckConstraint(
      'payment_event_outcome',
      sql`outcome in ('pending', 'action_required', 'failed', 'succeeded')`,
    )
    .addCheckConstraint('payment_event_source', sql`source in ('answer', 'webhook', 'sweep')`)
    .addCheckConstraint('payment_event_amount', sql`amount >= 0`)
    .execute()
  await db.schema
    .createIndex('payment_events_by_payment')
    .on('payment_events')
    .column('payment_id')
    .execute()
}

async function createRequests(db: Kysely<any>, c: Columns) {
  await db.schema
    .createTable('payment_requests')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('payment_id', c.id, (col) => col.notNull().references('payments.id'))
    .addColumn('order_id', c.id, (col) => col.notNull())
    .addColumn('operation', c.status, (col) => col.notNull())
    .addColumn('amount', c.amount, (col) => col.notNull())
    .addColumn('currency', c.text, (col) => col.notNull())
    .addColumn('state', c.status, (col) => col.notNull())
    .addColumn('attempts', c.integer, (col) => col.notNull())
    .addColumn('check_at', c.instant, (col) => col.notNull())
    .addColumn('failure_code', c.text)
    .addColumn('failure_message', c.text)
    .addColumn('requested_by', c.text, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('resolved_at', c.instant)
    .addCheckConstraint(
      'payment_request_operation',
      sql`operation in ('sale', 'authorize', 'confirm', 'capture', 'void', 'refund')`,
    )
    .addCheckConstraint(
      'payment_request_state',
      sql`state in ('requested', 'sent', 'unknown', 'confirmed', 'failed')`,
    )
    .addCheckConstraint('payment_request_amount', sql`amount >= 0`)
    .execute()
  await db.schema
    .createIndex('payment_requests_by_payment')
    .on('payment_requests')
    .column('payment_id')
    .execute()
  await db.schema
    .createIndex('payment_requests_to_check')
    .on('payment_requests')
    .column('check_at')
    .where(sql.ref('state'), 'in', sql`('requested', 'sent', 'unknown')`)
    .execute()
}

async function createRefunds(db: Kysely<any>, c: Columns) {
  await db.schema
    .createTable('refunds')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('payment_id', c.id, (col) => col.notNull().references('payments.id'))
    .addColumn('order_id', c.id, (col) => col.notNull())
    .addColumn('kind', c.status, (col) => col.notNull())
    .addColumn('amount', c.amount, (col) => col.notNull())
    .addColumn('currency', c.text, (col) => col.notNull())
    .addColumn('reason', c.text)
    .addColumn('status', c.status, (col) => col.notNull())
    .addColumn('provider_ref', c.text)
    .addColumn('request_id', c.id, (col) => col.references('payment_requests.id').unique())
    .addColumn('failure_code', c.text)
    .addColumn('failure_message', c.text)
    .addColumn('created_by', c.text, (col) => col.notNull())
    .addColumn('created_at', c.instant, (col) => col.notNull())
    .addColumn('settled_at', c.instant)
    .addCheckConstraint('refund_kind', sql`kind in ('free_amount', 'reversal', 'external')`)
    .addCheckConstraint('refund_status', sql`status in ('pending', 'succeeded', 'failed')`)
    .addCheckConstraint('refund_amount', sql`amount > 0`)
    .execute()
  await db.schema.createIndex('refunds_by_payment').on('refunds').column('payment_id').execute()
  await db.schema.createIndex('refunds_by_order').on('refunds').column('order_id').execute()
}

async function createInbox(db: Kysely<any>, c: Columns) {
  await db.schema
    .createTable('payment_webhooks')
    .addColumn('id', c.id, (col) => col.notNull().primaryKey())
    .addColumn('provider', c.text, (col) => col.notNull())
    .addColumn('event_id', c.text, (col) => col.notNull())
    .addColumn('type', c.text, (col) => col.notNull())
    .addColumn('body', c.text, (col) => col.notNull())
    .addColumn('status', c.status, (col) => col.notNull())
    .addColumn('note', c.text)
    .addColumn('payment_id', c.id, (col) => col.references('payments.id'))
    .addColumn('attempts', c.integer, (col) => col.notNull())
    .addColumn('check_at', c.instant, (col) => col.notNull())
    .addColumn('received_at', c.instant, (col) => col.notNull())
    .addColumn('settled_at', c.instant)
    .addCheckConstraint(
      'payment_webhook_status',
      sql`status in ('received', 'applied', 'superseded', 'ignored', 'parked', 'given_up')`,
    )
    .addUniqueConstraint('payment_webhooks_by_event', ['provider', 'event_id'])
    .execute()
  await db.schema
    .createIndex('payment_webhooks_parked')
    .on('payment_webhooks')
    .columns(['check_at', 'id'])
    .where(sql.ref('status'), '=', sql`'parked'`)
    .execute()
}
