import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** Products of which each unit that is sold becomes a gift card. */
export const sellGiftCards: Migration = {
  async up(db, c) {
    await db.schema
      .alterTable('products')
      .addColumn('is_gift_card', c.boolean, (col) => col.notNull().defaultTo(sql`false`))
      .execute()
    await db.schema
      .alterTable('products')
      .addColumn('gift_card_valid_days', c.integer, (col) =>
        col.check(sql`gift_card_valid_days > 0`),
      )
      .execute()
  },
}
