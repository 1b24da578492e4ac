import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'
import { db } from './tables.ts'

// An invariant may look at other modules' tables; nothing else here may.
export const orderInvariants = defineInvariants('orders', {
  'I-02 the total is the sum of the parts': async (ctx) => {
    // Where no tax was looked at, a line's gross is its total.
    const { rows } = await sql<{ id: string }>`
      select o.id, o.total_amount, l.total, l.gross, f.gross as fees from orders as o
      left join (
        select order_id, sum(total_amount) as total, sum(discount_amount) as discount,
          sum(coalesce(gross_amount, total_amount - discount_amount)) as gross,
          sum(coalesce(net_amount, total_amount - discount_amount)) as net,
          sum(coalesce(tax_amount, 0)) as tax,
          sum(case when gross_amount is null then 0 else 1 end) as taxed, count(*) as lines
        from order_lines group by order_id) as l on l.order_id = o.id
      left join (
        select order_id, sum(base_amount) as base, sum(discount_amount) as discount,
          sum(gross_amount) as gross, sum(net_amount) as net, sum(tax_amount) as tax
        from order_fees group by order_id) as f on f.order_id = o.id
      where l.lines is null
        or o.total_amount <> l.gross + coalesce(f.gross, 0)
        or o.total_amount <> l.net + coalesce(f.net, 0) + o.tax_amount
        or o.tax_amount <> l.tax + coalesce(f.tax, 0)
        or o.discount_amount <> l.discount + coalesce(f.discount, 0)
        or o.shipping_amount <> coalesce(f.base, 0)
        or coalesce(o.subtotal_amount, o.total_amount) <> l.total
        or l.taxed <> case when o.tax_status = 'computed' then l.lines else 0 end`.execute(
      ctx.session.kysely,
    )
    return rows
  },

  'I-02 a price without tax has it added, a price with tax contains it': async (ctx) => {
    const { rows } = await sql<{ order_id: string }>`
      select p.order_id, p.base, p.discount, p.net, p.tax, p.gross from (
        select order_id, total_amount as base, discount_amount as discount, net_amount as net,
          tax_amount as tax, gross_amount as gross
        from order_lines where gross_amount is not null
        union all select order_id, base_amount, discount_amount, net_amount, tax_amount,
          gross_amount from order_fees) as p
      join orders as o on o.id = p.order_id
      where p.gross <> p.net + p.tax or p.net < 0
        or (case when o.prices_include_tax then p.gross else p.net end) <> p.base - p.discount`.execute(
      ctx.session.kysely,
    )
    return rows
  },

  'I-02 every part but a gift card has its taxes, with reason and jurisdiction': async (ctx) => {
    const { rows } = await sql<{ order_id: string }>`
      select p.order_id, p.tax, t.amount, t.taxes from (
        select order_id, id as line_id, -1 as fee, net_amount as net, tax_amount as tax
        from order_lines
        where gross_amount is not null and coalesce(tax_class, '') <> 'gift_card'
        union all select f.order_id, null, f.position, f.net_amount, f.tax_amount
        from order_fees as f join orders as o on o.id = f.order_id
        where o.tax_status = 'computed') as p
      left join (
        select order_id, order_line_id, coalesce(fee_position, -1) as fee, sum(amount) as amount,
          max(taxable_amount) as most, min(taxable_amount) as least, count(*) as taxes
        from order_taxes group by order_id, order_line_id, coalesce(fee_position, -1)) as t
        on t.order_id = p.order_id and t.fee = p.fee
          and (t.order_line_id = p.line_id or (t.order_line_id is null and p.line_id is null))
      where t.taxes is null or t.amount <> p.tax or t.most <> p.net or t.least <> p.net`.execute(
      ctx.session.kysely,
    )
    return rows
  },

  'I-03 the shares of a discount are the discount': async (ctx) => {
    const { rows } = await sql<{ order_id: string }>`
      select d.order_id, d.position, d.amount, s.amount as shares from order_discounts as d
      left join (
        select order_id, discount_position, sum(amount) as amount from order_discount_shares
        group by order_id, discount_position) as s
        on s.order_id = d.order_id and s.discount_position = d.position
      where d.amount <> coalesce(s.amount, 0)`.execute(ctx.session.kysely)
    return rows
  },

  'I-03 no discount exceeds what it is taken off': async (ctx) => {
    const { rows } = await sql<{ order_id: string }>`
      select p.order_id, p.base, p.discount, s.amount as shares from (
        select order_id, id as line_id, -1 as fee, total_amount as base,
          discount_amount as discount from order_lines
        union all select order_id, null, position, base_amount, discount_amount
        from order_fees) as p
      left join (
        select order_id, order_line_id, coalesce(fee_position, -1) as fee, sum(amount) as amount
        from order_discount_shares
        group by order_id, order_line_id, coalesce(fee_position, -1)) as s
        on s.order_id = p.order_id and s.fee = p.fee
          and (s.order_line_id = p.line_id or (s.order_line_id is null and p.line_id is null))
      where p.discount > p.base or p.discount <> coalesce(s.amount, 0)`.execute(ctx.session.kysely)
    return rows
  },

  'I-04 an order of a cart is the only one of it': (ctx) =>
    db(ctx)
      .selectFrom('orders')
      .select(['cart_id', (eb) => eb.fn.countAll<number>().as('orders')])
      .where('cart_id', 'is not', null)
      .groupBy('cart_id')
      .having((eb) => eb.fn.countAll(), '>', 1)
      .execute(),

  'I-07 the payment status is what the payments say': async (ctx) => {
    const { rows } = await sql<{ id: string; payment_status: string; computed: string }>`
      select * from (
        select o.id, o.payment_status, case
          when p.captured > 0 and p.refunded >= p.captured then 'refunded'
          when p.refunded > 0 then 'partially_refunded'
          when p.captured >= o.owed and p.captured > 0 then 'paid'
          when p.captured > 0 then 'partially_paid'
          when o.owed = 0 then 'paid'
          when p.held > 0 then 'authorized'
          else 'none' end as computed
        from (select id, payment_status, total_amount
            - case when cancelled_at is null then cancelled_amount else 0 end as owed
          from orders) as o left join (
          select order_id, sum(captured_amount - parted_amount) as captured,
            sum(refunded_amount) as refunded,
            sum(authorized_amount - captured_amount - voided_amount) as held
          from payments group by order_id) as p on p.order_id = o.id) as stated
      where payment_status <> computed
        and not (computed = 'none' and payment_status in ('pending', 'failed'))`.execute(
      ctx.session.kysely,
    )
    return rows
  },

  'an open order holds exactly the stock of its open units, any other holds none': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select d.id, d.item_id, d.wanted, coalesce(r.held, 0) as held from (
        select o.id, l.item_id, sum(case
          when o.status in ('pending', 'confirmed', 'processing', 'on_hold')
            then l.quantity - l.cancelled_quantity - l.fulfilled_quantity
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

  'no cancelled order has uses of promotions, also not those of orders that became part of it':
    async (ctx) => {
      const { rows } = await sql<{ id: string }>`
        select r.id, o.id as order_id from promotion_redemptions as r
        join orders as o on o.id = coalesce(r.merged_into_id, r.order_id)
        where r.given_back_at is null and o.cancelled_at is not null`.execute(ctx.session.kysely)
      return rows
    },

  // What was said when the order was placed or edited is what stands: nothing changes it quietly.
  // Left joins, so that SQLite goes from orders to events: the other way is not indexed.
  'I-08 the total is the one that its last event names': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select o.id, o.total_amount, e.name, e.payload ->> 'total_amount' as said from orders as o
      left join (
        select entity_id, max(sequence) as sequence from events
        where entity_type = 'order' and payload ->> 'total_amount' is not null
        group by entity_id) as last on last.entity_id = cast(o.id as text)
      left join events as e on e.entity_id = last.entity_id and e.sequence = last.sequence
      where cast(e.payload ->> 'total_amount' as bigint) <> o.total_amount
        or e.payload ->> 'currency' <> o.currency`.execute(ctx.session.kysely)
    return rows
  },
})
