import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

// A kind of refund more. SQLite cannot change a CHECK, so on both engines the table is made anew.
const NEXT = 'refunds_with_orders'

export const nameOrderRefunds: Migration = {
  async up(db, c) {
    await db.schema
      .createTable(NEXT)
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
      .addCheckConstraint(
        'refund_kind',
        sql`kind in ('free_amount', 'order_refund', 'reversal', 'external')`,
      )
      .addCheckConstraint('refund_status', sql`status in ('pending', 'succeeded', 'failed')`)
      .addCheckConstraint('refund_amount', sql`amount > 0`)
      .execute()
    const columns = sql`id, payment_id, order_id, kind, amount, currency, reason, status,
      provider_ref, request_id, failure_code, failure_message, created_by, created_at, settled_at`
    await sql`insert into ${sql.table(NEXT)} (${columns}) select ${columns} from refunds`.execute(
      db,
    )
    await db.schema.dropTable('refunds').execute()
    await db.schema.alterTable(NEXT).renameTo('refunds').execute()
    await db.schema.createIndex('refunds_by_payment').on('refunds').column('payment_id').execute()
    await db.schema.createIndex('refunds_by_order').on('refunds').column('order_id').execute()
  },
}
