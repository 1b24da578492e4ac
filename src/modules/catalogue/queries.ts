import type { Static } from 'typebox'
import { isUuid } from '#kit/ids'
import { parseCurrency } from '#kit/money'
import { type Page, pageErrors, pageOf, pageStart } from '#kit/pages'
import { printed } from '#kit/printed-json'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { cachedDocuments, type ProductDocument, type Versioned } from './documents.ts'
import { catalogueErrors } from './errors.ts'
import { priceOf } from './facts.ts'
import type { GetProduct, GetVariant, ListProducts } from './inputs.ts'
import { type Filters, listPage, type Sort, searchPage, type Total } from './product-pages.ts'
import type { Product, Variant, Variants } from './schemas.ts'
import { isStaff, seesCosts } from './sees.ts'
import { skuKey } from './sku.ts'
import { db } from './tables.ts'
import { printProduct, productWith, stockOf, variantWith } from './with-stock.ts'

/** Products, newest first unless sorted; with `search`, those that match, the best first. */
export async function listProducts(ctx: Context, query: ListProducts): Promise<Page<Product>> {
  if (query.search !== undefined && query.search.trim() !== '') return searchProducts(ctx, query)
  const filters = filtersOf(ctx, query)
  const sort = sortOf(query)
  const name = `${sort.descending ? '-' : ''}${sort.by}`
  const start = pageStart(query, name)
  const { rows, total } = isHidden(ctx, filters)
    ? NOTHING_FOUND
    : await listPage(ctx, filters, { sort, start })
  const { items, ...page } = pageOf({
    start,
    sort: name,
    rows,
    key: ({ id, key }) => (key === undefined ? [id] : [key, id]),
    item: (row) => row,
    total,
  })
  return withItems(ctx, page, items)
}

/** Products that match the words, the best first; without words, all of them. */
export async function searchProducts(ctx: Context, query: ListProducts): Promise<Page<Product>> {
  const { search = '' } = query
  if (search.trim() === '') return listProducts(ctx, query)
  const filters = filtersOf(ctx, query)
  const start = pageStart(query, 'rank')
  const offset = start.after ? searchOffset(start.after[0]) : start.offset
  const { limit } = start
  const { rows, total } = isHidden(ctx, filters)
    ? NOTHING_FOUND
    : await searchPage(ctx, filters, { text: search, limit, offset })
  const { items, ...page } = pageOf({
    start,
    sort: 'rank',
    rows,
    key: () => [offset + limit],
    item: (row) => row,
    total,
  })
  return withItems(ctx, page, items)
}

/** To the public only what is on sale exists, so nothing else is found. */
const isHidden = ({ actor }: Context, { status }: Filters): boolean =>
  status !== 'active' && !isStaff(actor)

const NOTHING_FOUND: { rows: never[]; total: Total } = {
  rows: [],
  total: { total: 0, total_is_estimate: false },
}

/** Matches have no order of their own to go on from, so their cursor counts. */
function searchOffset(after: unknown): number {
  if (Number.isSafeInteger(after) && (after as number) > 0) return after as number
  throw pageErrors.bad_cursor()
}

function sortOf({ sort_by: by = 'created_at', sort_order }: ListProducts): Sort {
  return { by, descending: sort_order ? sort_order === 'desc' : by === 'created_at' }
}

function filtersOf({ settings }: Context, query: ListProducts): Filters {
  const filters: Filters = {
    status: query.status ?? (query.is_active === false ? 'inactive' : 'active'),
  }
  if (query.brand !== undefined) filters.brand_key = query.brand.toLowerCase()
  if (query.tag !== undefined) filters.tag_key = query.tag.toLowerCase()
  const { price_min, price_max } = query
  const isPriced = price_min !== undefined || price_max !== undefined || query.sort_by === 'price'
  if (query.currency !== undefined) filters.currency = parseCurrency(query.currency)
  else if (isPriced) filters.currency = settings.default_currency
  const { currency } = filters
  if (currency && price_min !== undefined) {
    filters.price_min = priceOf(price_min, currency, 'price_min')
  }
  if (currency && price_max !== undefined) {
    filters.price_max = priceOf(price_max, currency, 'price_max')
  }
  return filters
}

/** The page with its products: kept documents and their stock, printed from pieces. */
async function withItems(
  ctx: Context,
  page: Omit<Page<unknown>, 'items'>,
  rows: readonly Versioned[],
): Promise<Page<Product>> {
  const documents = await cachedDocuments(ctx, rows)
  const stock = await stockOf(ctx, documents)
  if (seesCosts(ctx.actor)) {
    return { items: documents.map((document) => productWith(document, stock, true)), ...page }
  }
  const items = documents.map((document) => printProduct(document, stock)).join(',')
  return printed(`{"items":[${items}],${JSON.stringify(page).slice(1)}`)
}

const headById = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('products')
    .select(['id', 'version', 'status'])
    .where('id', '=', p.id as never),
)
const headBySku = prepared(db, (open, p: { sku_key: string }) =>
  open.selectFrom('products').select(['id', 'version', 'status']).where('sku_key', '=', p.sku_key),
)

/** A product with its variants; to the public, what is not on sale does not exist. */
export async function getProduct(ctx: Context, { id: ref }: GetProduct): Promise<Product> {
  const document = await documentBy(ctx, ref)
  return productWith(document, await stockOf(ctx, [document]), seesCosts(ctx.actor))
}

/** The variants of a product, in their order. */
export async function listVariants(
  ctx: Context,
  { id: ref }: GetProduct,
): Promise<Static<typeof Variants>> {
  const document = await documentBy(ctx, ref)
  const told = { stock: await stockOf(ctx, [document]), costs: seesCosts(ctx.actor) }
  return document.variants.map((_, nth) => variantWith(document, nth, told))
}

async function documentBy(ctx: Context, ref: string): Promise<ProductDocument> {
  const key = skuKey(ref)
  const head = isUuid(key)
    ? await headById.first(ctx, { id: key })
    : await headBySku.first(ctx, { sku_key: key })
  const isHidden = head && head.status !== 'active' && !isStaff(ctx.actor)
  const [document] = head && !isHidden ? await cachedDocuments(ctx, [head]) : []
  if (!document) throw catalogueErrors.product_not_found({ product: ref })
  return document
}

const variantHeadById = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('product_variants as v')
    .innerJoin('products as p', 'p.id', 'v.product_id')
    .select(['v.id as variant_id', 'v.archived_at', 'p.id', 'p.version', 'p.status'])
    .where('v.id', '=', p.id as never),
)
const variantHeadBySku = prepared(db, (open, p: { sku_key: string }) =>
  open
    .selectFrom('product_variants as v')
    .innerJoin('products as p', 'p.id', 'v.product_id')
    .select(['v.id as variant_id', 'v.archived_at', 'p.id', 'p.version', 'p.status'])
    .where('v.sku_key', '=', p.sku_key),
)

/** A variant that is in the catalogue. */
export async function getVariant(ctx: Context, { variant_id: ref }: GetVariant): Promise<Variant> {
  const key = skuKey(ref)
  const head = isUuid(key)
    ? await variantHeadById.first(ctx, { id: key })
    : await variantHeadBySku.first(ctx, { sku_key: key })
  const isHidden = !head || head.archived_at || (head.status !== 'active' && !isStaff(ctx.actor))
  const [document] = isHidden ? [] : await cachedDocuments(ctx, [head])
  const nth = document?.variants.findIndex(({ id }) => id === head?.variant_id) ?? -1
  if (!document || nth < 0) throw catalogueErrors.variant_not_found({ variant: ref })
  const stock = await stockOf(ctx, [document])
  return variantWith(document, nth, { stock, costs: seesCosts(ctx.actor) })
}
