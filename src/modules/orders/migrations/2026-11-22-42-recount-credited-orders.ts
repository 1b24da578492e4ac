import { sql } from 'kysely'
import type { Migration } from '#platform/database/migrations'

/** What was given back as store credit counts as refunded: such orders are counted anew. */
export const recountCreditedOrders: Migration = {
  async up(db) {
    await sql`insert into order_recounts (id, order_id)
      select order_id, order_id from order_refunds where credit_amount > 0
      group by order_id on conflict (id) do nothing`.execute(db)
  },
}
