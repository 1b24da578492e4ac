import type { Id } from '#kit/ids'
import { itemsBySku, type KnownItem, levelsAt, locationsByCode } from '#modules/inventory'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { db as imports } from '#platform/imports/tables'
import { pricesBefore } from '../price-rows.ts'
import { db } from '../tables.ts'
import type { ReadGroup } from './groups.ts'

type Keys = { keys: readonly string[] }
type Ids = { ids: readonly string[] }

const productsBySku = prepared(db, (open, p: Keys, engine) =>
  open
    .selectFrom('products')
    .selectAll()
    .where(isOneOf(engine, 'sku_key', { values: p.keys, kind: 'text' })),
)
const productsById = prepared(db, (open, p: Ids, engine) =>
  open
    .selectFrom('products')
    .selectAll()
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' })),
)
const variantsBySku = prepared(db, (open, p: Keys, engine) =>
  open
    .selectFrom('product_variants')
    .selectAll()
    .where(isOneOf(engine, 'sku_key', { values: p.keys, kind: 'text' })),
)
const variantsByProduct = prepared(db, (open, p: Ids, engine) =>
  open
    .selectFrom('product_variants')
    .selectAll()
    .where(isOneOf(engine, 'product_id', { values: p.ids, kind: 'uuid' }))
    .where('archived_at', 'is', null)
    .orderBy('product_id')
    .orderBy('position')
    .orderBy('id'),
)
const variantsByGtin = prepared(db, (open, p: Keys, engine) =>
  open
    .selectFrom('product_variants')
    .select(['id', 'sku', 'gtin_key'])
    .where(isOneOf(engine, 'gtin_key', { values: p.keys, kind: 'text' }))
    .where('archived_at', 'is', null),
)

const twins = (column: 'group_key' | 'row_key' | 'other_key') =>
  prepared(imports, (open, p: Keys & { import_id: string }, engine) =>
    open
      .selectFrom('import_rows')
      .select([`${column} as key`, 'group_key', 'group_no', 'line'])
      .where('import_id', '=', p.import_id as never)
      .where(isOneOf(engine, column, { values: p.keys, kind: 'text' }))
      .orderBy('group_no')
      .orderBy('line'),
  )
const rowsByProduct = twins('group_key')
const rowsByVariant = twins('row_key')
const rowsByGtin = twins('other_key')

export type ProductRow = Awaited<ReturnType<typeof productsById>>[number]
export type VariantRow = Awaited<ReturnType<typeof variantsBySku>>[number]
export type Lookups = Awaited<ReturnType<typeof lookUp>>

/**
 * All that the rows of a batch are compared with: a fixed number of statements, whatever its size.
 */
export async function lookUp(ctx: Context, import_id: Id<'import'>, groups: readonly ReadGroup[]) {
  const variants = groups.flatMap((group) => group.variants)
  const keys = unique(groups.flatMap(({ keys }) => keys))
  const [found, named, inFile, inFileAsVariant] = [
    await productsBySku(ctx, { keys }),
    await variantsBySku(ctx, { keys }),
    await rowsByProduct(ctx, { import_id, keys }),
    await rowsByVariant(ctx, { import_id, keys }),
  ]
  const known = new Set(found.map(({ id }) => id))
  const others = unique(named.map((v) => v.product_id)).filter((id) => !known.has(id))
  const products = [
    ...found,
    ...(others.length > 0 ? await productsById(ctx, { ids: others }) : []),
  ]
  const ids = products.map(({ id }) => id)
  const live = ids.length > 0 ? await variantsByProduct(ctx, { ids }) : []
  const gtins = unique(variants.flatMap(({ gtin }) => gtin?.gtin_key ?? []))
  const items = await itemsBySku(ctx, keys)
  const codes = unique(variants.flatMap(({ location }) => location ?? []))
  const locations = await locationsByCode(ctx, codes)
  const stocked = variants.some(({ quantity }) => quantity !== undefined)
  const priced = named.map(({ id }) => id)
  return {
    productsBySku: new Map(found.map((row) => [row.sku_key, row])),
    productsById: new Map(products.map((row) => [row.id, row])),
    variantsBySku: new Map(named.map((row) => [row.sku_key, row])),
    live: Map.groupBy(live, ({ product_id }) => product_id),
    gtins: new Map(
      gtins.length > 0
        ? (await variantsByGtin(ctx, { keys: gtins })).map((row) => [row.gtin_key, row])
        : [],
    ),
    prices: new Map(
      (priced.length > 0 ? await pricesBefore(ctx, { ids: priced }) : []).map((row) => [
        `${row.variant_id} ${row.currency} ${row.min_quantity}`,
        row,
      ]),
    ),
    items: items as ReadonlyMap<string, KnownItem>,
    locations,
    levels: stocked
      ? await levelsAt(
          ctx,
          [...items.values()].map(({ id }) => id),
        )
      : new Map<string, { on_hand: number; reserved: number }>(),
    firstOfGtin: firsts(gtins.length > 0 ? await rowsByGtin(ctx, { import_id, keys: gtins }) : []),
    categories: await categoryPaths(ctx, groups),
    placed: await placesOf(ctx, ids),
    firstOfProduct: firsts(inFile),
    firstOfVariant: firsts(inFileAsVariant),
  }
}

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)]

type Twin = { key: string | null; group_key: string; group_no: number; line: number }

/** The first row of the file under each key. */
function firsts(rows: readonly Twin[]): Map<string, Twin> {
  const first = new Map<string, Twin>()
  for (const row of rows) {
    const key = row.key as string
    if (!first.has(key)) first.set(key, row)
  }
  return first
}

/** The live categories by path, such as `kitchen > mugs`; asked only where some are named. */
async function categoryPaths(
  ctx: Context,
  groups: readonly ReadGroup[],
): Promise<Map<string, Id<'category'> | null>> {
  const paths = new Map<string, Id<'category'> | null>()
  if (!groups.some(({ product }) => product.categories !== undefined)) return paths
  const rows = await db(ctx)
    .selectFrom('categories')
    .select(['id', 'parent_id', 'name'])
    .where('archived_at', 'is', null)
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  const pathOf = (row: (typeof rows)[number]): string => {
    const parent = row.parent_id === null ? undefined : byId.get(row.parent_id)
    return `${parent ? `${pathOf(parent)} > ` : ''}${row.name.trim().toLowerCase()}`
  }
  for (const row of rows) {
    const path = pathOf(row)
    // Two of one name: no path can say which is meant.
    paths.set(path, paths.has(path) ? null : row.id)
  }
  return paths
}

const placesNow = prepared(db, (open, p: Ids, engine) =>
  open
    .selectFrom('product_categories')
    .select(['product_id', 'category_id'])
    .where(isOneOf(engine, 'product_id', { values: p.ids, kind: 'uuid' })),
)

async function placesOf(ctx: Context, ids: readonly Id<'product'>[]) {
  const rows = ids.length > 0 ? await placesNow(ctx, { ids }) : []
  const places = new Map<Id<'product'>, Id<'category'>[]>()
  for (const { product_id, category_id } of rows) {
    places.set(product_id, [...(places.get(product_id) ?? []), category_id])
  }
  return places
}
