import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'

export const wooInvariants = defineInvariants('woocommerce', {
  'what is one with something of WooCommerce is there': async (ctx) => {
    const { rows } = await sql<{ subject: string }>`
      select r.kind, r.external_id, r.entity_id from woo_refs as r
      left join products as p on r.kind = 'product' and p.id = r.entity_id
      left join product_variants as v on r.kind = 'variant' and v.id = r.entity_id
      left join orders as o on r.kind = 'order' and o.id = r.entity_id
      left join categories as c on r.kind = 'category' and c.id = r.entity_id
      where coalesce(p.id, v.id, o.id, c.id) is null`.execute(ctx.session.kysely)
    return rows
  },

  'an order was sent to WooCommerce by one sync at most': async (ctx) => {
    const { rows } = await sql<{ subject: string }>`
      select subject, count(*) as times from woo_syncs
      where kind = 'order' and outcome = 'created'
      group by subject having count(*) > 1`.execute(ctx.session.kysely)
    return rows
  },
})
