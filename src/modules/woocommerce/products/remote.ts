import { toInstant } from '#kit/schemas'
import { isMissing, WooFault, type WooStore } from '../store.ts'

/** What is read of a product or a variation of WooCommerce. */
export type WooProduct = {
  id: number
  /** The product that a variation belongs to; 0 for a product. */
  parent_id: number
  /** `simple`, `variable`, `variation` and others. */
  type: string
  name: string
  sku: string
  status: string
  description: string
  regular_price: string
  manage_stock: boolean | string
  stock_quantity: number | null
  /** ISO 8601 in UTC; null where it cannot be read. */
  modified_at: string | null
  images: readonly { src: string }[]
  weight: string
}

/** Reads what WooCommerce answered; half an answer is none. */
export function readProduct(answer: unknown): WooProduct {
  const said = (answer ?? {}) as Record<string, unknown>
  if (!Number.isSafeInteger(said.id)) throw new WooFault('it told a product without an id')
  const text = (name: string) => (typeof said[name] === 'string' ? (said[name] as string) : '')
  return {
    id: said.id as number,
    parent_id: Number(said.parent_id ?? 0) || 0,
    type: text('type') || 'simple',
    name: text('name'),
    sku: text('sku'),
    status: text('status'),
    description: text('description'),
    regular_price: text('regular_price'),
    manage_stock: (said.manage_stock as boolean | undefined) ?? false,
    stock_quantity: typeof said.stock_quantity === 'number' ? said.stock_quantity : null,
    modified_at: instantOf(said.date_modified_gmt),
    images: Array.isArray(said.images) ? said.images : [],
    weight: text('weight'),
  }
}

/** WooCommerce tells UTC without saying so: `2026-01-15T18:00:00`. */
export function instantOf(said: unknown): string | null {
  if (typeof said !== 'string') return null
  const text = /(Z|[+-]\d\d:?\d\d)$/.test(said) ? said : `${said}Z`
  return Number.isNaN(Date.parse(text)) ? null : toInstant(text)
}

/** The product or variation with a SKU; undefined if there is none. A SKU names one at most. */
export async function productBySku(store: WooStore, sku: string): Promise<WooProduct | undefined> {
  const found = await store.call({ method: 'get', path: 'products', query: { sku } })
  if (!Array.isArray(found)) throw new WooFault('it told no list of products')
  // The question is a list of SKUs with commas between them, so one with a comma asks for more.
  return found.map(readProduct).find((one) => one.sku.toLowerCase() === sku.toLowerCase())
}

/** Where a product stands, or a variation within its product. */
export const pathOf = (id: string | number, parent?: string | number | null): string =>
  parent ? `products/${parent}/variations/${id}` : `products/${id}`

/** A product or variation; undefined if it is there no more. */
export async function productById(
  store: WooStore,
  id: string | number,
  parent?: string | number | null,
): Promise<WooProduct | undefined> {
  try {
    return readProduct(await store.call({ method: 'get', path: pathOf(id, parent) }))
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
