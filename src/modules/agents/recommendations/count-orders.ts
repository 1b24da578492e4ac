import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { linesOf, orderEvents } from '#modules/orders'
import type { Context } from '#platform/context'
import { insertEach, updateEach } from '#platform/database/each-row'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { inBatches } from '#platform/event-log/batch-reader'
import type { LoggedEvent } from '#platform/event-log/read'
import { db } from '../tables.ts'

// What was bought, alone and together, for many orders at once. Rows are written in the order of
// their keys, so that two who count the same products wait for each other in one direction.

/** Products of one order that are counted: each more would add as many pairs as are there. */
const COUNTED_MAX = 12

type Order = Id<'order'>
type Product = Id<'product'>
type Counted = { order_id: Order; day: string; product_ids: Product[]; product_count: number }
type DayRow = { day: string; product_id: Product; by: number }
type DemandRow = { product_id: Product; by: number }
type PairRow = { product_id: Product; other_id: Product; by: number }

const DAY = { day: 'text', product_id: 'uuid', by: 'bigint' } as const
const DEMAND = { product_id: 'uuid', by: 'bigint' } as const
const PAIR = { product_id: 'uuid', other_id: 'uuid', by: 'bigint' } as const
const MORE = sql`update set orders = excluded.orders +`

const insertCounted = insertEach<Counted, unknown>(
  db as never,
  db.kinds('demand_orders') as never,
  {
    table: 'demand_orders',
    values: (row) => row,
    onConflict: sql`on conflict (order_id) do nothing returning order_id`,
  },
)
const addDays = insertEach<DayRow, unknown>(db as never, DAY, {
  table: 'product_demand_days',
  values: ({ by: orders, ...row }) => ({ ...row, orders }),
  onConflict: sql`on conflict (day, product_id) do ${MORE} product_demand_days.orders`,
})
const addDemand = insertEach<DemandRow, unknown>(db as never, DEMAND, {
  table: 'product_demand',
  values: ({ by: orders, ...row }) => ({ ...row, orders }),
  onConflict: sql`on conflict (product_id) do ${MORE} product_demand.orders`,
})
const addPairs = insertEach<PairRow, unknown>(db as never, PAIR, {
  table: 'product_pairs',
  values: ({ by: orders, ...row }) => ({ ...row, orders }),
  onConflict: sql`on conflict (product_id, other_id) do ${MORE} product_pairs.orders`,
})

/** Counts orders that were placed, and takes back those that were cancelled or deleted since. */
export const demand = inBatches({
  name: 'agents.demand',
  events: [orderEvents.created, orderEvents.cancelled, orderEvents.deleted],
  async take(ctx, events) {
    const placed = events.filter(({ name }) => name === orderEvents.created.type)
    if (placed.length > 0) await countOrders(ctx, placed)
    const gone = events.filter(({ name }) => name !== orderEvents.created.type)
    if (gone.length > 0) await forgetOrders(ctx, gone)
  },
})

/** Counts what orders are about, each once. */
async function countOrders(ctx: Context, placed: readonly LoggedEvent[]): Promise<void> {
  const days = new Map(placed.map((told) => [orderOf(told), told.occurred_at.slice(0, 10)]))
  const lines = await linesOf(ctx, [...days.keys()])
  const rows = [...days].flatMap(([order_id, day]): Counted[] => {
    const bought = (lines.get(order_id) ?? []).filter(({ quantity }) => quantity > 0)
    const products = new Set(bought.map(({ product_id }) => product_id))
    const product_ids = [...products].slice(0, COUNTED_MAX).toSorted()
    const product_count = product_ids.length
    return product_count > 0 ? [{ order_id, day, product_ids, product_count }] : []
  })
  if (rows.length === 0) return
  const { rows: fresh } = await insertCounted.run(ctx, { rows })
  const isNew = new Set((fresh as Pick<Counted, 'order_id'>[]).map(({ order_id }) => order_id))
  const counted = rows.filter(({ order_id }) => isNew.has(order_id))
  if (counted.length === 0) return
  await addDays.run(ctx, { rows: daysOf(counted) })
  await addDemand.run(ctx, { rows: demandOf(daysOf(counted)) })
  const pairs = pairsOf(counted)
  if (pairs.length > 0) await addPairs.run(ctx, { rows: pairs })
}

const orderOf = ({ entity_id }: LoggedEvent) => entity_id as Order

type OfOrders = readonly Pick<Counted, 'day' | 'product_ids'>[]

/** How often each of these is there, in the order of their keys. */
function sums<R extends object>(all: readonly R[], keyOf: (row: R) => string) {
  const groups = Map.groupBy(all, keyOf)
  const keys = [...groups.keys()].toSorted()
  return keys.map((key) => {
    const same = groups.get(key) as R[]
    return { ...(same[0] as R), by: same.length }
  })
}

const daysOf = (orders: OfOrders): DayRow[] =>
  sums(
    orders.flatMap(({ day, product_ids }) =>
      product_ids.map((product_id) => ({ day, product_id })),
    ),
    ({ day, product_id }) => `${day} ${product_id}`,
  )

const pairsOf = (orders: OfOrders): PairRow[] =>
  sums(
    orders.flatMap(({ product_ids }) =>
      product_ids.flatMap((product_id) =>
        product_ids.filter((id) => id !== product_id).map((other_id) => ({ product_id, other_id })),
      ),
    ),
    ({ product_id, other_id }) => `${product_id} ${other_id}`,
  )

/** The sum of days for each product, in the order in which rows of products are written. */
export function demandOf(days: readonly Omit<DayRow, 'day'>[]): DemandRow[] {
  const byProduct = Map.groupBy(days, ({ product_id }) => product_id)
  return [...byProduct.keys()].toSorted().map((product_id) => {
    const by = (byProduct.get(product_id) ?? []).reduce((sum, day) => sum + day.by, 0)
    return { product_id, by }
  })
}

const forget = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .deleteFrom('demand_orders')
    .where(isOneOf(engine, 'order_id', { values: p.ids, kind: 'uuid' }))
    .returning(['day', 'product_ids']),
)
const lessDays = updateEach<DayRow, unknown, Pick<DayRow, 'day' | 'product_id'>>(db as never, DAY, {
  table: 'product_demand_days',
  key: ['day', 'product_id'],
  set: ({ by }) => ({ orders: sql`product_demand_days.orders - ${by}` }),
  where: () => sql`true`,
  returning: ['day', 'product_id'],
})
/** Takes so many orders off the sums of products. */
export const lessDemand = updateEach<DemandRow, unknown>(db as never, DEMAND, {
  table: 'product_demand',
  key: ['product_id'],
  set: ({ by }) => ({ orders: sql`product_demand.orders - ${by}` }),
  where: () => sql`true`,
})
const lessPairs = updateEach<PairRow, unknown>(db as never, PAIR, {
  table: 'product_pairs',
  key: ['product_id', 'other_id'],
  set: ({ by }) => ({ orders: sql`product_pairs.orders - ${by}` }),
  where: () => sql`true`,
})

/** Takes orders back out of the counters, if they are in them. Days that were let go stay gone. */
async function forgetOrders(ctx: Context, gone: readonly LoggedEvent[]): Promise<void> {
  const ids = [...new Set(gone.map(orderOf))]
  const orders = await forget(ctx, { ids })
  if (orders.length === 0) return
  const days = daysOf(orders)
  const { rows } = await lessDays.run(ctx, { rows: days })
  const kept = new Set(rows.map(({ day, product_id }) => `${day} ${product_id}`))
  const left = days.filter(({ day, product_id }) => kept.has(`${day} ${product_id}`))
  if (left.length > 0) await lessDemand.run(ctx, { rows: demandOf(left) })
  const pairs = pairsOf(orders)
  if (pairs.length > 0) await lessPairs.run(ctx, { rows: pairs })
}
