import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { unitCosts } from '#modules/warehouse'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { eachRow, type Row, updateEach } from '#platform/database/each-row'
import { lockingRows } from '#platform/database/locks'
import { type Bound, prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { writeTogether } from '#platform/database/write-together'
import { insertRows } from '#platform/tables'
import type { Book, Change, Flow, Layer } from './plan.ts'
import { db, type EntryRow, type PoolRow } from './tables.ts'

// Everyone who changes a value holds its row until the commit, in the order of the items, and takes
// it after the levels.
const lockPools = prepared(db, (open, p: { items: readonly string[] }, engine) =>
  rawQuery(
    open,
    sql<PoolRow>`select v.* from stock_values as v
      where ${isOneOf(engine, 'v.item_id', { values: p.items, kind: 'uuid' })}
      order by v.item_id ${lockingRows(engine, 'v')}`,
  ),
)

type Wanted = { item_id: string; quantity: number }
type Oldest = Pick<Layer, 'movement_id' | 'left_quantity' | 'left_amount'> & {
  sequence: number
  item_id: string
}
// No more layers than the wanted units take.
const oldestLayers = eachRow<Wanted, unknown, Oldest>(
  db as never,
  { item_id: 'uuid', quantity: 'bigint' },
  (row: Row<Wanted>, from) => {
    const layers = sql`(select sequence, item_id, movement_id, left_quantity, left_amount,
        sum(left_quantity) over (order by sequence) - left_quantity as older
      from cost_layers where item_id = ${row.item_id} and left_quantity > 0) as l`
    const columns = sql`l.sequence, l.item_id, l.movement_id, l.left_quantity, l.left_amount`
    const source = from ? sql`${from} as r cross join lateral ${layers}` : layers
    return sql<Oldest>`select ${columns} from ${source} where l.older < ${row.quantity}
      order by l.item_id, l.sequence`
  },
)

const EMPTY = {
  currency: null,
  quantity: 0,
  average_amount: 0,
  fifo_amount: 0,
  last_unit_amount: null,
  version: 0,
}

/**
 * The books of these items, locked until the commit, with the layers that the flows may take from.
 * Two statements; one more for items whose units nobody told the cost of.
 */
export async function openBooks(
  ctx: Context,
  flows: ReadonlyMap<Id<'item'>, readonly Flow[]>,
): Promise<Map<Id<'item'>, Book>> {
  const items = [...flows.keys()].toSorted()
  const pools = new Map((await lockPools(ctx, { items })).map((pool) => [pool.item_id, pool]))
  const wanted = [...flows].flatMap(([item_id, own]) => {
    const quantity = own.reduce((sum, flow) => sum + Math.max(0, -flow.quantity), 0)
    return quantity > 0 ? [{ item_id, quantity }] : []
  })
  const found = wanted.length > 0 ? await oldestLayers(ctx, { rows: wanted }) : []
  const layers = Map.groupBy(found, ({ item_id }) => item_id)
  const poolOf = (item_id: Id<'item'>): PoolRow =>
    pools.get(item_id) ?? { ...EMPTY, item_id, updated_at: ctx.now }
  const costs = await unitCosts.of(ctx).costsOf(
    ctx,
    items.filter((item_id) => needsCatalogue(poolOf(item_id), flows.get(item_id) ?? [])),
  )
  return new Map(
    items.map((item_id) => [
      item_id,
      {
        pool: poolOf(item_id),
        layers: (layers.get(item_id) ?? []).map(({ item_id: _, ...layer }) => ({
          ...layer,
          known_quantity: layer.left_quantity,
        })),
        catalogue: costs.get(item_id),
      },
    ]),
  )
}

const needsCatalogue = (pool: PoolRow, flows: readonly Flow[]): boolean =>
  pool.last_unit_amount === null &&
  pool.average_amount === 0 &&
  flows.some(({ quantity, stated }) => quantity > 0 && stated === null)

const insertPools = insertRows(db, 'stock_values')
const insertLayers = insertRows(db, 'cost_layers', ['sequence'])
const insertEntries = insertRows(db, 'value_entries', ['sequence'])

const updatePools = updateEach<PoolRow, unknown>(db as never, db.kinds('stock_values') as never, {
  table: 'stock_values',
  key: ['item_id'],
  set: ({ item_id: _, version, ...row }) => ({ ...row, version: sql`${version} + 1` }),
  where: ({ version }) => sql`stock_values.version = ${version}`,
})

type Left = { sequence: number; left_quantity: number; left_amount: number; known: number }
const updateLayers = updateEach<Left, unknown>(
  db as never,
  { sequence: 'bigint', left_quantity: 'bigint', left_amount: 'bigint', known: 'bigint' },
  {
    table: 'cost_layers',
    key: ['sequence'],
    set: ({ left_quantity, left_amount }) => ({ left_quantity, left_amount }),
    where: ({ known }) => sql`cost_layers.left_quantity = ${known}`,
  },
)

/** Writes books as their flows left them, beside the entries that say so: one statement. */
export async function closeBooks(
  ctx: Context,
  books: ReadonlyMap<Id<'item'>, Book>,
  changes: readonly Change[],
): Promise<void> {
  const pools = [...books.values()].map(({ pool }) => ({ ...pool, updated_at: later(ctx, pool) }))
  const known = pools.filter(({ version }) => version > 0)
  const fresh = pools.filter(({ version }) => version === 0).map((row) => ({ ...row, version: 1 }))
  const layers = [...books].flatMap(([item_id, book]) =>
    book.layers.map((layer) => ({ ...layer, item_id })),
  )
  const touched = layers.flatMap(({ sequence, known_quantity, ...left }) =>
    sequence === null || known_quantity === left.left_quantity
      ? []
      : [{ ...left, sequence, known: known_quantity }],
  )
  const writes: Record<string, Bound<never>> = {
    entries: insertEntries.bind(ctx, { rows: changes.map((one) => entryRow(ctx, books, one)) }),
  }
  if (fresh.length > 0) writes.fresh = insertPools.bind(ctx, { rows: fresh })
  if (known.length > 0) writes.known = updatePools.bind(ctx, { rows: known })
  if (touched.length > 0) writes.touched = updateLayers.bind(ctx, { rows: touched })
  const rows = layersOf(ctx, books, changes)
  if (rows.length > 0) writes.layers = insertLayers.bind(ctx, { rows })
  const written = await writeTogether(ctx, writes)
  if ((written.known?.affected ?? 0) !== known.length) {
    throw new TryAgain('an item was valued meanwhile')
  }
  if ((written.touched?.affected ?? 0) !== touched.length) {
    throw new TryAgain('units of a layer left meanwhile')
  }
}

/** The instant of a change: this operation's, but never before the change before it. */
const later = (ctx: Context, { updated_at }: PoolRow): string =>
  ctx.now > updated_at ? ctx.now : updated_at

function entryRow(
  ctx: Context,
  books: ReadonlyMap<Id<'item'>, Book>,
  change: Change,
): Omit<EntryRow, 'sequence'> {
  const { pool } = books.get(change.item_id) as Book
  return { ...change, actor: ctx.actor.id, occurred_at: later(ctx, pool) }
}

/** Layers of what came in, with what the same flows left of them. */
function layersOf(ctx: Context, books: ReadonlyMap<Id<'item'>, Book>, changes: readonly Change[]) {
  const came = new Map(changes.map((change) => [change.movement_id, change]))
  return [...books].flatMap(([item_id, { layers }]) =>
    layers.flatMap(({ sequence, known_quantity, movement_id, left_quantity, left_amount }) => {
      if (sequence !== null) return []
      const amount = came.get(movement_id)?.fifo_delta_amount ?? left_amount
      const whole = { quantity: known_quantity, amount, left_quantity, left_amount }
      return [{ item_id, movement_id, ...whole, received_at: ctx.now }]
    }),
  )
}
