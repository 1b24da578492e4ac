import { isUuid } from '#kit/ids'
import { type Page, pageErrors, pageOf, pageStart } from '#kit/pages'
import { printed } from '#kit/printed-json'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { cachedDocuments, type ProductDocument, type Versioned } from './documents.ts'
import { catalogueErrors } from './errors.ts'
import { type FacetsAnswer, facetsOf, readWanted } from './facets.ts'
import { type Filters, filtersOf } from './filters.ts'
import type { ListProducts, ProductBySku, ProductBySlug, ReadProduct } from './inputs.ts'
import { listPage, type Sort, type Total } from './product-pages.ts'
import type { Product } from './schemas.ts'
import { searchPage } from './search-pages.ts'
import { isStaff, seesCosts } from './sees.ts'
import { skuKey } from './sku.ts'
import { db } from './tables.ts'
import { printProduct, productWith, stockOf } from './with-stock.ts'

/** A page of products; `facets` as they were asked for. */
export type ProductPage = Page<Product> & Partial<FacetsAnswer>
type Head = Omit<Page<unknown>, 'items'> & Partial<FacetsAnswer>

/** Products, newest first unless sorted; with `search`, those that match, the best first. */
export async function listProducts(ctx: Context, query: ListProducts): Promise<ProductPage> {
  if (query.search !== undefined && query.search.trim() !== '') return searchProducts(ctx, query)
  const sort = sortOf(query)
  const name = `${sort.descending ? '-' : ''}${sort.by}`
  const start = pageStart(query, name)
  const filters = await filtersOf(ctx, query)
  const [{ rows, total }, facets] = await Promise.all([
    isHidden(ctx, filters) ? NOTHING_FOUND : listPage(ctx, filters, { sort, start }),
    facetsFor(ctx, filters, query),
  ])
  const { items, ...page } = pageOf({
    start,
    sort: name,
    rows,
    key: ({ id, key }) => (key === undefined ? [id] : [key, id]),
    item: (row) => row,
    total,
  })
  return withItems(ctx, { ...page, ...facets }, { rows: items, query })
}

/** Products that match the words, the best first; without words, all of them. */
export async function searchProducts(ctx: Context, query: ListProducts): Promise<ProductPage> {
  const { search = '' } = query
  if (search.trim() === '') return listProducts(ctx, query)
  const start = pageStart(query, 'rank')
  const offset = start.after ? searchOffset(start.after[0]) : start.offset
  const { limit } = start
  const filters = await filtersOf(ctx, query)
  const [{ rows, total }, facets] = await Promise.all([
    isHidden(ctx, filters)
      ? NOTHING_FOUND
      : searchPage(ctx, filters, { text: search, limit, offset }),
    facetsFor(ctx, filters, query),
  ])
  const { items, ...page } = pageOf({
    start,
    sort: 'rank',
    rows,
    key: () => [offset + limit],
    item: (row) => row,
    total,
  })
  return withItems(ctx, { ...page, ...facets }, { rows: items, query })
}

/** To the public only what is on sale exists, so nothing else is found. */
const isHidden = ({ actor }: Context, { status }: Filters): boolean =>
  status !== 'active' && !isStaff(actor)

const NOTHING_FOUND: { rows: never[]; total: Total } = {
  rows: [],
  total: { total: 0, total_is_estimate: false },
}

async function facetsFor(
  ctx: Context,
  filters: Filters,
  { facets, search }: ListProducts,
): Promise<FacetsAnswer | undefined> {
  const wanted = readWanted(facets)
  if (!wanted) return undefined
  // Words without letters match nothing, and so does what is hidden.
  if (isHidden(ctx, filters)) return { facets: {}, facets_exact: true }
  return facetsOf(ctx, filters, { text: search, wanted })
}

/** Matches have no order of their own to go on from, so their cursor counts. */
function searchOffset(after: unknown): number {
  if (Number.isSafeInteger(after) && (after as number) > 0) return after as number
  throw pageErrors.bad_cursor()
}

function sortOf({ sort_by: by = 'created_at', sort_order }: ListProducts): Sort {
  return { by, descending: sort_order ? sort_order === 'desc' : by === 'created_at' }
}

type Shown = { rows: readonly Versioned[]; query: ListProducts }

/** The page with its products: kept documents and their stock, printed from pieces. */
async function withItems(ctx: Context, head: Head, { rows, query }: Shown): Promise<ProductPage> {
  const documents = await cachedDocuments(ctx, rows)
  const locations = query.include === 'locations'
  const stock = await stockOf(ctx, documents, locations)
  const costs = seesCosts(ctx.actor)
  if (costs || locations) {
    return { items: documents.map((document) => productWith(document, { stock, costs })), ...head }
  }
  const items = documents.map((document) => printProduct(document, stock)).join(',')
  return printed(`{"items":[${items}],${JSON.stringify(head).slice(1)}`)
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
const headByVariantSku = prepared(db, (open, p: { sku_key: string }) =>
  open
    .selectFrom('product_variants as v')
    .innerJoin('products as p', 'p.id', 'v.product_id')
    .select(['p.id', 'p.version', 'p.status'])
    .where('v.sku_key', '=', p.sku_key)
    .where('v.archived_at', 'is', null),
)
const headBySlug = prepared(db, (open, p: { slug: string }) =>
  open
    .selectFrom('product_slugs as s')
    .innerJoin('products as p', 'p.id', 's.product_id')
    .select(['p.id', 'p.version', 'p.status'])
    .where('s.slug', '=', p.slug),
)
export type ProductHead = Awaited<ReturnType<typeof headById>>[number]
type Including = { include?: 'locations' | undefined }

/** A product with its variants; to the public, what is not on sale does not exist. */
export async function getProduct(
  ctx: Context,
  { id: ref, include }: ReadProduct,
): Promise<Product> {
  return productOf(ctx, await visibleHead(ctx, ref), { include })
}

/** The product of a SKU, its own or that of one of its variants. */
export async function getProductBySku(
  ctx: Context,
  { sku, include }: ProductBySku,
): Promise<Product> {
  const sku_key = skuKey(sku)
  const head =
    (await headBySku.first(ctx, { sku_key })) ?? (await headByVariantSku.first(ctx, { sku_key }))
  return productOf(ctx, requireVisible(ctx, head, sku), { include })
}

/** The product that a slug leads to, or led to once; the answer names the one of today. */
export async function getProductBySlug(
  ctx: Context,
  { slug, include }: ProductBySlug,
): Promise<Product> {
  const head = await headBySlug.first(ctx, { slug })
  return productOf(ctx, requireVisible(ctx, head, slug), { include })
}

async function productOf(
  ctx: Context,
  head: ProductHead,
  { include }: Including,
): Promise<Product> {
  const [document] = (await cachedDocuments(ctx, [head])) as [ProductDocument]
  const stock = await stockOf(ctx, [document], include === 'locations')
  return productWith(document, { stock, costs: seesCosts(ctx.actor) })
}

/** The product that an id or a SKU names, if the caller may know of it. */
export async function visibleHead(ctx: Context, ref: string): Promise<ProductHead> {
  const key = skuKey(ref)
  const head = isUuid(key)
    ? await headById.first(ctx, { id: key })
    : await headBySku.first(ctx, { sku_key: key })
  return requireVisible(ctx, head, ref)
}

function requireVisible(ctx: Context, head: ProductHead | undefined, product: string): ProductHead {
  const isVisible = head && (head.status === 'active' || isStaff(ctx.actor))
  if (!isVisible) throw catalogueErrors.product_not_found({ product })
  return head
}
