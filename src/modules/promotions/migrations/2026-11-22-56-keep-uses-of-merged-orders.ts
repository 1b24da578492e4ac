import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** Which order has the use of a promotion, since the one that redeemed it became part of it. */
export const keepUsesOfMergedOrders: Migration = {
  async up(db, c) {
    await db.schema.alterTable('promotion_redemptions').addColumn('merged_into_id', c.id).execute()
    await db.schema
      .createIndex('promotion_redemptions_by_merged_order')
      .on('promotion_redemptions')
      .column('merged_into_id')
      .where(sql.ref('merged_into_id'), 'is not', null)
      .execute()
  },
}
