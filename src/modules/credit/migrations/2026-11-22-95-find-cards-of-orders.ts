import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** Which gift cards an order has sold: staff looks at them when its money went back. */
export const findCardsOfOrders: Migration = {
  async up(db) {
    await db.schema
      .createIndex('credit_entries_of_sold_cards')
      .on('credit_entries')
      .columns(['order_id', 'account_id'])
      .where(sql`kind = 'issued' and order_id is not null` as never)
      .execute()
  },
}
