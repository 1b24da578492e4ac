import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'
import { db } from './tables.ts'

// An invariant may look at other modules' tables; nothing else here may.
export const orderInvariants = defineInvariants('orders', {
  'I-02 the total is the sum of the lines': (ctx) =>
    db(ctx)
      .with('sums', (q) =>
        q
          .selectFrom('order_lines')
          .select(['order_id', (eb) => eb.fn.sum<number>('total_amount').as('lines')])
          .groupBy('order_id'),
      )
      .selectFrom('orders as o')
      .leftJoin('sums as s', 's.order_id', 'o.id')
      .select(['o.id', 'o.total_amount', 's.lines'])
      .where(sql<boolean>`o.total_amount <> coalesce(s.lines, -1)`)
      .execute(),

  'I-07 the payment status is what the payments say': async (ctx) => {
    const { rows } = await sql<{ id: string; payment_status: string; computed: string }>`
      select * from (
        select o.id, o.payment_status, case
          when p.captured > 0 and p.refunded >= p.captured then 'refunded'
          when p.refunded > 0 then 'partially_refunded'
          when p.captured >= o.total_amount and p.captured > 0 then 'paid'
          when p.captured > 0 then 'partially_paid'
          when p.held > 0 then 'authorized'
          else 'none' end as computed
        from orders as o left join (
          select order_id, sum(captured_amount) as captured, sum(refunded_amount) as refunded,
            sum(authorized_amount - captured_amount - voided_amount) as held
          from payments group by order_id) as p on p.order_id = o.id) as stated
      where payment_status <> computed
        and not (computed = 'none' and payment_status in ('pending', 'failed'))`.execute(
      ctx.session.kysely,
    )
    return rows
  },

  'an open order holds exactly the stock it needs, any other holds none': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select d.id, d.item_id, d.wanted, coalesce(r.held, 0) as held from (
        select o.id, l.item_id, sum(case
          when o.fulfillment_status = 'fulfilled' then 0
          when o.status in ('pending', 'confirmed', 'processing', 'on_hold') then l.quantity
          else 0 end) as wanted
        from orders as o join order_lines as l on l.order_id = o.id
        where l.item_id is not null group by o.id, l.item_id) as d
      left join (
        select reference_id, item_id, sum(quantity) as held from reservations
        where reference_type = 'order' and status in ('pending', 'confirmed')
        group by reference_id, item_id) as r
        on r.reference_id = cast(d.id as text) and r.item_id = d.item_id
      where d.wanted <> coalesce(r.held, 0)`.execute(ctx.session.kysely)
    return rows
  },

  'a paid order holds its stock for good': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select o.id from orders as o join reservations as r
        on r.reference_id = cast(o.id as text) and r.reference_type = 'order'
      where o.payment_status = 'paid' and o.status <> 'pending' and r.status = 'pending'`.execute(
      ctx.session.kysely,
    )
    return rows
  },
})
