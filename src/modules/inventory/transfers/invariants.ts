import { sql } from 'kysely'
import type { Context } from '#platform/context'

const rowsOf = async (ctx: Context, query: ReturnType<typeof sql<{ id: string }>>) =>
  (await query.execute(ctx.session.kysely)).rows

export const transferChecks = {
  'I-24 a transfer conserves: what left arrived, was written off, went back or is on its way': (
    ctx: Context,
  ) =>
    rowsOf(
      ctx,
      sql<{ id: string }>`
        select t.id, t.status, l.* from transfers as t join (
          select transfer_id, count(*) as line_count, sum(quantity) as quantity,
            sum(shipped_quantity) as shipped, sum(received_quantity) as received,
            sum(lost_quantity) as lost, sum(returned_quantity) as returned
          from transfer_lines group by transfer_id) as l on l.transfer_id = t.id
        where l.line_count <> t.line_count or l.quantity <> t.quantity
          or l.shipped <> t.shipped_quantity or l.received <> t.received_quantity
          or l.lost <> t.lost_quantity or l.returned <> t.returned_quantity
          or (t.status = 'draft' and l.shipped <> 0)
          or (t.status = 'in_transit' and l.shipped = l.received + l.lost + l.returned)
          or (t.status in ('received', 'cancelled')
            and l.shipped <> l.received + l.lost + l.returned)`,
    ),

  'I-24 the ledger tells of a transfer what its lines do': (ctx: Context) =>
    rowsOf(
      ctx,
      sql<{ id: string }>`
        select id, item_id, sum(shipped) as shipped, sum(arrived) as arrived from (
          select cast(transfer_id as text) as id, item_id, shipped_quantity as shipped,
            received_quantity + returned_quantity as arrived from transfer_lines
          union all
          select reference_id, item_id,
            case when kind = 'transferred_out' then -quantity else 0 end,
            case when kind = 'transferred_in' then -quantity else 0 end
          from stock_movements
          where reference_type = 'transfer' and kind in ('transferred_out', 'transferred_in'))
          as entries
        group by id, item_id having sum(shipped) <> 0 or sum(arrived) <> 0`,
    ),

  'a planned transfer that holds stock holds what it plans where it leaves, any other nothing': (
    ctx: Context,
  ) =>
    rowsOf(
      ctx,
      sql<{ id: string }>`
        select id, item_id, location_id, sum(planned) as planned, sum(held) as held from (
          select cast(t.id as text) as id, l.item_id, t.from_location_id as location_id,
            l.quantity as planned, 0 as held
          from transfers as t join transfer_lines as l on l.transfer_id = t.id
          where t.holds_stock
          union all
          select reference_id, item_id, location_id, 0, quantity from reservations
          where reference_type = 'transfer' and status in ('pending', 'confirmed')) as both_sides
        group by id, item_id, location_id having sum(planned) <> sum(held)
        union all
        select cast(id as text), null, null, quantity, 0 from transfers
        where holds_stock and status <> 'draft'`,
    ),

  'I-24 the receipts of a transfer add up to its lines': (ctx: Context) =>
    rowsOf(
      ctx,
      sql<{ id: string }>`
        select l.id from transfer_lines as l left join (
          select transfer_line_id,
            sum(case when fate = 'received' then quantity else 0 end) as received,
            sum(case when fate = 'lost' then quantity else 0 end) as lost,
            sum(case when fate = 'returned' then quantity else 0 end) as returned
          from transfer_receipt_lines group by transfer_line_id) as r
          on r.transfer_line_id = l.id
        where l.received_quantity <> coalesce(r.received, 0)
          or l.lost_quantity <> coalesce(r.lost, 0)
          or l.returned_quantity <> coalesce(r.returned, 0)`,
    ),
}
