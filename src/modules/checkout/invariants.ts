import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'

export const checkoutInvariants = defineInvariants('checkout', {
  'I-04 a cart has at most one order, and its checkout says which': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select s.id, s.status, s.order_id, c.order_id as cart_order, o.cart_id
      from checkout_sessions as s
      join carts as c on c.id = s.cart_id
      left join orders as o on o.id = s.order_id
      where s.order_id is not null
        and (o.cart_id is null or o.cart_id <> s.cart_id or c.order_id is null
          or c.order_id <> s.order_id or c.closed_as <> 'converted')`.execute(ctx.session.kysely)
    return rows
  },

  'a complete checkout has its order, and the order of an open one waits to be paid': async (
    ctx,
  ) => {
    const { rows } = await sql<{ id: string }>`
      select s.id, s.status, o.status as order_status, o.payment_status
      from checkout_sessions as s left join orders as o on o.id = s.order_id
      where (s.status = 'complete' and o.id is null)
        or (s.status = 'complete' and s.total_amount > 0
          and o.payment_status in ('pending', 'failed')
          and o.status <> 'cancelled' and not exists (
            select 1 from payments as p where p.order_id = o.id and p.authorized_amount > 0))
        or (s.status = 'open' and o.id is not null
          and (o.payment_status in ('paid', 'authorized') or o.status = 'cancelled'))`.execute(
      ctx.session.kysely,
    )
    return rows
  },

  'what is held for a checkout belongs to an open one that has no order': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select r.id, r.reference_id, s.status, s.order_id from reservations as r
      left join checkout_sessions as s on cast(s.id as text) = r.reference_id
      where r.reference_type = 'checkout' and r.status in ('pending', 'confirmed')
        and (s.id is null or s.status <> 'open' or s.order_id is not null)`.execute(
      ctx.session.kysely,
    )
    return rows
  },

  'a cart with an open checkout is converting, or its order is placed': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select s.id, c.converting, c.closed_as from checkout_sessions as s
      join carts as c on c.id = s.cart_id
      where s.status = 'open' and s.order_id is null
        and (not c.converting or c.closed_as is not null)`.execute(ctx.session.kysely)
    return rows
  },
})
