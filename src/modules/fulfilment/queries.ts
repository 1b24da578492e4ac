import { sql } from 'kysely'
import { type Page, pageOf, pageStart } from '#kit/pages'
import { toInstant } from '#kit/schemas'
import { findLocation } from '#modules/inventory'
import { findOrder } from '#modules/orders'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { prepared, rawQuery } from '#platform/database/prepared'
import { find } from './find.ts'
import { LIVE, WORKABLE_ORDERS } from './lifecycle.ts'
import type {
  Board,
  FulfilmentOrder,
  GetBoard,
  GetFulfilmentOrder,
  ListFulfilmentOrders,
  OfOrder,
  OrdersWork,
} from './schemas.ts'
import { db } from './tables.ts'
import { toldOf } from './wire.ts'
import { unroutedLines } from './work/ensure.ts'
import { fulfilmentOrdersOf, withLines } from './work/rows.ts'

/** One fulfilment order, by its id or number. */
export async function getFulfilmentOrder(
  ctx: Context,
  { id }: GetFulfilmentOrder,
): Promise<FulfilmentOrder> {
  const [told] = await toldOf(ctx, await withLines(ctx, [await find(ctx, id)]))
  return told as FulfilmentOrder
}

/** All work of one order, and what has none yet. */
export async function listOfOrder(ctx: Context, { id }: OfOrder): Promise<OrdersWork> {
  const order = await findOrder(ctx, id)
  const all = await fulfilmentOrdersOf(ctx, [order.id])
  return { items: await toldOf(ctx, all), unrouted: await unroutedLines(ctx, order, all) }
}

/** Fulfilment orders, the newest first; or by what is due first, and then only what has a date. */
export async function listFulfilmentOrders(
  ctx: Context,
  query: ListFulfilmentOrders,
): Promise<Page<FulfilmentOrder>> {
  const byDue = query.sort_by === 'due_at'
  const sort = byDue ? 'due_at asc' : 'created desc'
  const start = pageStart(query, sort)
  const found = await filtered(ctx, query)
  const rows = byDue ? found.where('due_at', 'is not', null) : found
  let page = rows.selectAll().limit(start.limit + 1)
  page = byDue ? page.orderBy('due_at').orderBy('id') : page.orderBy('id', 'desc')
  if (!start.after) page = page.offset(start.offset)
  else if (byDue) {
    const [due_at, id] = start.after as [never, never]
    page = page.where((eb) => eb(eb.refTuple('due_at', 'id'), '>', eb.tuple(due_at, id)))
  } else page = page.where('id', '<', start.after.at(-1) as never)
  const shown = await page.execute()
  const items = await toldOf(ctx, await withLines(ctx, shown.slice(0, start.limit)))
  const told = new Map(items.map((one) => [one.id, one]))
  return pageOf({
    start,
    sort,
    rows: shown,
    key: ({ id, due_at }) => (byDue ? [due_at, id] : [id]),
    item: ({ id }) => told.get(id) as FulfilmentOrder,
    total: await countUpTo(ctx, rows),
  })
}

async function filtered(ctx: Context, query: ListFulfilmentOrders) {
  let rows = db(ctx).selectFrom('fulfilment_orders')
  const { status, sku, on_hold, hold_reason, is_ready } = query
  if (query.location_id !== undefined) {
    const { id } = await findLocation(ctx, query.location_id)
    rows = rows.where('location_id', '=', id)
  }
  if (query.order_id !== undefined) {
    const { id } = await findOrder(ctx, query.order_id)
    rows = rows.where('order_id', '=', id)
  }
  if (status === 'live') rows = rows.where('status', 'in', [...LIVE])
  else if (status) rows = rows.where('status', '=', status)
  if (sku !== undefined) {
    rows = rows.where('id', 'in', (eb) =>
      eb
        .selectFrom('fulfilment_order_lines')
        .select('fulfilment_order_id')
        .where('sku_key', '=', sku.toLowerCase())
        .where('quantity', '>', 0),
    )
  }
  if (on_hold !== undefined) rows = rows.where('holds', on_hold ? '>' : '=', 0)
  if (hold_reason) {
    rows = rows.where('id', 'in', (eb) =>
      eb
        .selectFrom('fulfilment_holds')
        .select('fulfilment_order_id')
        .where('reason', '=', hold_reason)
        .where('released_at', 'is', null),
    )
  }
  if (is_ready !== undefined) {
    rows = rows.where((eb) => {
      const ready = eb.and([
        eb('status', 'in', ['open', 'in_progress']),
        eb('holds', '=', 0),
        eb('order_status', 'in', [...WORKABLE_ORDERS]),
      ])
      return is_ready ? ready : eb.not(ready)
    })
  }
  if (query.due_before) rows = rows.where('due_at', '<=', toInstant(query.due_before))
  if (query.due_after) rows = rows.where('due_at', '>=', toInstant(query.due_after))
  return rows
}

type Counted = Board['locations'][number]

const countWork = (isOne: boolean) =>
  prepared(db, (open, p: { location: string; now: string }) => {
    const of = (status: string) => sql`sum(case when status = ${sql.lit(status)} then 1 else 0 end)`
    return rawQuery(
      open,
      sql<Counted>`select location_id, ${of('waiting')} as waiting, ${of('scheduled')} as scheduled,
        ${of('open')} as "open", ${of('in_progress')} as in_progress,
        sum(case when holds > 0 then 1 else 0 end) as on_hold,
        sum(case when due_at < ${p.now} then 1 else 0 end) as overdue
      from fulfilment_orders
      where status in ('waiting', 'scheduled', 'open', 'in_progress')
        ${isOne ? sql`and location_id = ${p.location}` : sql``}
      group by location_id order by location_id`,
    )
  })
const work = { everywhere: countWork(false), at: countWork(true) }

/** How much work there is at each location: one statement over what is live. */
export async function getBoard(ctx: Context, { location_id }: GetBoard): Promise<Board> {
  const location = location_id === undefined ? '' : (await findLocation(ctx, location_id)).id
  const counted = location === '' ? work.everywhere : work.at
  const locations = await counted(ctx, { location, now: ctx.now })
  return {
    locations: locations.map((row) => ({
      ...row,
      waiting: Number(row.waiting),
      scheduled: Number(row.scheduled),
      open: Number(row.open),
      in_progress: Number(row.in_progress),
      on_hold: Number(row.on_hold),
      overdue: Number(row.overdue),
    })),
  }
}
