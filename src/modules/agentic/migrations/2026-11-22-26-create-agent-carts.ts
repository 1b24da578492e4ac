import type { Migration } from '#platform/database/migrations'

export const createAgentCarts: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('agentic_carts')
      .addColumn('id', c.id, (col) => col.notNull().primaryKey())
      .addColumn('agent', c.text, (col) => col.notNull())
      .addColumn('document', c.json, (col) => col.notNull())
      .addColumn('expires_at', c.instant, (col) => col.notNull())
      .addColumn('canceled_at', c.instant)
      .addColumn('version', c.integer, (col) => col.notNull())
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .addColumn('updated_at', c.instant, (col) => col.notNull())
      .execute()
    await db.schema
      .createIndex('agentic_carts_by_expiry')
      .on('agentic_carts')
      .column('expires_at')
      .execute()
  },
}
