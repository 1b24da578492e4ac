import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'

// An invariant may look at other modules' tables.
export const refundInvariants = defineInvariants('orders', {
  'I-13 a refund is its lines, shipping and goodwill less its fee, and its parts and its credit':
    async (ctx) => {
      const { rows } = await sql<{ id: string }>`
      select r.id, r.amount, r.credit_amount, l.amount as lines, p.amount as parts from order_refunds as r
      left join (select order_refund_id, sum(amount) as amount from order_refund_lines
        group by order_refund_id) as l on l.order_refund_id = r.id
      left join (select order_refund_id, sum(amount) as amount from order_refund_parts
        where retried_at is null group by order_refund_id) as p on p.order_refund_id = r.id
      where r.items_amount <> coalesce(l.amount, 0)
        or r.amount <> r.items_amount + r.shipping_amount + r.goodwill_amount - r.fee_amount
        or r.amount <> r.credit_amount + coalesce(p.amount, 0)`.execute(ctx.session.kysely)
      return rows
    },

  'I-13 no unit, and no shipping, is refunded twice': async (ctx) => {
    // A refund that failed freed its units; should it come true after all, both are told.
    const standing = sql`r.status <> 'failed' and r.failed_at is null`
    const { rows } = await sql<{ id: string }>`
      select o.id, o.quantity, sum(l.quantity) as refunded, sum(l.amount) as amount
      from order_refunds as r join order_refund_lines as l on l.order_refund_id = r.id
      join order_lines as o on o.id = l.order_line_id
      where ${standing}
      group by o.id, o.quantity, o.gross_amount, o.total_amount, o.discount_amount
      having sum(l.quantity) > o.quantity
        or sum(l.amount) > coalesce(o.gross_amount, o.total_amount - o.discount_amount)
        or (sum(l.quantity) = o.quantity
          and sum(l.amount) < coalesce(o.gross_amount, o.total_amount - o.discount_amount))
      union all
      select r.order_id, 0, 0, sum(r.shipping_amount) from order_refunds as r
      where ${standing} group by r.order_id
      having sum(r.shipping_amount) > coalesce((select sum(f.gross_amount) from order_fees as f
        where f.order_id = r.order_id and f.kind = 'shipping'), 0)`.execute(ctx.session.kysely)
    return rows
  },

  'a refund stands as its parts stand, and they as the refunds of their payments': async (ctx) => {
    const { rows } = await sql<object>`
      select p.refund_id, p.status, f.status as payment_status from order_refund_parts as p
      left join refunds as f on f.id = p.refund_id
      where f.id is null or f.status <> p.status or f.amount <> p.amount
        or f.payment_id <> p.payment_id or f.kind <> 'order_refund'
      union all
      select r.id, r.status, s.status from order_refunds as r join (
        select r.id, case
          when sum(case when p.status = 'pending' then 1 else 0 end) > 0 then 'pending'
          when sum(case when p.status = 'failed' then 1 else 0 end) = 0 then 'succeeded'
          when sum(case when p.status = 'failed' then 1 else 0 end) = count(p.refund_id)
            and max(r.credit_amount) = 0 then 'failed'
          else 'partly_failed' end as status
        from order_refunds as r
        left join order_refund_parts as p on p.order_refund_id = r.id and p.retried_at is null
        group by r.id) as s on s.id = r.id
      where s.status <> r.status`.execute(ctx.session.kysely)
    return rows
  },

  'what a refund gave as store credit stands in the ledger of credit': async (ctx) => {
    const { rows } = await sql<object>`
      select r.id, r.credit_amount, c.amount from order_refunds as r
      left join (select coalesce(cast(p.order_refund_id as text), e.reference_id) as refund_id,
          sum(e.amount) as amount
        from credit_entries as e
        left join order_refund_parts as p on e.reference_type = 'order_refund_part'
          and cast(p.refund_id as text) = e.reference_id
        where e.reference_type in ('order_refund', 'order_refund_part') group by 1) as c
        on c.refund_id = cast(r.id as text)
      where r.credit_amount <> coalesce(c.amount, 0)`.execute(ctx.session.kysely)
    return rows
  },

  'I-14 an order is never given back more than it paid': async (ctx) => {
    const { rows } = await sql<object>`
      select order_id, sum(captured_amount - parted_amount) as captured,
        sum(refunded_amount) as refunded
      from payments group by order_id
      having sum(refunded_amount) > sum(captured_amount - parted_amount)`.execute(
      ctx.session.kysely,
    )
    return rows
  },
})
