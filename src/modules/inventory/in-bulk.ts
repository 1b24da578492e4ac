import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { insertEach } from '#platform/database/each-row'
import { nextNumber } from '#platform/database/numbers'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import type { LevelCounts } from './available.ts'
import { skuKey } from './find.ts'
import { post, tellAdjusted } from './ledger.ts'
import { db } from './tables.ts'

// Items and stock by the thousand, for imports: a fixed number of statements, and no event for
// what is new.

const byCode = prepared(db, (open, p: { codes: readonly string[] }, engine) =>
  open
    .selectFrom('locations')
    .select(['id', 'code'])
    .where(isOneOf(engine, 'code', { values: p.codes, kind: 'text' }))
    .where('archived_at', 'is', null),
)

/** The ids of the locations with these codes; unknown and closed ones are missing. */
export async function locationsByCode(
  ctx: Context,
  codes: readonly string[],
): Promise<Map<string, Id<'location'>>> {
  const rows = codes.length > 0 ? await byCode(ctx, { codes }) : []
  return new Map(rows.map(({ id, code }) => [code, id]))
}

const ofItems = prepared(db, (open, p: { items: readonly string[] }, engine) =>
  open
    .selectFrom('stock_levels as l')
    .innerJoin('inventory_items as i', 'i.id', 'l.item_id')
    .select(['l.item_id', 'l.location_id', 'l.on_hand', 'l.reserved', 'l.safety_stock', 'i.sku'])
    .where(isOneOf(engine, 'l.item_id', { values: p.items, kind: 'uuid' })),
)
export type LevelAt = LevelCounts & { sku: string }

/** What lies where of these items, by `item location`; an empty shelf may be missing. */
export async function levelsAt(
  ctx: Context,
  items: readonly Id<'item'>[],
): Promise<Map<string, LevelAt>> {
  const rows = items.length > 0 ? await ofItems(ctx, { items }) : []
  return new Map(rows.map((row) => [`${row.item_id} ${row.location_id}`, row]))
}

type NewRow = {
  id: string
  sku: string
  sku_key: string
  description: string | null
  reorder_point: number | null
  now: string
}

const insertItems = insertEach<NewRow, unknown>(
  db as never,
  {
    id: 'uuid',
    sku: 'text',
    sku_key: 'text',
    description: 'text',
    reorder_point: 'bigint',
    now: 'timestamptz',
  },
  {
    table: 'inventory_items',
    values: ({ now, ...row }, engine) => ({
      ...row,
      number: nextNumber(engine, 'inventory_items'),
      unit: sql`'EA'`,
      version: sql`1`,
      created_at: now,
      updated_at: now,
    }),
    onConflict: sql`on conflict (sku_key) do nothing`,
  },
)

type Kept = { sku: string; description: string | null; reorder_point: number | null }

/** Keeps new items without stock, by SKU without regard to case. Their SKUs must be free. */
export async function keepItems(
  ctx: Context,
  items: readonly Kept[],
): Promise<Map<string, Id<'item'>>> {
  const rows = items.map(({ sku, description, reorder_point }) => ({
    id: ctx.newId('item'),
    sku,
    sku_key: skuKey(sku),
    description,
    reorder_point,
    now: ctx.now,
  }))
  if (rows.length > 0) {
    const { affected } = await insertItems.run(ctx, { rows })
    if (affected !== rows.length) throw new TryAgain('an item of this SKU came meanwhile')
  }
  return new Map(rows.map(({ id, sku_key }) => [sku_key, id]))
}

export type Count = {
  item_id: Id<'item'>
  sku: string
  location_id: Id<'location'>
  /** What is to lie there; never fewer than are promised. */
  on_hand: number
}
type Counting = { reason: string; reference_type: string; reference_id: string }

/**
 * Brings shelves to what was counted: the ledger gets the differences, each shelf once. Emits
 * `inventory.adjusted` for shelves that were there; of the first units of a new one tells whoever
 * brought them. Answers how many changed.
 */
export async function countStock(
  ctx: Context,
  counts: readonly Count[],
  why: Counting,
): Promise<number> {
  const levels = await levelsAt(ctx, [...new Set(counts.map(({ item_id }) => item_id))])
  const movements = counts.flatMap(({ item_id, sku, location_id, on_hand }) => {
    const known = levels.get(`${item_id} ${location_id}`)
    const quantity_delta = on_hand - (known?.on_hand ?? 0)
    if (quantity_delta === 0) return []
    const kind = known ? ('adjusted' as const) : ('received' as const)
    return { item_id, sku, location_id, quantity_delta, kind, ...why }
  })
  const { rows, on_hand } = await post(ctx, movements)
  for (const [nth, row] of rows.entries()) {
    if (row.kind === 'adjusted') tellAdjusted(ctx, row, { sku: movements[nth]?.sku ?? '', on_hand })
  }
  return rows.length
}
