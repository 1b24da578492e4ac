import { DomainError } from '#kit/errors'
import { isUuid } from '#kit/ids'
import { formatMoney } from '#kit/money'
import type { ShownProduct } from '#modules/catalogue'
import { type Message, metadata } from './answers.ts'
import type { Asked, Call } from './calls.ts'
import { detailedProduct, printedProduct } from './catalog-answers.ts'
import { NoSuchThing } from './fault.ts'
import { readLookup, readProductRequest, readSearch, type Search } from './requests.ts'

const SEARCH = 'dev.ucp.shopping.catalog.search'
const LOOKUP = 'dev.ucp.shopping.catalog.lookup'
/** More are not asked for at once; a platform may ask for less. */
const PAGE_MAX = 50

type Page = { items: ShownProduct[]; total: number; next_cursor: string | null }

async function search({ app, caller, platform, body }: Asked): Promise<object> {
  const wanted = readSearch(body)
  const { query, filters, pagination } = wanted
  const categories = filters?.categories ?? []
  const page = (await caller.ask('catalogue.search_products', {
    ...(query && { search: query }),
    ...(categories[0] !== undefined && { category: categories[0] }),
    ...pricesOf(wanted, app.settings.default_currency),
    limit: Math.min(pagination?.limit ?? 10, PAGE_MAX),
    ...(pagination?.cursor && { cursor: pagination.cursor }),
  })) as Page
  const more = page.next_cursor
  const messages: Message[] =
    categories.length > 1
      ? [{ type: 'info', code: 'filter_ignored', content: 'Only the first category is searched.' }]
      : []
  return {
    ucp: metadata(platform, SEARCH),
    products: page.items.map(printedProduct),
    pagination: {
      has_next_page: more !== null,
      ...(more !== null && { cursor: more }),
      total_count: page.total,
    },
    ...(messages.length > 0 && { messages }),
  }
}

function pricesOf({ filters, context }: Search, usual: string) {
  const { min, max } = filters?.price ?? {}
  if (min === undefined && max === undefined) return {}
  const currency = (context?.currency ?? usual).toUpperCase()
  return {
    currency,
    ...(min !== undefined && { price_min: formatMoney(min, currency) }),
    ...(max !== undefined && { price_max: formatMoney(max, currency) }),
  }
}

/** What an id or a SKU names, of a product or a variant; undefined if nothing does. */
async function find({ caller }: Asked, ref: string) {
  const ask = async (name: string, input: object) =>
    caller.ask(name, input).catch((error) => {
      if (error instanceof DomainError && error.status === 404) return undefined
      throw error
    })
  if (!isUuid(ref.toLowerCase())) {
    return (await ask('catalogue.get_product_by_sku', { sku: ref })) as ShownProduct | undefined
  }
  const product = await ask('catalogue.get_product', { id: ref })
  if (product) return product as ShownProduct
  const variant = (await ask('catalogue.get_variant', { variant_id: ref })) as
    | { product_id: string }
    | undefined
  return (
    variant && ((await ask('catalogue.get_product', { id: variant.product_id })) as ShownProduct)
  )
}

async function lookup(asked: Asked): Promise<object> {
  const ids = [...new Set(readLookup(asked.body).ids)]
  const found = await Promise.all(ids.map(async (id) => ({ id, product: await find(asked, id) })))
  const byProduct = Map.groupBy(
    found.flatMap(({ id, product }) => (product ? [{ id, product }] : [])),
    ({ product }) => product.id,
  )
  const missing = found.filter(({ product }) => !product)
  const products = [...byProduct.values()].map((named) => {
    const { product } = named[0] as (typeof named)[number]
    return correlated(
      product,
      named.map(({ id }) => id),
    )
  })
  const messages = missing.map(
    ({ id }): Message => ({ type: 'info', code: 'not_found', content: `Nothing is called ${id}.` }),
  )
  return {
    ucp: metadata(asked.platform, LOOKUP),
    products,
    ...(messages.length > 0 && { messages }),
  }
}

/** A product with the variants that were named, or its first where the product was. */
function correlated(product: ShownProduct, ids: readonly string[]) {
  const printed = printedProduct(product)
  const inputs = (variant: (typeof printed)['variants'][number], nth: number) =>
    ids.flatMap((id) => {
      if (isSame(id, variant.id) || isSame(id, variant.sku)) return [{ id, match: 'exact' }]
      const isProduct = !printed.variants.some(
        (other) => isSame(id, other.id) || isSame(id, other.sku),
      )
      return isProduct && nth === 0 ? [{ id, match: 'featured' }] : []
    })
  const variants = printed.variants
    .map((variant, nth) => ({ ...variant, inputs: inputs(variant, nth) }))
    .filter(({ inputs }) => inputs.length > 0)
  return { ...printed, variants }
}

const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()

async function getProduct(asked: Asked): Promise<object> {
  const { id, selected = [] } = readProductRequest(asked.body)
  const product = await find(asked, id)
  if (!product) throw new NoSuchThing(`Nothing is called ${id}.`)
  return { ucp: metadata(asked.platform, LOOKUP), product: detailedProduct(product, selected) }
}

export const catalogCalls: readonly Call[] = [
  {
    name: 'search_catalog',
    title: 'Search the catalogue',
    description: 'Finds products by words, category and price.',
    route: 'POST /catalog/search',
    status: 200,
    capability: SEARCH,
    operations: ['catalogue.search_products'],
    kind: 'reads',
    argument: 'catalog',
    run: search,
  },
  {
    name: 'lookup_catalog',
    title: 'Look products up',
    description: 'Products and variants by ids or SKUs.',
    route: 'POST /catalog/lookup',
    status: 200,
    capability: LOOKUP,
    operations: ['catalogue.get_product'],
    kind: 'reads',
    argument: 'catalog',
    run: lookup,
  },
  {
    name: 'get_product',
    title: 'Read a product',
    description: 'One product with its options and what of them can be had.',
    route: 'POST /catalog/product',
    status: 200,
    capability: LOOKUP,
    operations: ['catalogue.get_product'],
    kind: 'reads',
    argument: 'catalog',
    run: getProduct,
  },
]
