import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'

export const feedInvariants = defineInvariants('feeds', {
  'what failed will be tried again': async (ctx) =>
    (
      await sql<object>`select product_id from feed_products
        where error is not null and due_at is null`.execute(ctx.session.kysely)
    ).rows,
})
