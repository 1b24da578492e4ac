import type { Migration } from '#platform/database/migrations'

/** A transfer that is planned may hold its units until they leave. */
export const holdForTransfers: Migration = {
  async up(db, c) {
    await db.schema
      .alterTable('transfers')
      .addColumn('holds_stock', c.boolean, (col) => col.notNull().defaultTo(false))
      .execute()
  },
}
