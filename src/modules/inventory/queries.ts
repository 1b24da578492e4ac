import { type SelectQueryBuilder, sql } from 'kysely'
import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import { type Page, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { prepared, rawQuery } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import {
  availableOfLevel,
  availableUnits,
  availableUnitsOf,
  type LevelCounts,
} from './available.ts'
import { findItem, findLocation, skuKey } from './find.ts'
import type { GetItem, InventoryItem, ItemLocation, ListItems, ListLowStock } from './schemas.ts'
import { type StockState, statesOf } from './states.ts'
import { db } from './tables.ts'

const LOW_STOCK_DEFAULT = 10

const levelsOfItems = prepared(db, (open, p: { items: readonly string[] }, engine) =>
  open
    .selectFrom('stock_levels as l')
    .innerJoin('locations as p', 'p.id', 'l.location_id')
    .select(['l.item_id', 'l.location_id as id', 'p.number', 'p.name', 'l.on_hand', 'l.reserved'])
    .select([
      'l.safety_stock',
      'l.reorder_point',
      'l.reorder_quantity',
      'l.version',
      'l.updated_at',
    ])
    .where('l.item_id', 'in', listOf(engine, p.items, 'uuid'))
    .orderBy('p.number'),
)

type ItemRow = Awaited<ReturnType<typeof findItem>>
type LevelRow = Awaited<ReturnType<typeof levelsOfItems>>[number]

/** One item with its stock at every location. */
export async function getItem(
  ctx: Context,
  { id }: Static<typeof GetItem>,
): Promise<InventoryItem> {
  const [item] = await withLevels(ctx, [await findItem(ctx, id)])
  return item as InventoryItem
}

/** Items by number; `low_stock` keeps those at or below their reorder point (10 if unset). */
export async function listItems(ctx: Context, query: ListItems): Promise<Page<InventoryItem>> {
  let rows = db(ctx).selectFrom('inventory_items').where('archived_at', 'is', null)
  if (query.product_id) {
    const { id } = await findItem(ctx, query.product_id)
    rows = rows.where('id', '=', id)
  }
  if (query.location_id !== undefined) {
    const { id } = await findLocation(ctx, query.location_id)
    rows = rows.where('id', 'in', (eb) =>
      eb.selectFrom('stock_levels').select('item_id').where('location_id', '=', id),
    )
  }
  if (query.search) {
    const from = skuKey(query.search)
    rows = rows.where('sku_key', '>=', from).where('sku_key', '<', `${from}\u{10ffff}`)
  }
  if (query.low_stock) rows = rows.where(atMost(undefined, undefined))
  return pageOfItems(ctx, query, rows)
}

/** Items of which at most the threshold is available, everywhere or at one location. */
export async function listLowStock(
  ctx: Context,
  query: ListLowStock,
): Promise<Page<InventoryItem>> {
  const location =
    query.location_id === undefined ? undefined : await findLocation(ctx, query.location_id)
  const rows = db(ctx)
    .selectFrom('inventory_items')
    .where('archived_at', 'is', null)
    .where(atMost(query.threshold, location?.id))
  return pageOfItems(ctx, query, rows)
}

function atMost(threshold: number | undefined, location_id: Id<'location'> | undefined) {
  const limit =
    threshold ?? sql`coalesce(inventory_items.reorder_point, ${sql.lit(LOW_STOCK_DEFAULT)})`
  const here = location_id ? sql`and l.location_id = ${location_id}` : sql``
  return sql<boolean>`(select coalesce(sum(${availableOfLevel('l')}), 0) from stock_levels as l
    where l.item_id = inventory_items.id ${here}) <= ${limit}`
}

async function pageOfItems(
  ctx: Context,
  query: ListItems | ListLowStock,
  rows: SelectQueryBuilder<never, never, object>,
): Promise<Page<InventoryItem>> {
  const items = rows as unknown as ReturnType<typeof allItems>
  const start = pageStart(query, 'number')
  const total = await countUpTo(ctx, items)
  let page = items
    .selectAll()
    .orderBy('number')
    .limit(start.limit + 1)
  if (start.after) page = page.where('number', '>', Number(start.after[0]))
  else page = page.offset(start.offset)
  const found = await page.execute()
  const shown = await withLevels(ctx, found.slice(0, start.limit))
  return pageOf({
    start,
    sort: 'number',
    rows: found.map((row, nth) => ({ row, item: shown[nth] as InventoryItem })),
    key: ({ row }) => [row.number],
    item: ({ item }) => item,
    total,
  })
}
const allItems = (ctx: Context) => db(ctx).selectFrom('inventory_items')

async function withLevels(ctx: Context, items: readonly ItemRow[]): Promise<InventoryItem[]> {
  const ids = { items: items.map(({ id }) => id) }
  const [levels, states] = await Promise.all([levelsOfItems(ctx, ids), statesOf(ctx, ids)])
  const byItem = Map.groupBy(levels, (level) => level.item_id)
  const kept = Map.groupBy(states, (state) => state.item_id)
  return items.map((item) => itemOf(item, byItem.get(item.id) ?? [], kept.get(item.id) ?? []))
}

type StateRow = Awaited<ReturnType<typeof statesOf>>[number]

function itemOf(
  item: ItemRow,
  levels: readonly LevelRow[],
  states: readonly StateRow[],
): InventoryItem {
  return {
    id: item.id,
    inventory_item_id: item.number,
    item_number: item.sku,
    description: item.description,
    primary_uom_code: item.unit,
    reorder_point: item.reorder_point,
    reorder_quantity: item.reorder_quantity,
    backorder_limit: item.backorder_limit,
    backordered: item.backordered,
    preorder_until: item.preorder_until,
    lead_time_days: item.lead_time_days,
    quantities: quantities(levels, states),
    locations: levels.map((level) =>
      locationOf(
        level,
        states.filter(({ location_id }) => location_id === level.id),
      ),
    ),
    version: item.version,
    created_at: item.created_at,
    updated_at: item.updated_at,
  }
}

const locationOf = (level: LevelRow, states: readonly StateRow[]): Static<typeof ItemLocation> => ({
  id: level.id,
  location_id: level.number,
  location_name: level.name,
  quantities: quantities([level], states),
  reorder_point: level.reorder_point,
  reorder_quantity: level.reorder_quantity,
  version: level.version,
  updated_at: level.updated_at,
})

function quantities(levels: readonly LevelCounts[], states: readonly StateRow[]) {
  const sum = (of: (level: LevelCounts) => number) => levels.reduce((n, level) => n + of(level), 0)
  const on_hand = String(sum((level) => level.on_hand))
  const inState = (name: StockState) =>
    String(states.reduce((n, { state, quantity }) => n + (state === name ? quantity : 0), 0))
  return {
    on_hand,
    allocated: String(sum((level) => level.reserved)),
    available: String(sum(availableUnits)),
    safety_stock: String(sum((level) => level.safety_stock)),
    by_state: {
      sellable: on_hand,
      quarantine: inState('quarantine'),
      damaged: inState('damaged'),
      expired: inState('expired'),
    },
  }
}

type Available = { item_id: Id<'item'>; available: number | null }

// A sum for each item asked: grouping all their levels would sort them first.
const availability = prepared(db, (open, p: { items: readonly string[] }, engine) => {
  const asked = listOf(engine, p.items, 'uuid')
  const sum = sql`select sum(${availableOfLevel()}) from stock_levels where item_id = a.value`
  const query = sql<Available>`select a.value as item_id, (${sum}) as available from ${asked} as a`
  return rawQuery(open, query)
})

/** Units that can be promised now, summed over locations; an item without stock is missing. */
export async function availabilityOf(
  ctx: Context,
  items: readonly Id<'item'>[],
): Promise<Map<Id<'item'>, number>> {
  const found = new Map<Id<'item'>, number>()
  if (items.length === 0) return found
  for (const { item_id, available } of await availability(ctx, { items })) {
    if (available !== null) found.set(item_id, available)
  }
  return found
}

type Orderable = { item_id: Id<'item'>; orderable: number }

// What is in stock, and what may still be sold ahead of it.
const orderable = prepared(db, (open, p: { items: readonly string[] }, engine) =>
  rawQuery(
    open,
    sql<Orderable>`select i.id as item_id, ${availableUnitsOf(sql.ref('i.id'))} + case
        when i.backorder_limit > i.backordered then i.backorder_limit - i.backordered
        else 0 end as orderable
      from ${listOf(engine, p.items, 'uuid')} as a join inventory_items as i on i.id = a.value`,
  ),
)

/**
 * Units that can be ordered now: those in stock, and those that may wait for it. One statement.
 */
export async function orderableOf(
  ctx: Context,
  items: readonly Id<'item'>[],
): Promise<Map<Id<'item'>, number>> {
  if (items.length === 0) return new Map()
  const rows = await orderable(ctx, { items })
  return new Map(rows.map((row) => [row.item_id, Number(row.orderable)]))
}

const bySku = prepared(db, (open, p: { keys: readonly string[] }, engine) =>
  open
    .selectFrom('inventory_items')
    .select(['id', 'sku', 'sku_key', 'archived_at'])
    .where('sku_key', 'in', listOf(engine, p.keys, 'text')),
)

export type KnownItem = { id: Id<'item'>; sku: string; archived: boolean }

/** The items of these SKUs, archived ones too, by the SKU in lower case; others are missing. */
export async function itemsBySku(
  ctx: Context,
  skus: readonly string[],
): Promise<Map<string, KnownItem>> {
  const rows = await bySku(ctx, { keys: skus.map(skuKey) })
  return new Map(
    rows.map(({ id, sku, sku_key, archived_at }) => [
      sku_key,
      { id, sku, archived: archived_at !== null },
    ]),
  )
}
