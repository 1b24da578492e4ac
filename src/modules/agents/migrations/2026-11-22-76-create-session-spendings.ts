import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** Sessions of protocols count against what their agent may spend, as carts do. */
export const createSessionSpendings: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('agent_session_spendings')
      .addColumn('session_id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('agent_id', c.id, (col) => col.notNull().references('agents.id'))
      .addColumn('currency', c.text, (col) => col.notNull())
      .addColumn('amount', c.amount, (col) => col.notNull())
      .addColumn('day', c.text, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addCheckConstraint('agent_session_spending_amount', sql`amount >= 0`)
      .modifyEnd(c.keyed)
      .execute()
  },
}
