import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'

export const deskInvariants = defineInvariants('orders', {
  'an order is on hold while, and only while, a hold of it is open': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select o.id, o.status, h.holds from orders as o
      left join (select order_id, count(*) as holds from order_holds
        where released_at is null group by order_id) as h on h.order_id = o.id
      where (o.status = 'on_hold') <> (h.holds is not null)`.execute(ctx.session.kysely)
    return rows
  },

  'all open holds of an order lead back to the same state': async (ctx) => {
    const { rows } = await sql<{ order_id: string }>`
      select order_id from order_holds where released_at is null
      group by order_id having count(distinct held_from) > 1`.execute(ctx.session.kysely)
    return rows
  },
})
