import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { findCart } from '#modules/carts'
import {
  matchingProducts,
  neighboursOf,
  newestProducts,
  type ShownProduct,
  sellableVariants,
  shownProducts,
} from '#modules/catalogue'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import type { Reason, Recommend, Recommendation, Recommendations } from '../schemas.ts'
import { db } from '../tables.ts'
import { DEMAND_DAYS } from './age-demand.ts'

type Product = Id<'product'>
type Candidate = { product_id: Product; reason: Reason; explanation: string }

/** How many of each kind are looked at: what is sold out among them is left out. */
const LOOKED_AT = 100
const RECOMMENDED_MAX = 200

/**
 * What can be recommended: on sale and in stock, each with its reason, never with what it costs the
 * merchant. The number of statements does not depend on products, orders or the size of the page.
 * Throws `carts.not_found` for a cart that the caller may not see.
 */
export async function recommend(ctx: Context, query: Recommend): Promise<Recommendations> {
  const { page = 1, per_page = 20 } = query
  const from = (page - 1) * per_page
  if (query.is_active === false) return { products: [], total: 0 }
  const text = query.search?.trim()
  const { named, currency } = await contextOf(ctx, query)
  if (text) return matches(ctx, { text, limit: per_page, offset: from, currency })
  const candidates = await candidatesFor(ctx, named)
  const shown = await inStock(ctx, candidates, currency)
  return { products: shown.slice(from, from + per_page), total: shown.length }
}

type Searching = { text: string; limit: number; offset: number; currency: string | undefined }

async function matches(ctx: Context, searching: Searching): Promise<Recommendations> {
  const { text, limit, offset, currency } = searching
  const { ids, total } = await matchingProducts(ctx, { text, limit, offset })
  const found = ids.map((product_id): Candidate => {
    return { product_id, reason: 'matches', explanation: `Matches “${text}”.` }
  })
  return { products: await inStock(ctx, found, currency), total }
}

/** What the buyer looks at, or has in their cart, and the currency that they pay in there. */
async function contextOf(ctx: Context, { product_id, cart_id }: Recommend): Promise<Asked> {
  const named = new Set(product_id ?? [])
  if (!cart_id) return { named: [...named], currency: undefined }
  const { cart, lines } = await findCart(ctx, { id: cart_id })
  const { currency } = cart
  const refs = lines.map(({ variant_id }) => variant_id)
  const known = await sellableVariants(ctx, { refs, currency })
  for (const { product_id } of known.values()) named.add(product_id)
  return { named: [...named], currency }
}
type Asked = { named: readonly Product[]; currency: string | undefined }

/** What goes best with the named ones first; each product once, for its first reason. */
async function candidatesFor(ctx: Context, named: readonly Product[]): Promise<Candidate[]> {
  const [together, near, often, fresh] = await Promise.all([
    boughtTogether(ctx, named),
    sameCategory(ctx, named),
    boughtOften(ctx),
    newestProducts(ctx, LOOKED_AT),
  ])
  const recent = fresh.map((product_id): Candidate => {
    return { product_id, reason: 'new', explanation: 'New in the shop.' }
  })
  const seen = new Set<Product>(named)
  const all = [...together, ...near, ...often, ...recent].filter(({ product_id }) => {
    const isFirst = !seen.has(product_id)
    seen.add(product_id)
    return isFirst
  })
  return all.slice(0, RECOMMENDED_MAX)
}

type Ids = { ids: readonly string[] }

// A sum over several products cannot come from the index: so each brings its best, and no more.
const bestPairs = prepared(db, (open, p: { product_id: Product }) =>
  open
    .selectFrom('product_pairs')
    .select(['other_id', 'orders'])
    .where('product_id', '=', p.product_id)
    .where('orders', '>', 0)
    .orderBy('orders', 'desc')
    .orderBy('other_id', 'desc')
    .limit(LOOKED_AT),
)

async function boughtTogether(ctx: Context, named: readonly Product[]): Promise<Candidate[]> {
  const found = await Promise.all(
    named.slice(0, PAIRED_MAX).map((product_id) => bestPairs(ctx, { product_id })),
  )
  const orders = new Map<Product, number>()
  for (const pair of found.flat()) {
    orders.set(pair.other_id, (orders.get(pair.other_id) ?? 0) + pair.orders)
  }
  return [...orders]
    .toSorted(([one, a], [other, b]) => b - a || (one < other ? 1 : -1))
    .map(([product_id, times]) => {
      const explanation = `Bought together in ${times} ${times === 1 ? 'order' : 'orders'}.`
      return { product_id, reason: 'bought_together', explanation }
    })
}
/** Of how many named products the pairs are looked up: each costs a statement. */
const PAIRED_MAX = 5

const demandOf = prepared(db, (open, p: Ids, engine) =>
  open
    .selectFrom('product_demand')
    .selectAll()
    .where(isOneOf(engine, 'product_id', { values: p.ids, kind: 'uuid' })),
)

/** The newest of the categories of the named ones, what is bought often before the rest. */
async function sameCategory(ctx: Context, named: readonly Product[]): Promise<Candidate[]> {
  const places = await neighboursOf(ctx, { ids: named, limit: LOOKED_AT })
  const ids = [...new Set([...places.values()].flat())]
  if (ids.length === 0) return []
  const demand = new Map(
    (await demandOf(ctx, { ids })).map(({ product_id, orders }) => [product_id, orders]),
  )
  return ids
    .toSorted((one, other) => (demand.get(other) ?? 0) - (demand.get(one) ?? 0))
    .map((product_id) => {
      return { product_id, reason: 'same_category', explanation: 'Of the same category.' }
    })
}

const mostWanted = prepared(db, (open) =>
  open
    .selectFrom('product_demand')
    .selectAll()
    .where('orders', '>', 0)
    .orderBy('orders', 'desc')
    .orderBy('product_id', 'desc')
    .limit(sql.lit(LOOKED_AT)),
)

async function boughtOften(ctx: Context): Promise<Candidate[]> {
  const found = await mostWanted(ctx, {})
  return found.map(({ product_id, orders }) => {
    const times = `${orders} ${orders === 1 ? 'order' : 'orders'}`
    const explanation = `In ${times} of the last ${DEMAND_DAYS} days.`
    return { product_id, reason: 'bought_often', explanation }
  })
}

/** Those that can be bought now: in stock, and in the currency of the cart if there is one. */
async function inStock(
  ctx: Context,
  found: readonly Candidate[],
  currency: string | undefined,
): Promise<Recommendation[]> {
  const ids = found.map(({ product_id }) => product_id)
  const shown = new Map<Product, ShownProduct>(
    (await shownProducts(ctx, ids)).map((product) => [product.id, product]),
  )
  return found.flatMap(({ product_id, reason, explanation }) => {
    const product = shown.get(product_id)
    if (!product?.in_stock) return []
    if (currency !== undefined && !isSoldIn(product, currency)) return []
    return [{ ...product, reason, explanation }]
  })
}

/** A price of a variant that is sold out helps nobody: the same one must be there and have it. */
const isSoldIn = ({ variants }: ShownProduct, currency: string): boolean =>
  variants.some(
    ({ in_stock, prices }) => in_stock && prices.some((price) => price.currency === currency),
  )
