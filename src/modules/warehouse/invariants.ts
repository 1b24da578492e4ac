import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { defineInvariants } from '#platform/invariants'

const rowsOf = async (ctx: Context, query: ReturnType<typeof sql<object>>) =>
  (await query.execute(ctx.session.kysely)).rows

// An invariant may look at other modules' tables; nothing else here may.
const KEPT = sql`(select l.item_id, l.location_id, 'sellable' as state, l.on_hand as quantity
    from stock_levels as l
    union all
    select s.item_id, s.location_id, s.state, s.quantity from stock_states as s)`

const SERIALS = sql`('serial', 'lot_and_serial')`
const LOTS = sql`('lot', 'lot_and_serial')`

export const warehouseInvariants = defineInvariants('warehouse', {
  'I-20 what lies in places, lots and bins adds up to the level, for each state': (ctx) =>
    rowsOf(
      ctx,
      sql<object>`
        with places as (
          select item_id, location_id, state, sum(quantity) as quantity
          from lot_levels group by item_id, location_id, state)
        select k.item_id, k.location_id, k.state, k.quantity, p.quantity as placed
        from ${KEPT} as k
        left join places as p on p.item_id = k.item_id and p.location_id = k.location_id
          and p.state = k.state
        left join item_tracking as t on t.item_id = k.item_id and t.tracking <> 'none'
        left join binned_locations as b on b.location_id = k.location_id
        where (t.item_id is not null or b.location_id is not null)
          and k.quantity <> coalesce(p.quantity, 0)`,
    ),

  'I-20 nothing lies in a place where there is no level': (ctx) =>
    rowsOf(
      ctx,
      sql<object>`
        select p.item_id, p.location_id, p.state, p.quantity from lot_levels as p
        left join ${KEPT} as k on k.item_id = p.item_id and k.location_id = p.location_id
          and k.state = p.state
        where p.quantity > 0 and k.item_id is null`,
    ),

  'I-20 the ledger of places adds up to what lies there': (ctx) =>
    rowsOf(
      ctx,
      sql<object>`
        with ledger as (
          select item_id, location_id, state,
            coalesce(cast(bin_id as text), '') || '/' || coalesce(cast(lot_id as text), '') as spot,
            sum(quantity_delta) as quantity
          from lot_movements group by 1, 2, 3, 4)
        select l.item_id, l.location_id, l.state, l.spot, l.quantity, m.quantity as moved
        from lot_levels as l left join ledger as m on m.item_id = l.item_id
          and m.location_id = l.location_id and m.state = l.state and m.spot = l.spot
        where l.quantity <> coalesce(m.quantity, 0)`,
    ),

  'units of an item with lots are of a lot of that item, others of none': (ctx) =>
    rowsOf(
      ctx,
      sql<object>`
        select l.item_id, l.location_id, l.spot, l.quantity from lot_levels as l
        left join item_tracking as t on t.item_id = l.item_id
        left join lots as o on o.id = l.lot_id
        where l.quantity > 0 and (
          (coalesce(t.tracking, 'none') in ${LOTS}) <> (l.lot_id is not null)
          or o.item_id <> l.item_id)`,
    ),

  'units lie in a bin of their own location, which keeps bins': (ctx) =>
    rowsOf(
      ctx,
      sql<object>`
        select l.item_id, l.location_id, l.bin_id from lot_levels as l
        join bins as b on b.id = l.bin_id
        left join binned_locations as p on p.location_id = l.location_id
        where l.quantity > 0 and (b.location_id <> l.location_id or b.archived_at is not null
          or p.location_id is null)`,
    ),

  'I-25 every unit of an item with serial numbers has one, in the place where it lies': (ctx) =>
    rowsOf(
      ctx,
      sql<object>`
        with numbered as (
          select item_id, location_id, state,
            coalesce(cast(bin_id as text), '') || '/' || coalesce(cast(lot_id as text), '') as spot,
            count(*) as quantity
          from serials where status = 'in_stock' group by 1, 2, 3, 4),
        placed as (
          select l.item_id, l.location_id, l.state, l.spot, l.quantity from lot_levels as l
          join item_tracking as t on t.item_id = l.item_id and t.tracking in ${SERIALS}
          where l.quantity > 0)
        select p.item_id, p.location_id, p.state, p.spot, p.quantity, n.quantity as numbered
        from placed as p left join numbered as n on n.item_id = p.item_id
          and n.location_id = p.location_id and n.state = p.state and n.spot = p.spot
        where p.quantity <> coalesce(n.quantity, 0)
        union all
        select n.item_id, n.location_id, n.state, n.spot, p.quantity, n.quantity as numbered
        from numbered as n left join placed as p on n.item_id = p.item_id
          and n.location_id = p.location_id and n.state = p.state and n.spot = p.spot
        where p.item_id is null`,
    ),

  'I-25 a serial number is where its last move says': (ctx) =>
    rowsOf(
      ctx,
      sql<object>`
        select s.id, s.serial_number, s.status, m.status as moved from serials as s
        left join serial_moves as m on m.sequence = (
          select max(l.sequence) from serial_moves as l where l.serial_id = s.id)
        where m.sequence is null or m.status <> s.status
          or coalesce(cast(m.location_id as text), '') <> coalesce(cast(s.location_id as text), '')
          or coalesce(m.state, '') <> coalesce(s.state, '')
          or coalesce(cast(m.bin_id as text), '') <> coalesce(cast(s.bin_id as text), '')`,
    ),

  // Between two departures under one name it must have come back.
  'I-25 a serial number leaves once before it comes back': (ctx) =>
    rowsOf(
      ctx,
      sql<object>`
        select serial_id, sequence from (
          select serial_id, sequence, status,
            lag(status) over (partition by serial_id order by sequence) as before
          from serial_moves) as history
        where status <> 'in_stock' and before is not null and before <> 'in_stock'`,
    ),

  'nothing is made of itself': (ctx) =>
    rowsOf(
      ctx,
      sql<object>`
        select id from lot_links
        where made_lot_id = used_lot_id or made_serial_id = used_serial_id`,
    ),

  'everyone who got recalled units is told or to be told': (ctx) =>
    rowsOf(
      ctx,
      sql<object>`
        select distinct r.recall_id, m.reference_type, m.reference_id
        from recall_lots as r
        join recalls as c on c.id = r.recall_id and c.status = 'open'
        join lot_movements as m on m.lot_id = r.lot_id and m.kind = 'shipped'
          and m.reference_id is not null
        left join recall_contacts as k on k.recall_id = r.recall_id
          and k.reference_id = m.reference_id and k.reference_type = m.reference_type
        where k.id is null`,
    ),

  'a recalled lot is blocked while the recall is open': (ctx) =>
    rowsOf(
      ctx,
      sql<object>`
        select r.recall_id, r.lot_id from recall_lots as r
        join recalls as c on c.id = r.recall_id and c.status = 'open'
        join lots as o on o.id = r.lot_id
        where o.blocked_at is null`,
    ),

  'a count tells as many lines as it has, by status': (ctx) =>
    rowsOf(
      ctx,
      sql<object>`
        with counted as (
          select count_id, count(*) as lines,
            sum(case when status = 'counted' then 1 else 0 end) as done,
            sum(case when status = 'recount' then 1 else 0 end) as again,
            sum(case when status in ('posted', 'superseded', 'skipped') then 1 else 0 end)
              as settled
          from count_lines group by count_id)
        select c.id, c.number from cycle_counts as c left join counted as l on l.count_id = c.id
        where c.lines_count <> coalesce(l.lines, 0) or c.lines_counted <> coalesce(l.done, 0)
          or c.lines_to_recount <> coalesce(l.again, 0)
          or c.lines_settled <> coalesce(l.settled, 0)`,
    ),

  'I-29 what an approved count posted stands in the ledger under its name': (ctx) =>
    rowsOf(
      ctx,
      sql<object>`
        with posted as (
          select reference_id, item_id, sum(case when state_to is null then -quantity
            else quantity end) as units
          from stock_movements where reference_type = 'cycle_count'
          group by reference_id, item_id),
        lines as (
          select cast(count_id as text) as reference_id, item_id,
            sum(coalesce(adjusted_quantity, 0)) as units
          from count_lines group by count_id, item_id)
        select l.reference_id, l.item_id, l.units, p.units as posted from lines as l
        left join posted as p on p.reference_id = l.reference_id and p.item_id = l.item_id
        where l.units <> coalesce(p.units, 0)`,
    ),
})
