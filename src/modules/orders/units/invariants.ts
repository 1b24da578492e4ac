import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'

export const unitInvariants = defineInvariants('orders', {
  'I-01 ordered = cancelled + open + fulfilled for every line, each at least 0': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select id, quantity, cancelled_quantity, fulfilled_quantity, returned_quantity
      from order_lines
      where cancelled_quantity < 0 or fulfilled_quantity < 0 or returned_quantity < 0
        or quantity - cancelled_quantity - fulfilled_quantity < 0
        or returned_quantity > fulfilled_quantity`.execute(ctx.session.kysely)
    return rows
  },

  'I-01 what is cancelled of a line is the share of its cancelled units': async (ctx) => {
    // In whole numbers throughout: gross × cancelled may be more than an integer holds.
    const { rows } = await sql<{ id: string }>`
      select * from (
        select id, cancelled_quantity, cancelled_amount, quantity,
          coalesce(gross_amount, total_amount - discount_amount) as gross from order_lines
        where cancelled_quantity > 0) as l
      where cancelled_amount <> (gross / quantity) * cancelled_quantity
        + ((gross % quantity) * cancelled_quantity) / quantity`.execute(ctx.session.kysely)
    return rows
  },

  'I-01 what is cancelled of an order is what is cancelled of its lines, or all of it': async (
    ctx,
  ) => {
    const { rows } = await sql<{ id: string }>`
      select o.id, o.cancelled_amount, l.amount, l.open from orders as o left join (
        select order_id, sum(cancelled_amount) as amount,
          sum(quantity - cancelled_quantity) as open
        from order_lines group by order_id) as l on l.order_id = o.id
      where case when o.cancelled_at is null then o.cancelled_amount <> l.amount or l.open = 0
        else o.cancelled_amount <> o.total_amount or l.open <> 0 end`.execute(ctx.session.kysely)
    return rows
  },

  'I-07 fulfilment and return status are what the lines say': async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select * from (
        select o.id, o.status, o.fulfillment_status, o.return_status, l.open,
          case when l.fulfilled = 0 then 'unfulfilled' when l.open = 0 then 'fulfilled'
            else 'partially_fulfilled' end as fulfilment,
          case when l.returned = 0 then 'none' when l.returned = l.fulfilled then 'returned'
            else 'partially_returned' end as returns
        from orders as o join (
          select order_id, sum(fulfilled_quantity) as fulfilled, sum(returned_quantity) as returned,
            sum(quantity - cancelled_quantity - fulfilled_quantity) as open
          from order_lines group by order_id) as l on l.order_id = o.id) as stated
      where fulfillment_status <> fulfilment or return_status <> returns
        or (status in ('shipped', 'delivered') and open <> 0)`.execute(ctx.session.kysely)
    return rows
  },
})
