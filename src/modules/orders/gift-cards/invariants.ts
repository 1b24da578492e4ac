import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'

export const giftCardInvariants = defineInvariants('orders', {
  'each paid unit of a gift card that is not given back has its card, and no other has': async (
    ctx,
  ) => {
    const { rows } = await sql<{ id: string }>`
      select l.id, l.order_id, l.quantity, l.cancelled_quantity, coalesce(r.refunded, 0) as refunded,
        coalesce(c.good, 0) as good, o.payment_status
      from order_lines as l
      join products as p on p.id = l.product_id and p.is_gift_card
      join orders as o on o.id = l.order_id
      left join (select order_line_id, sum(l.quantity) as refunded from order_refund_lines as l
          join order_refunds as f on f.id = l.order_refund_id and f.status <> 'failed'
          group by order_line_id) as r on r.order_line_id = l.id
      left join (select order_line_id, count(*) as good from order_gift_cards
          where voided_at is null group by order_line_id) as c on c.order_line_id = l.id
      where l.unit_amount > 0
        and ((c.good > 0 and c.good > l.quantity - l.cancelled_quantity - coalesce(r.refunded, 0))
          or (o.payment_status = 'paid'
            and coalesce(c.good, 0) < l.quantity - l.cancelled_quantity - coalesce(r.refunded, 0))
          or not o.has_gift_cards)`.execute(ctx.session.kysely)
    return rows
  },

  'a gift card is sold without tax': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select l.id, l.tax_amount from order_lines as l
      where l.tax_class = 'gift_card' and (coalesce(l.tax_amount, 0) <> 0
        or exists (select 1 from order_taxes as t where t.order_line_id = l.id))`.execute(
      ctx.session.kysely,
    )
    return rows
  },

  'only lines of gift cards have a recipient': async (ctx) => {
    const { rows } = await sql<{ order_line_id: string }>`
      select r.order_line_id from order_line_recipients as r
      left join order_lines as l on l.id = r.order_line_id
      left join products as p on p.id = l.product_id
      where p.is_gift_card is null or not p.is_gift_card`.execute(ctx.session.kysely)
    return rows
  },

  'a card that an order has made was issued once, for what its unit cost': async (ctx) => {
    const { rows } = await sql<{ order_line_id: string }>`
      select s.order_line_id, s.unit, s.amount, e.amount as issued
      from order_gift_cards as s
      left join credit_entries as e on e.account_id = s.account_id and e.kind = 'issued'
      where e.id is null or e.amount <> s.amount or e.order_id <> s.order_id`.execute(
      ctx.session.kysely,
    )
    return rows
  },
})
