import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** In which storefront a cart is filled: its taxes and shipping follow from that. */
export const addChannelsToCarts: Migration = {
  async up(db, c) {
    await db.schema
      .alterTable('carts')
      .addColumn('channel', c.text, (col) => col.check(sql`channel in ('ecommerce', 'shop')`))
      .execute()
  },
}
