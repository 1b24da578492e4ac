import { type Static, Type } from 'typebox'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { cachedDocuments, type Versioned } from './documents.ts'
import { filtersOf } from './filters.ts'
import { Product, Variant } from './schemas.ts'
import { searchPage } from './search-pages.ts'
import { db } from './tables.ts'
import { productWith, stockOf } from './with-stock.ts'

// What a shop may show to anybody, for those who choose what to show: never with what it costs.

const { cost_price: _, ...shown } = Product.properties
const { cost: __, locations: ___, ...variant } = Variant.properties

/** A product as everybody may see it: no member tells what it costs the merchant. */
export const ShownProduct = Type.Object({ ...shown, variants: Type.Array(Type.Object(variant)) })
export type ShownProduct = Static<typeof ShownProduct>

type Ids = { ids: readonly string[] }

const activeHeads = prepared(db, (open, p: Ids, engine) =>
  open
    .selectFrom('products')
    .select(['id', 'version'])
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' }))
    .where('status', '=', 'active'),
)

/**
 * Those of these products that are on sale, in the order asked for, with their stock and without
 * their costs, whoever asks. At most four statements for any number; only for queries.
 */
export async function shownProducts(
  ctx: Context,
  ids: readonly Id<'product'>[],
): Promise<ShownProduct[]> {
  if (ids.length === 0) return []
  const known = new Map((await activeHeads(ctx, { ids })).map((head) => [head.id, head]))
  const heads = ids.flatMap((id) => known.get(id) ?? ([] as Versioned[]))
  const documents = await cachedDocuments(ctx, heads)
  const stock = await stockOf(ctx, documents)
  return documents.map((document) => productWith(document, { stock, costs: false }))
}

const newest = prepared(db, (open, p: { limit: number }) =>
  open
    .selectFrom('products')
    .select('id')
    .where('status', '=', 'active')
    .orderBy('id', 'desc')
    .limit(p.limit),
)

/** The products that came last, of those on sale. */
export const newestProducts = async (ctx: Context, limit: number): Promise<Id<'product'>[]> =>
  (await newest(ctx, { limit })).map(({ id }) => id)

/** The products on sale that match a text, the best first, and how many do. */
export async function matchingProducts(
  ctx: Context,
  { text, limit, offset }: { text: string; limit: number; offset: number },
): Promise<{ ids: Id<'product'>[]; total: number }> {
  const filters = await filtersOf(ctx, { status: 'active' })
  const { rows, total } = await searchPage(ctx, filters, { text, limit, offset })
  return { ids: rows.slice(0, limit).map(({ id }) => id), total: total.total }
}

const placesOf = prepared(db, (open, p: Ids, engine) =>
  open
    .selectFrom('product_categories')
    .select('category_id')
    .distinct()
    .where(isOneOf(engine, 'product_id', { values: p.ids, kind: 'uuid' }))
    .orderBy('category_id')
    .limit(PLACES_MAX),
)
const newestIn = prepared(db, (open, p: { category_id: Id<'category'>; limit: number }) =>
  open
    .selectFrom('category_products')
    .select('product_id')
    .where('category_id', '=', p.category_id)
    .orderBy('product_id', 'desc')
    .limit(p.limit),
)
/** Of how many categories the neighbours are looked up: each costs a statement. */
const PLACES_MAX = 3

/**
 * Products that stand in a category into which staff put one of these, by category, the newest
 * first: of three categories at most, `limit` of each. Four statements at most.
 */
export async function neighboursOf(
  ctx: Context,
  { ids, limit }: { ids: readonly Id<'product'>[]; limit: number },
): Promise<Map<Id<'category'>, Id<'product'>[]>> {
  if (ids.length === 0) return new Map()
  const places = await placesOf(ctx, { ids })
  const found = await Promise.all(
    places.map(async ({ category_id }) => {
      const rows = await newestIn(ctx, { category_id, limit })
      return [category_id, rows.map(({ product_id }) => product_id)] as const
    }),
  )
  return new Map(found)
}
