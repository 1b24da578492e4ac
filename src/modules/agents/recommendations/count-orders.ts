import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { linesOf } from '#modules/orders'
import type { Context } from '#platform/context'
import { insertEach, updateEach } from '#platform/database/each-row'
import { prepared } from '#platform/database/prepared'
import { insertRows } from '#platform/tables'
import { db } from '../tables.ts'

// What was bought, alone and together. Rows are written in the order of their keys, so that two
// orders with the same products wait for each other in one direction.

/** Products of one order that are counted: each more would add as many pairs as are there. */
const COUNTED_MAX = 12

type Product = Id<'product'>
type DayRow = { day: string; product_id: Product }
type PairRow = { product_id: Product; other_id: Product }

const PAIR = { product_id: 'uuid', other_id: 'uuid' } as const
const DAY = { day: 'text', product_id: 'uuid' } as const
const KEY = { product_id: 'uuid' } as const
const ONE_MORE = sql`update set orders = excluded.orders +`

const insertCounted = insertRows(db, 'demand_orders')
const addDays = insertEach<DayRow, unknown>(db as never, DAY, {
  table: 'product_demand_days',
  values: (row) => ({ ...row, orders: sql`1` }),
  onConflict: sql`on conflict (day, product_id) do ${ONE_MORE} product_demand_days.orders`,
})
const addDemand = insertEach<{ product_id: Product }, unknown>(db as never, KEY, {
  table: 'product_demand',
  values: (row) => ({ ...row, orders: sql`1` }),
  onConflict: sql`on conflict (product_id) do ${ONE_MORE} product_demand.orders`,
})
const addPairs = insertEach<PairRow, unknown>(db as never, PAIR, {
  table: 'product_pairs',
  values: (row) => ({ ...row, orders: sql`1` }),
  onConflict: sql`on conflict (product_id, other_id) do ${ONE_MORE} product_pairs.orders`,
})

/** Counts what an order is about, as it was placed. */
export async function countOrder(ctx: Context, order_id: Id<'order'>): Promise<void> {
  const lines = (await linesOf(ctx, [order_id])).get(order_id) ?? []
  const bought = lines.filter(({ quantity }) => quantity > 0).map(({ product_id }) => product_id)
  const product_ids = [...new Set(bought)].slice(0, COUNTED_MAX).toSorted()
  if (product_ids.length === 0) return
  const day = ctx.now.slice(0, 10)
  const counted = { order_id, day, product_ids, product_count: product_ids.length }
  await insertCounted.run(ctx, { rows: [counted] })
  const rows = product_ids.map((product_id) => ({ day, product_id }))
  await addDays.run(ctx, { rows })
  await addDemand.run(ctx, { rows: product_ids.map((product_id) => ({ product_id })) })
  const pairs = pairsOf(product_ids)
  if (pairs.length > 0) await addPairs.run(ctx, { rows: pairs })
}

const pairsOf = (products: readonly Product[]): PairRow[] =>
  products.flatMap((product_id) =>
    products.filter((id) => id !== product_id).map((other_id) => ({ product_id, other_id })),
  )

const forget = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open
    .deleteFrom('demand_orders')
    .where('order_id', '=', p.order_id)
    .returning(['day', 'product_ids']),
)
const lessDays = updateEach<DayRow, unknown, { product_id: Product }>(db as never, DAY, {
  table: 'product_demand_days',
  key: ['day', 'product_id'],
  set: () => ({ orders: sql`product_demand_days.orders - 1` }),
  where: () => sql`product_demand_days.orders > 0`,
  returning: ['product_id'],
})
/** Takes so many orders off the sums of products. */
export const lessDemand = updateEach<{ product_id: Product; by: number }, unknown>(
  db as never,
  { ...KEY, by: 'bigint' },
  {
    table: 'product_demand',
    key: ['product_id'],
    set: ({ by }) => ({ orders: sql`product_demand.orders - ${by}` }),
    where: () => sql`true`,
  },
)
const lessPairs = updateEach<PairRow, unknown>(db as never, PAIR, {
  table: 'product_pairs',
  key: ['product_id', 'other_id'],
  set: () => ({ orders: sql`product_pairs.orders - 1` }),
  where: () => sql`true`,
})

/** Takes an order back out of the counters, if it is in them. Days that were let go stay gone. */
export async function forgetOrder(ctx: Context, order_id: Id<'order'>): Promise<void> {
  const counted = await forget.first(ctx, { order_id })
  if (!counted) return
  const { day, product_ids } = counted
  const rows = product_ids.map((product_id) => ({ day, product_id }))
  const { rows: left } = await lessDays.run(ctx, { rows })
  const less = left.map(({ product_id }) => ({ product_id, by: 1 })).toSorted(byProduct)
  if (less.length > 0) await lessDemand.run(ctx, { rows: less })
  const pairs = pairsOf(product_ids)
  if (pairs.length > 0) await lessPairs.run(ctx, { rows: pairs })
}

/** The order in which rows of products are written. */
export const byProduct = (a: { product_id: string }, b: { product_id: string }) =>
  a.product_id < b.product_id ? -1 : 1
