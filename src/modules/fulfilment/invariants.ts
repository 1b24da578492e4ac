import { type RawBuilder, sql } from 'kysely'
import type { Context } from '#platform/context'
import { defineInvariants } from '#platform/invariants'

const found = async (ctx: Context, query: RawBuilder<object>): Promise<readonly object[]> =>
  (await query.execute(ctx.session.kysely)).rows

const LIVE = sql`('waiting', 'scheduled', 'open', 'in_progress')`

// An invariant may look at other modules' tables; nothing else here may.
export const fulfilmentInvariants = defineInvariants('fulfilment', {
  'I-31 work for a line, and what has no work yet, are what is open of it': (ctx) =>
    found(
      ctx,
      sql`select l.order_line_id, sum(l.quantity - l.shipped_quantity) as work,
          max(o.quantity - o.cancelled_quantity - o.fulfilled_quantity) as open
        from fulfilment_order_lines as l
        left join order_lines as o on o.id = l.order_line_id
        group by l.order_line_id
        having sum(l.quantity - l.shipped_quantity)
          > coalesce(max(o.quantity - o.cancelled_quantity - o.fulfilled_quantity), 0)`,
    ),

  'I-31 no more of a line has left through its work than is fulfilled': (ctx) =>
    found(
      ctx,
      sql`select l.order_line_id, sum(l.shipped_quantity) as shipped,
          max(o.fulfilled_quantity) as fulfilled
        from fulfilment_order_lines as l
        join order_lines as o on o.id = l.order_line_id
        where l.shipped_quantity > 0
        group by l.order_line_id
        having sum(l.shipped_quantity) > max(o.fulfilled_quantity)`,
    ),

  'I-32 work at a location is within what its order holds there': (ctx) =>
    found(
      ctx,
      sql`select w.order_id, w.item_id, w.location_id, w.units as work, h.units as held
        from (select f.order_id, l.item_id, f.location_id,
            sum(l.quantity - l.shipped_quantity) as units
          from fulfilment_order_lines as l
          join fulfilment_orders as f on f.id = l.fulfilment_order_id
          where l.item_id is not null and f.status in ${LIVE} and f.location_id is not null
          group by f.order_id, l.item_id, f.location_id) as w
        left join (select reference_id, item_id, location_id, sum(quantity) as units
          from reservations where reference_type = 'order' and status in ('pending', 'confirmed')
          group by reference_id, item_id, location_id) as h
          on h.reference_id = cast(w.order_id as text) and h.item_id = w.item_id
          and h.location_id = w.location_id
        where w.units > coalesce(h.units, 0)`,
    ),

  'I-33 a fulfilment order has work if, and only if, it is not over': (ctx) =>
    found(
      ctx,
      sql`select f.id, f.status, coalesce(sum(l.quantity - l.shipped_quantity), 0) as units,
          coalesce(sum(l.shipped_quantity), 0) as shipped
        from fulfilment_orders as f
        left join fulfilment_order_lines as l on l.fulfilment_order_id = f.id
        group by f.id, f.status
        having (coalesce(sum(l.quantity - l.shipped_quantity), 0) > 0)
            <> (f.status in ${LIVE})
          or (f.status = 'cancelled' and coalesce(sum(l.shipped_quantity), 0) > 0)
          or (f.status = 'closed' and coalesce(sum(l.shipped_quantity), 0) = 0)`,
    ),

  'work knows the status of its order': (ctx) =>
    found(
      ctx,
      sql`select f.id, f.order_status, o.status from fulfilment_orders as f
        join orders as o on o.id = f.order_id
        where f.status in ${LIVE} and f.order_status <> o.status`,
    ),

  'work is for lines of its own order': (ctx) =>
    found(
      ctx,
      sql`select l.fulfilment_order_id, l.order_line_id from fulfilment_order_lines as l
        join fulfilment_orders as f on f.id = l.fulfilment_order_id
        left join order_lines as o on o.id = l.order_line_id and o.order_id = f.order_id
        where f.status in ${LIVE} and l.quantity > l.shipped_quantity and o.id is null`,
    ),

  'holds are counted': (ctx) =>
    found(
      ctx,
      sql`select f.id, f.holds, count(h.id) as open from fulfilment_orders as f
        left join fulfilment_holds as h
          on h.fulfilment_order_id = f.id and h.released_at is null
        group by f.id, f.holds having count(h.id) <> f.holds`,
    ),

  'what is being picked stands on lists that are not over': (ctx) =>
    found(
      ctx,
      sql`select l.fulfilment_order_id, l.order_line_id, l.picking_quantity, i.units
        from fulfilment_order_lines as l
        left join (select i.fulfilment_order_id, i.order_line_id,
            sum(i.quantity - i.picked_quantity - i.short_quantity - i.withdrawn_quantity) as units
          from pick_items as i
          join pick_lists as p on p.id = i.pick_list_id
          where p.status in ('open', 'in_progress')
          group by i.fulfilment_order_id, i.order_line_id) as i
          on i.fulfilment_order_id = l.fulfilment_order_id
          and i.order_line_id = l.order_line_id
        where l.picking_quantity <> coalesce(i.units, 0)`,
    ),

  'a pick list is over if, and only if, nothing on it is left to pick': (ctx) =>
    found(
      ctx,
      sql`select p.id, p.status from pick_lists as p
        where (p.status in ('open', 'in_progress')) <> exists (
          select 1 from pick_items as i where i.pick_list_id = p.id
            and i.picked_quantity + i.short_quantity + i.withdrawn_quantity < i.quantity)`,
    ),

  'what a list has picked was taken from a shelf': (ctx) =>
    found(
      ctx,
      sql`select i.id, i.picked_quantity, sum(t.quantity) as taken from pick_items as i
        left join picks as t on t.pick_item_id = i.id
        group by i.id, i.picked_quantity
        having i.picked_quantity <> coalesce(sum(t.quantity), 0)`,
    ),

  'no more is taken from shelves for a line than is picked of it': (ctx) =>
    found(
      ctx,
      sql`select l.fulfilment_order_id, l.order_line_id, l.picked_quantity, t.units
        from fulfilment_order_lines as l
        join (select fulfilment_order_id, order_line_id, sum(quantity - put_back_quantity) as units
          from picks group by fulfilment_order_id, order_line_id) as t
          on t.fulfilment_order_id = l.fulfilment_order_id and t.order_line_id = l.order_line_id
        where t.units > l.picked_quantity`,
    ),

  'what is packed is in cartons': (ctx) =>
    found(
      ctx,
      sql`select l.fulfilment_order_id, l.order_line_id, l.packed_quantity, c.units
        from fulfilment_order_lines as l
        left join (select c.fulfilment_order_id, k.order_line_id, sum(k.quantity) as units
          from carton_lines as k join cartons as c on c.id = k.carton_id
          group by c.fulfilment_order_id, k.order_line_id) as c
          on c.fulfilment_order_id = l.fulfilment_order_id
          and c.order_line_id = l.order_line_id
        where l.packed_quantity <> coalesce(c.units, 0)`,
    ),
})
