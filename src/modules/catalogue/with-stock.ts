import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import {
  type AvailableAt,
  availabilityByLocation,
  availabilityOf,
  availableUnitsOf,
} from '#modules/inventory'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import type { ProductDocument, VariantSet } from './documents.ts'
import type { Product, Variant } from './schemas.ts'
import { db } from './tables.ts'

type Together = { available_quantity: number | null; in_stock: boolean }
export type Stock = {
  /** Units that can be ordered now, by item; an item without stock is missing. */
  items: ReadonlyMap<Id<'item'>, number>
  /** Of products with more variants than are answered with them: what all of them have. */
  whole: ReadonlyMap<Id<'product'>, Together>
  /** The same by location, if that was asked for. */
  places?: ReadonlyMap<Id<'item'>, readonly AvailableAt[]>
}
/** How an answer is told: with or without costs, with or without locations. */
export type Told = { stock: Stock; costs: boolean }

const itemsOf = (sets: readonly VariantSet[]): Id<'item'>[] => {
  const items: Id<'item'>[] = []
  for (const set of sets) for (const item of set.items) if (item) items.push(item)
  return items
}

/**
 * What is available of all these products, by one statement; one more where a product has more
 * variants than it shows, and one more for locations.
 */
export async function stockOf(
  ctx: Context,
  documents: readonly ProductDocument[],
  locations = false,
): Promise<Stock> {
  const large = documents.filter(
    ({ product, variants }) => product.variants_total > variants.length,
  )
  const [stock, whole] = await Promise.all([
    stockOfVariants(ctx, documents, locations),
    large.length === 0 ? [] : wholeProducts(ctx, { ids: large.map(({ product }) => product.id) }),
  ])
  const told = whole.map(({ product_id, available_quantity, in_stock }) => {
    return [product_id, { available_quantity, in_stock: in_stock === 1 }] as const
  })
  return { ...stock, whole: new Map(told) }
}

/** What is available of these variants, by one statement, or two with their locations. */
export async function stockOfVariants(
  ctx: Context,
  sets: readonly VariantSet[],
  locations = false,
): Promise<Stock> {
  const items = itemsOf(sets)
  if (!locations) return { items: await availabilityOf(ctx, items), whole: NOTHING }
  const [available, places] = await Promise.all([
    availabilityOf(ctx, items),
    availabilityByLocation(ctx, items),
  ])
  return { items: available, whole: NOTHING, places }
}

const NOTHING: Stock['whole'] = new Map()

type Whole = { product_id: Id<'product'>; available_quantity: number | null; in_stock: number }

const wholeProducts = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  rawQuery(
    open,
    sql<Whole>`select product_id, sum(available) as available_quantity,
        max(case when available is null or available > 0 then 1 else 0 end) as in_stock
      from (select v.product_id,
          case when v.inventory_tracking then ${availableUnitsOf(sql.ref('v.item_id'))} end as available
        from product_variants as v
        where ${isOneOf(engine, 'v.product_id', { values: p.ids, kind: 'uuid' })}
          and v.archived_at is null) as each_variant
      group by product_id`,
  ),
)

const availableOf = ({ items }: Stock, item: Id<'item'> | null): number | null =>
  item === null ? null : (items.get(item) ?? 0)

/** A product's quantity is that of its tracked variants; it is in stock if any variant is. */
function availableTogether({ items, product }: ProductDocument, stock: Stock): Together {
  const whole = stock.whole.get(product.id)
  if (whole) return whole
  let available_quantity: number | null = null
  let in_stock = false
  for (const item of items) {
    const available = availableOf(stock, item)
    if (available === null) in_stock = true
    else {
      available_quantity = (available_quantity ?? 0) + available
      in_stock ||= available > 0
    }
  }
  return { available_quantity, in_stock }
}

/** A product's answer, with costs for those who may see them. */
export function productWith(document: ProductDocument, told: Told): Product {
  return {
    ...document.product,
    ...(told.costs && { cost_price: document.costs[0] ?? null }),
    variants: variantsWith(document, told),
    ...availableTogether(document, told.stock),
  }
}

/** The answers of variants, in their order. */
export const variantsWith = (set: VariantSet, told: Told): Variant[] =>
  set.variants.map((_, nth) => variantWith(set, nth, told))

/** The answer of the variant at a place of its set. */
export function variantWith({ variants, items, costs }: VariantSet, nth: number, told: Told) {
  const item = items[nth] ?? null
  const { places } = told.stock
  const available = availableOf(told.stock, item)
  const variant: Variant = {
    ...(variants[nth] as VariantSet['variants'][number]),
    ...(told.costs && { cost: costs[nth] ?? null }),
    available_quantity: available,
    in_stock: available === null || available > 0,
    ...(places && { locations: item === null ? [] : [...(places.get(item) ?? [])] }),
  }
  return variant
}

/**
 * The same answer as `productWith`, without costs and locations, as JSON text: the kept pieces with
 * the stock between them.
 */
export function printProduct(document: ProductDocument, stock: Stock): string {
  document.pieces ??= piecesOf(document)
  const { pieces, items } = document
  let text = pieces[0] as string
  for (let nth = 0; nth < items.length; nth++) {
    const available = availableOf(stock, items[nth] as Id<'item'> | null)
    text += stockMembers(available, available === null || available > 0) + pieces[nth + 1]
  }
  const { available_quantity, in_stock } = availableTogether(document, stock)
  return text + stockMembers(available_quantity, in_stock) + pieces[items.length + 1]
}

const stockMembers = (available: number | null, in_stock: boolean): string =>
  `"available_quantity":${available},"in_stock":${in_stock}`

// A name that no stored text can hold, so that it marks the place of the stock and nothing else.
const SLOT = { '\u0000': 0 }
const PRINTED_SLOT = JSON.stringify(SLOT).slice(1, -1)

function piecesOf({ product, variants }: ProductDocument): string[] {
  const slotted = { ...product, variants: variants.map((v) => ({ ...v, ...SLOT })), ...SLOT }
  return JSON.stringify(slotted).split(PRINTED_SLOT)
}
