import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createAgentSessions: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('agent_sessions')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('agent', c.text, (col) => col.notNull())
      .addColumn('status', c.text, (col) => col.notNull())
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('total_amount', c.amount, (col) => col.notNull())
      .addColumn('document', c.json, (col) => col.notNull())
      .addColumn('told', c.json, (col) => col.notNull())
      .addColumn('customer_id', c.id, (col) => col.references('customers.id'))
      .addColumn('order_id', c.id, (col) => col.references('orders.id'))
      .addColumn('held_until', c.instant)
      .addColumn('expires_at', c.instant, (col) => col.notNull())
      .addColumn('ended_at', c.instant)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint(
        'agent_session_status',
        sql`status in ('not_ready_for_payment', 'ready_for_payment', 'authentication_required',
          'complete_in_progress', 'completed', 'canceled', 'expired')`,
      )
      .addCheckConstraint(
        'agent_session_order',
        sql`(order_id is not null)
          = (status in ('authentication_required', 'complete_in_progress', 'completed'))`,
      )
      .addCheckConstraint(
        'agent_session_ended',
        sql`(ended_at is not null) = (status in ('completed', 'canceled', 'expired'))`,
      )
      .addCheckConstraint('agent_session_holds', sql`ended_at is null or held_until is null`)
      .addCheckConstraint('agent_session_total', sql`total_amount >= 0`)
      .execute()
    // One session an order: a second one would be a second purchase of the same thing.
    await db.schema
      .createIndex('agent_sessions_by_order')
      .unique()
      .on('agent_sessions')
      .column('order_id')
      .where(sql`order_id is not null` as never)
      .execute()
    await db.schema
      .createIndex('agent_sessions_due')
      .on('agent_sessions')
      .column('expires_at')
      .where(sql`ended_at is null` as never)
      .execute()
    await db.schema
      .createIndex('agent_sessions_to_purge')
      .on('agent_sessions')
      .column('ended_at')
      .where(sql`ended_at is not null and order_id is null` as never)
      .execute()
    await db.schema
      .createIndex('agent_sessions_by_customer')
      .on('agent_sessions')
      .column('customer_id')
      .where(sql`customer_id is not null` as never)
      .execute()
  },
}
