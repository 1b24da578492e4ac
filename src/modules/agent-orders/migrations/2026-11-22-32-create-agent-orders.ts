import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

export const createAgentOrders: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('agent_orders')
      .addColumn('order_id', c.id, (col) => col.notNull().primaryKey().references('orders.id'))
      .addColumn('session_id', c.id, (col) => col.notNull().references('agent_sessions.id'))
      .addColumn('protocol', c.text, (col) => col.notNull())
      .addColumn('permalink_url', c.text, (col) => col.notNull())
      .addColumn('told_total', c.integer, (col) => col.notNull())
      .addColumn('told_hash', c.text, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .addCheckConstraint('agent_order_is_told', sql`told_total > 0`)
      .execute()
    await db.schema
      .createTable('agent_order_facts')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('order_id', c.id, (col) => col.notNull().references('agent_orders.order_id'))
      .addColumn('kind', c.status, (col) => col.notNull())
      .addColumn('shipment_id', c.id)
      .addColumn('type', c.text, (col) => col.notNull())
      .addColumn('status', c.text)
      .addColumn('amount', c.amount)
      .addColumn('currency', c.text)
      .addColumn('description', c.text)
      .addColumn('occurred_at', c.instant, (col) => col.notNull())
      .addCheckConstraint('agent_order_fact_kind', sql`kind in ('event', 'adjustment')`)
      .addCheckConstraint(
        'agent_order_fact_is_whole',
        sql`(kind = 'event') = (shipment_id is not null)
          and (kind = 'adjustment') = (amount is not null and currency is not null and status is not null)`,
      )
      .execute()
    await db.schema
      .createIndex('agent_order_facts_by_order')
      .on('agent_order_facts')
      .columns(['order_id', 'id'])
      .execute()
  },
}
