import type { Migration } from '#platform/database/migrations'

export const createUcp: Migration = {
  async up(db, c) {
    await db.schema
      .createTable('ucp_checkouts')
      .addColumn('session_id', c.id, (col) =>
        col.notNull().primaryKey().references('agent_sessions.id'),
      )
      .addColumn('agent', c.text, (col) => col.notNull())
      .addColumn('version', c.text, (col) => col.notNull())
      .addColumn('profile_url', c.text, (col) => col.notNull())
      .addColumn('webhook_url', c.text)
      .addColumn('created_at', c.instant, (col) => col.notNull())
      .execute()
  },
}
