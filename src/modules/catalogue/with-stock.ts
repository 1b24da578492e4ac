import type { Id } from '#kit/ids'
import { availabilityOf } from '#modules/inventory'
import type { Context } from '#platform/context'
import type { ProductDocument } from './documents.ts'
import type { Product, Variant } from './schemas.ts'

/** Units that can be ordered now, by item; an item without stock is missing. */
export type Stock = ReadonlyMap<Id<'item'>, number>

/** What is available of all these products, by one statement. */
export function stockOf(ctx: Context, documents: readonly ProductDocument[]): Promise<Stock> {
  const items: Id<'item'>[] = []
  for (const document of documents) for (const item of document.items) if (item) items.push(item)
  return availabilityOf(ctx, items)
}

const availableOf = (stock: Stock, item: Id<'item'> | null): number | null =>
  item === null ? null : (stock.get(item) ?? 0)

/** A product's quantity is that of its tracked variants; it is in stock if any variant is. */
function availableTogether({ items }: ProductDocument, stock: Stock) {
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
export function productWith(document: ProductDocument, stock: Stock, costs: boolean): Product {
  return {
    ...document.product,
    ...(costs && { cost_price: document.costs[0] ?? null }),
    variants: document.variants.map((_, nth) => variantWith(document, nth, { stock, costs })),
    ...availableTogether(document, stock),
  }
}

/** The answer of the variant at a place of its product's document. */
export function variantWith(
  { variants, items, costs }: Pick<ProductDocument, 'variants' | 'items' | 'costs'>,
  nth: number,
  told: { stock: Stock; costs: boolean },
): Variant {
  const available = availableOf(told.stock, items[nth] ?? null)
  return {
    ...(variants[nth] as ProductDocument['variants'][number]),
    ...(told.costs && { cost: costs[nth] ?? null }),
    available_quantity: available,
    in_stock: available === null || available > 0,
  }
}

/**
 * The same answer as `productWith`, without costs, as JSON text: the kept pieces with the stock
 * between them.
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
