import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/**
 * Which draft an order was made of: one order a draft, however often and by whomever it is placed.
 */
export const nameDrafts: Migration = {
  async up(db, c) {
    await db.schema.alterTable('orders').addColumn('draft_id', c.id).execute()
    await db.schema
      .createIndex('orders_by_draft')
      .on('orders')
      .column('draft_id')
      .unique()
      .where(sql`draft_id is not null` as never)
      .execute()
  },
}
