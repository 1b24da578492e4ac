import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import { type Context, perProcess } from '#platform/context'
import {
  type PricedRow,
  type ProductRow,
  productRows,
  variantRows,
  variantRowsById,
} from './document-rows.ts'
import { type ProductFacts, productFacts, type VariantFacts, variantFacts } from './facts-told.ts'
import { pricesIn, steadyAround } from './offers.ts'
import { lowestBeforeSales } from './price-history.ts'
import type { PricedAt } from './price-told.ts'

/** Variants with what is told of them, in one order. */
export type VariantSet = {
  variants: readonly VariantFacts[]
  /** The stock item of each variant; null where stock is not tracked. */
  items: readonly (Id<'item'> | null)[]
  /** The cost of each variant, as money. Not for the public. */
  costs: readonly (string | null)[]
}

/** All that a product's answer says but its stock, at one version: what is cached. */
export type ProductDocument = VariantSet & {
  version: number
  /** The time in which no sale begins or ends: its prices are those of every instant of it. */
  steady: { since: string | null; until: string | null }
  product: ProductFacts
  /** The printed answer, cut where stock is told; made when first printed. */
  pieces?: readonly string[]
}

/** A product at a version: what a page of a list reads from its index. */
export type Versioned = { id: Id<'product'>; version: number }

const DOCUMENTS_MAX = 4_000

/**
 * The documents used last. A product's version rises in the transaction of every change of it, its
 * variants and their prices, and each reading asks for the version it has just seen: so nothing
 * here can be stale, and nothing has to be told to forget. What changes by itself is the price when
 * a sale begins or ends; each document knows for how long it holds.
 */
class DocumentCache {
  readonly #documents = new Map<string, ProductDocument>()

  find({ id, version }: Versioned, now: string): ProductDocument | undefined {
    const document = this.#documents.get(id)
    if (document?.version !== version) return undefined
    const { since, until } = document.steady
    if ((since !== null && now < since) || (until !== null && now >= until)) return undefined
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
 * The documents of these products, in their order: from the cache, else by two statements, or
 * three where a sale runs. Only for queries: what a command reads may yet be undone, and its
 * version used again for something else, so commands use `readDocuments`.
 */
export async function cachedDocuments(
  ctx: Context,
  wanted: readonly Versioned[],
): Promise<ProductDocument[]> {
  const cache = documentCache(ctx)
  const found = wanted.map((versioned) => cache.find(versioned, ctx.now))
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

/** The documents of these products as the database has them in this transaction. */
export async function readDocuments(
  ctx: Context,
  ids: readonly Id<'product'>[],
): Promise<{ document: ProductDocument; isOneVersion: boolean }[]> {
  const rows = await productRows(ctx, { ids })
  const variants = await variantRows(ctx, { ids })
  const ofProduct = Map.groupBy(variants, (row) => row.product_id)
  const at = { now: ctx.now, lowest: await lowestBeforeSales(ctx, pricedIn(variants)) }
  return rows.map((row) => {
    const priced = ofProduct.get(row.id) ?? []
    const isOneVersion = priced[0]?.product_version === row.version
    return { document: documentOf(row, priced, at), isOneVersion }
  })
}

/** The prices that have offers beside them, one a variant and currency. */
const pricedIn = (rows: readonly PricedRow[]) =>
  rows.flatMap(({ id: variant_id, currency, amount, offers }) => {
    const prices = currency === null || !offers ? null : pricesIn(currency, amount, offers)
    return prices && currency !== null ? [{ variant_id, currency, prices }] : []
  })

function documentOf(row: ProductRow, priced: readonly PricedRow[], at: PricedAt): ProductDocument {
  const set = variantSet(priced, at)
  return {
    version: row.version,
    steady: steadyAround(
      priced.map(({ offers }) => offers),
      at.now,
    ),
    product: productFacts(row, set.variants[0]),
    ...set,
  }
}

/** The variants of these rows, one for each of their prices, in the order of the rows. */
function variantSet(priced: readonly PricedRow[], at: PricedAt): VariantSet {
  const ofVariant = [...Map.groupBy(priced, (variant) => variant.id).values()]
  const rows = ofVariant.map((prices) => prices[0] as PricedRow)
  return {
    variants: ofVariant.map((rows) => variantFacts(rows, at)),
    items: rows.map(({ inventory_tracking, item_id }) => (inventory_tracking ? item_id : null)),
    costs: rows.map(({ cost_amount, product_currency }) =>
      cost_amount === null ? null : formatMoney(cost_amount, product_currency),
    ),
  }
}

/** These variants, in the order of their product, past the cache. */
export async function readVariants(
  ctx: Context,
  ids: readonly Id<'variant'>[],
): Promise<VariantSet> {
  const rows = await variantRowsById(ctx, { ids })
  return variantSet(rows, { now: ctx.now, lowest: await lowestBeforeSales(ctx, pricedIn(rows)) })
}
