import { type SelectQueryBuilder, sql } from 'kysely'
import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import { type Page, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { prepared, rawQuery } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { findItem, findLocation, skuKey } from './find.ts'
import type {
  GetItem,
  InventoryItem,
  ItemLocation,
  ListItems,
  ListLowStock,
  StockMovement,
} from './schemas.ts'
import { db } from './tables.ts'

const LOW_STOCK_DEFAULT = 10

const levelsOfItems = prepared(db, (open, p: { items: readonly string[] }, engine) =>
  open
    .selectFrom('stock_levels as l')
    .innerJoin('locations as p', 'p.id', 'l.location_id')
    .select(['l.item_id', 'l.location_id as id', 'p.number', 'p.name', 'l.on_hand', 'l.reserved'])
    .select(['l.version', 'l.updated_at'])
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
  return sql<boolean>`(select coalesce(sum(l.on_hand - l.reserved), 0) from stock_levels as l
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
  const levels = await levelsOfItems(ctx, { items: items.map(({ id }) => id) })
  const byItem = Map.groupBy(levels, (level) => level.item_id)
  return items.map((item) => itemOf(item, byItem.get(item.id) ?? []))
}

function itemOf(item: ItemRow, levels: readonly LevelRow[]): InventoryItem {
  const sum = (of: (level: LevelRow) => number) => levels.reduce((n, level) => n + of(level), 0)
  return {
    id: item.id,
    inventory_item_id: item.number,
    item_number: item.sku,
    description: item.description,
    primary_uom_code: item.unit,
    reorder_point: item.reorder_point,
    quantities: quantities(
      sum((l) => l.on_hand),
      sum((l) => l.reserved),
    ),
    locations: levels.map(locationOf),
    version: item.version,
    created_at: item.created_at,
    updated_at: item.updated_at,
  }
}

const locationOf = (level: LevelRow): Static<typeof ItemLocation> => ({
  id: level.id,
  location_id: level.number,
  location_name: level.name,
  quantities: quantities(level.on_hand, level.reserved),
  version: level.version,
  updated_at: level.updated_at,
})

const quantities = (on_hand: number, reserved: number) => ({
  on_hand: String(on_hand),
  allocated: String(reserved),
  available: String(on_hand - reserved),
})

type Available = { item_id: Id<'item'>; available: number | null }

// A sum for each item asked: grouping all their levels would sort them first.
const availability = prepared(db, (open, p: { items: readonly string[] }, engine) => {
  const asked = listOf(engine, p.items, 'uuid')
  const sum = sql`select sum(on_hand - reserved) from stock_levels where item_id = a.value`
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

/** An item's ledger, newest first. */
export async function listMovements(
  ctx: Context,
  query: { id: string } & ListItems,
): Promise<Page<Static<typeof StockMovement>>> {
  const item = await findItem(ctx, query.id)
  const start = pageStart(query, '-sequence')
  const rows = db(ctx).selectFrom('stock_movements').where('item_id', '=', item.id)
  let page = rows
    .selectAll()
    .orderBy('sequence', 'desc')
    .limit(start.limit + 1)
  if (start.after) page = page.where('sequence', '<', Number(start.after[0]))
  else page = page.offset(start.offset)
  return pageOf({
    start,
    sort: '-sequence',
    rows: await page.execute(),
    key: ({ sequence }) => [sequence],
    item: ({ state_from, state_to, quantity, posted_at: _, ...row }) => ({
      ...row,
      quantity_delta: state_to === null ? -quantity : quantity,
    }),
    total: await countUpTo(ctx, rows),
  })
}
