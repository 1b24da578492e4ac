import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** Lets events be read in the order of their commits; see `database/commit-order.ts`. */
export const orderEvents: Migration = {
  async up(db, c) {
    // Rows that are there get this very transaction's number, without being written anew.
    const own = sql`(pg_current_xact_id()::text::bigint)`
    await db.schema
      .alterTable('events')
      .addColumn('written_in', c.integer, (col) =>
        c.engine === 'postgres' ? col.defaultTo(own) : col,
      )
      .execute()
    if (c.engine === 'postgres') {
      await db.schema
        .createIndex('events_in_commit_order')
        .on('events')
        .columns(['written_in', 'id'])
        .execute()
    }
    await db.schema
      .createTable('event_cursors')
      .addColumn('name', c.text, (col) => col.notNull().primaryKey())
      .addColumn('after_event_id', c.id)
      .addColumn('owner', c.text)
      .addColumn('lease_until', c.instant, (col) => col.notNull())
      .execute()
  },
}
