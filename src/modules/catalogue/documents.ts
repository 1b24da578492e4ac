import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import { type Context, perProcess } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { decimalText } from './facts.ts'
import type { Product, Variant } from './schemas.ts'
import { db } from './tables.ts'

type Changing = 'available_quantity' | 'in_stock'
export type VariantFacts = Omit<Variant, Changing | 'cost'>
export type ProductFacts = Omit<Product, Changing | 'cost_price' | 'variants'>

/**
 * All that a product's answer says but its stock, at one version: what is cached. `variants`,
 * `items` and `costs` stand in the same order.
 */
export type ProductDocument = {
  version: number
  product: ProductFacts
  variants: readonly VariantFacts[]
  /** The stock item of each variant; null where stock is not tracked. */
  items: readonly (Id<'item'> | null)[]
  /** The cost of each variant, as money. Not for the public. */
  costs: readonly (string | null)[]
  /** The printed answer, cut where stock is told; made when first printed. */
  pieces?: readonly string[]
}

/** A product at a version: what a page of a list reads from its index. */
export type Versioned = { id: Id<'product'>; version: number }

const DOCUMENTS_MAX = 4_000

/**
 * The documents used last. A product's version rises in the transaction of every change of it, its
 * variants and their prices, and each reading asks for the version it has just seen: so nothing
 * here can be stale, and nothing has to be told to forget.
 */
class DocumentCache {
  readonly #documents = new Map<string, ProductDocument>()

  find({ id, version }: Versioned): ProductDocument | undefined {
    const document = this.#documents.get(id)
    if (document?.version !== version) return undefined
    return document
  }

  keep(document: ProductDocument): void {
    const { id } = document.product
    if (this.#documents.size >= DOCUMENTS_MAX && !this.#documents.has(id)) this.#forgetOldest()
    this.#documents.delete(id)
    this.#documents.set(id, document)
  }

  #forgetOldest(): void {
    const oldest = this.#documents.keys().next().value
    if (oldest !== undefined) this.#documents.delete(oldest)
  }
}

const documentCache = perProcess(() => new DocumentCache())

/**
 * The documents of these products, in their order: from the cache, else by two statements. Only
 * for queries: what a command reads may yet be undone, and its version used again for something
 * else, so commands use `readDocuments`.
 */
export async function cachedDocuments(
  ctx: Context,
  wanted: readonly Versioned[],
): Promise<ProductDocument[]> {
  const cache = documentCache(ctx)
  const found = wanted.map((versioned) => cache.find(versioned))
  const missing = wanted.filter((_, nth) => found[nth] === undefined).map(({ id }) => id)
  if (missing.length === 0) return found as ProductDocument[]
  const read = new Map<string, ProductDocument>()
  for (const { document, isOneVersion } of await readDocuments(ctx, missing)) {
    read.set(document.product.id, document)
    // Outside a snapshot a change may fall between the two statements: answered, not kept.
    if (isOneVersion) cache.keep(document)
  }
  return wanted.flatMap(({ id }, nth) => found[nth] ?? read.get(id) ?? [])
}

const productRows = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('products')
    .selectAll()
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' })),
)

const variantRows = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('product_variants as v')
    .innerJoin('products as p', 'p.id', 'v.product_id')
    .leftJoin('variant_prices as u', (on) =>
      on.onRef('u.variant_id', '=', 'v.id').on('u.min_quantity', '=', 1),
    )
    .selectAll('v')
    .select(['p.version as product_version', 'p.currency as product_currency'])
    .select(['u.currency', 'u.amount', 'u.compare_at_amount'])
    .where(isOneOf(engine, 'v.product_id', { values: p.ids, kind: 'uuid' }))
    .where('v.archived_at', 'is', null)
    .orderBy('v.position')
    .orderBy('v.id')
    .orderBy('u.currency'),
)

type ProductRow = Awaited<ReturnType<typeof productRows>>[number]
type PricedRow = Awaited<ReturnType<typeof variantRows>>[number]

/** The documents of these products as the database has them in this transaction. */
export async function readDocuments(
  ctx: Context,
  ids: readonly Id<'product'>[],
): Promise<{ document: ProductDocument; isOneVersion: boolean }[]> {
  const rows = await productRows(ctx, { ids })
  const ofProduct = Map.groupBy(await variantRows(ctx, { ids }), (row) => row.product_id)
  return rows.map((row) => {
    const priced = ofProduct.get(row.id) ?? []
    const isOneVersion = priced[0]?.product_version === row.version
    return { document: documentOf(row, priced), isOneVersion }
  })
}

function documentOf(row: ProductRow, priced: readonly PricedRow[]): ProductDocument {
  const ofVariant = [...Map.groupBy(priced, (variant) => variant.id).values()]
  const variants = ofVariant.map(variantFacts)
  const rows = ofVariant.map((prices) => prices[0] as PricedRow)
  return {
    version: row.version,
    product: productFacts(row, variants[0]?.compare_at_price ?? null),
    variants,
    items: rows.map(({ inventory_tracking, item_id }) => (inventory_tracking ? item_id : null)),
    costs: rows.map(({ cost_amount }) =>
      cost_amount === null ? null : formatMoney(cost_amount, row.currency),
    ),
  }
}

function productFacts(row: ProductRow, compare_at_price: string | null): ProductFacts {
  const { currency } = row
  return {
    id: row.id,
    sku: row.sku,
    name: row.name,
    description: row.description,
    price: formatMoney(row.price_amount, currency),
    currency,
    compare_at_price,
    msrp: row.msrp_amount === null ? null : formatMoney(row.msrp_amount, currency),
    tax_rate: row.tax_rate_ppm === null ? null : decimalText(row.tax_rate_ppm, 6),
    status: row.status,
    is_active: row.status === 'active',
    is_digital: row.is_digital,
    image_url: row.image_url,
    brand: row.brand,
    manufacturer: row.manufacturer,
    tags: row.tags,
    weight_kg: row.weight_grams === null ? null : decimalText(row.weight_grams, 3),
    dimensions_cm: row.dimensions_cm,
    meta_title: row.meta_title,
    meta_description: row.meta_description,
    reorder_point: row.reorder_point,
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
  }
}

/** A variant from its rows, one for each price. */
function variantFacts(rows: readonly PricedRow[]): VariantFacts {
  const [row] = rows as [PricedRow]
  const prices = rows.flatMap(({ currency, amount, compare_at_amount }) =>
    currency === null || amount === null
      ? []
      : {
          currency,
          price: formatMoney(amount, currency),
          compare_at_price:
            compare_at_amount === null ? null : formatMoney(compare_at_amount, currency),
        },
  )
  const currency = row.product_currency
  const own = prices.find((price) => price.currency === currency)
  return {
    id: row.id,
    product_id: row.product_id,
    sku: row.sku,
    name: row.name,
    price: own?.price ?? formatMoney(0, currency),
    currency,
    compare_at_price: own?.compare_at_price ?? null,
    prices,
    options: row.options,
    position: row.position,
    inventory_tracking: row.inventory_tracking,
    weight: row.weight_grams === null ? null : row.weight_grams / 1000,
    dimensions: row.dimensions as Variant['dimensions'],
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
  }
}
