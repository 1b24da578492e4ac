import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/**
 * The same events in the index as before, told by one comparison: SQLite made a table of the list
 * of states for each event that it wrote.
 */
export const findUndeliveredEvents: Migration = {
  async up(db) {
    await db.schema.dropIndex('events_undelivered').execute()
    await db.schema
      .createIndex('events_undelivered')
      .on('events')
      .column('id')
      .where(sql.ref('status'), '<>', sql`'delivered'`)
      .execute()
  },
}
