import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'

export const hostedInvariants = defineInvariants('hosted checkouts', {
  'what was charged on a page is what its order comes to': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select h.id, h.paid_amount, o.total_amount from hosted_checkouts as h
      join orders as o on o.id = h.order_id
      where h.status = 'complete' and h.payment_status = 'paid'
        and h.paid_amount <> h.amount`.execute(ctx.session.kysely)
    return rows
  },

  'what was paid on a page is a payment of its order': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select h.id, h.payment_ref, h.order_id from hosted_checkouts as h
      left join payments as p on p.provider = h.provider and p.provider_ref = h.payment_ref
      where h.payment_status = 'paid' and h.order_id is not null
        and (p.id is null or p.order_id <> h.order_id)`.execute(ctx.session.kysely)
    return rows
  },

  'a page that can be paid belongs to a checkout that is open': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select h.id, h.status, s.status as checkout from hosted_checkouts as h
      join checkout_sessions as s on s.id = h.checkout_id
      where h.status in ('opening', 'open') and s.status <> 'open'`.execute(ctx.session.kysely)
    return rows
  },
})
