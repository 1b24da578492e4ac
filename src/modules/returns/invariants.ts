import { type RawBuilder, sql } from 'kysely'
import type { Context } from '#platform/context'
import { defineInvariants } from '#platform/invariants'

const found = async (ctx: Context, query: RawBuilder<object>): Promise<readonly object[]> =>
  (await query.execute(ctx.session.kysely)).rows

const INSPECTED = sql`l.restocked_quantity + l.quarantined_quantity + l.scrapped_quantity
  + l.sent_back_quantity`
const OPEN = sql`('Requested', 'Approved', 'PartiallyReceived')`

// An invariant may look at other modules' tables.
export const returnInvariants = defineInvariants('returns', {
  'I-40 what returns hold and claims keep of a line has left': (ctx) =>
    found(
      ctx,
      sql`select h.order_line_id, sum(h.held) as held, max(o.fulfilled_quantity) as fulfilled
        from (select order_line_id, received_quantity - sent_back_quantity as held
            from return_lines
          union all select order_line_id, kept_quantity from claim_lines) as h
        join order_lines as o on o.id = h.order_line_id
        group by h.order_line_id having sum(h.held) > max(o.fulfilled_quantity)`,
    ),

  'I-40 a line counts as returned what came and stayed, or came back undelivered': (ctx) =>
    found(
      ctx,
      sql`select o.id, o.returned_quantity, h.here, coalesce(b.undelivered, 0) as undelivered
        from order_lines as o
        join (select order_line_id, sum(received_quantity - sent_back_quantity) as here
          from return_lines group by order_line_id) as h on h.order_line_id = o.id
        left join (select order_line_id, sum(returned_quantity) as undelivered
          from shipment_lines where returned_quantity > 0 group by order_line_id) as b
          on b.order_line_id = o.id
        where o.returned_quantity < h.here
          or o.returned_quantity > h.here + coalesce(b.undelivered, 0)`,
    ),

  'I-40 a line holds what may come or has come, and nothing once it is refused': (ctx) =>
    found(
      ctx,
      sql`select l.id, r.status, l.held_quantity from return_lines as l
        join returns as r on r.id = l.return_id
        where l.held_quantity <> case
          when r.deleted_at is not null or r.status in ('Rejected', 'Cancelled') then 0
          when r.status in ${OPEN} and l.quantity > l.received_quantity
            then l.quantity - l.sent_back_quantity
          else l.received_quantity - l.sent_back_quantity end`,
    ),

  'I-41 what was received is restocked, quarantined, scrapped or sent back, or waits': (ctx) =>
    found(
      ctx,
      sql`select l.id, l.received_quantity, w.received, w.waiting from return_lines as l
        left join (select return_line_id, sum(quantity) as received,
            sum(waiting_quantity) as waiting
          from return_receipt_lines group by return_line_id) as w on w.return_line_id = l.id
        where l.received_quantity <> coalesce(w.received, 0)
          or l.received_quantity <> ${INSPECTED} + coalesce(w.waiting, 0)`,
    ),

  'I-41 a return that is over has nothing that waits': (ctx) =>
    found(
      ctx,
      sql`select r.id, r.status, l.id as return_line_id from returns as r
        join return_lines as l on l.return_id = r.id
        where r.status in ('Refunded', 'Completed') and l.received_quantity <> ${INSPECTED}`,
    ),

  'I-41 a line counts what was decided on its units': (ctx) =>
    found(
      ctx,
      sql`select l.id from return_lines as l
        left join (select return_line_id,
            sum(case when disposition = 'restock' then quantity else 0 end) as restocked,
            sum(case when disposition = 'quarantine' then quantity else 0 end) as quarantined,
            sum(case when disposition = 'scrap' then quantity else 0 end) as scrapped,
            sum(case when disposition = 'send_back' then quantity else 0 end) as sent_back,
            sum(accepted_quantity) as accepted
          from return_dispositions group by return_line_id) as d on d.return_line_id = l.id
        where l.restocked_quantity <> coalesce(d.restocked, 0)
          or l.quarantined_quantity <> coalesce(d.quarantined, 0)
          or l.scrapped_quantity <> coalesce(d.scrapped, 0)
          or l.sent_back_quantity <> coalesce(d.sent_back, 0)
          or l.accepted_quantity <> coalesce(d.accepted, 0)`,
    ),

  'I-41 the stock ledger took in what was received of tracked items': (ctx) =>
    found(
      ctx,
      sql`select l.return_id, l.item_id, l.received, m.received as booked
        from (select return_id, item_id, sum(received_quantity) as received from return_lines
          where item_id is not null group by return_id, item_id) as l
        left join (select reference_id, item_id, sum(quantity) as received from stock_movements
          where reference_type = 'return' and kind = 'returned' group by reference_id, item_id) as m
          on m.reference_id = cast(l.return_id as text) and m.item_id = l.item_id
        where l.received <> coalesce(m.received, 0)`,
    ),

  'I-42 what is paid back is the share of accepted units less fees': (ctx) =>
    found(
      ctx,
      sql`select p.order_refund_id, p.amount, f.amount as refunded, f.fee_amount
        from return_refunds as p join order_refunds as f on f.id = p.order_refund_id
        left join (select order_refund_id, sum(amount) as amount, sum(fee_amount) as fee_amount
          from return_refund_lines group by order_refund_id) as l
          on l.order_refund_id = p.order_refund_id
        where p.amount <> f.amount or p.status <> f.status or f.return_id <> p.return_id
          or f.items_amount <> coalesce(l.amount, 0)
          or p.restocking_fee_amount <> coalesce(l.fee_amount, 0)
          or f.fee_amount <> p.restocking_fee_amount + p.label_fee_amount`,
    ),

  'I-42 no unit is paid back that was not accepted': (ctx) =>
    found(
      ctx,
      sql`select l.id, l.accepted_quantity, sum(p.quantity) as paid from return_lines as l
        join return_refund_lines as p on p.return_line_id = l.id
        join return_refunds as f on f.order_refund_id = p.order_refund_id
        join order_refunds as o on o.id = f.order_refund_id
        where f.status <> 'failed' and o.failed_at is null
        group by l.id, l.accepted_quantity having sum(p.quantity) > l.accepted_quantity`,
    ),

  'a return is refunded when all that was accepted is paid back': (ctx) =>
    found(
      ctx,
      sql`select r.id, r.status, l.accepted, p.paid from returns as r
        join (select return_id, sum(accepted_quantity) as accepted from return_lines
          group by return_id) as l on l.return_id = r.id
        left join (select f.return_id, sum(i.quantity) as paid from return_refunds as f
          join return_refund_lines as i on i.order_refund_id = f.order_refund_id
          where f.status = 'succeeded' group by f.return_id) as p on p.return_id = r.id
        where r.status = 'Refunded' and l.accepted <> coalesce(p.paid, 0)`,
    ),
})
