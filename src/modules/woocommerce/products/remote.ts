import { toInstant } from '#kit/schemas'
import { isMissing, WooFault, type WooStore } from '../store.ts'
import { plainText } from './text.ts'

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
  /** Of a variation: what it is of each attribute. Of a product: what its variations differ in. */
  attributes: readonly WooAttribute[]
  /** How many variations a variable product has. */
  variations_total: number
  /** The categories that a product stands in; null of a variation, which has none of its own. */
  categories: readonly { id: number; slug: string }[] | null
}
export type WooAttribute = {
  name: string
  /** Of a variation; empty if it stands for any. */
  option: string
  /** Of a product, those that its variations choose of. */
  options: readonly string[]
  variation: boolean
}

/** Reads what WooCommerce answered; half an answer is none. */
export function readProduct(answer: unknown): WooProduct {
  const said = (answer ?? {}) as Record<string, unknown>
  const id = Number(said.id)
  if (!Number.isSafeInteger(id) || id < 1) throw new WooFault('it told a product without an id')
  const text = (name: string) => (typeof said[name] === 'string' ? (said[name] as string) : '')
  return {
    id,
    parent_id: Number(said.parent_id ?? 0) || 0,
    type: text('type') || 'simple',
    name: text('name'),
    sku: text('sku'),
    status: text('status'),
    description: text('description'),
    regular_price: priceIn(said.regular_price),
    manage_stock: (said.manage_stock as boolean | undefined) ?? false,
    stock_quantity: wholeIn(said.stock_quantity),
    modified_at: instantOf(said.date_modified_gmt),
    images: imagesIn(said),
    weight: text('weight'),
    attributes: Array.isArray(said.attributes) ? said.attributes.map(attributeIn) : [],
    variations_total: Array.isArray(said.variations) ? said.variations.length : 0,
    categories: Array.isArray(said.categories) ? said.categories.map(categoryIn) : null,
  }
}

/** A price is text; some plug-ins make it a number. */
const priceIn = (said: unknown): string =>
  typeof said === 'number' || typeof said === 'string' ? String(said) : ''

/** Units are whole; a plug-in that sells by weight tells parts of one, and text. */
function wholeIn(said: unknown): number | null {
  const units = typeof said === 'string' && said !== '' ? Number(said) : said
  return typeof units === 'number' && Number.isFinite(units) ? Math.floor(units) : null
}

/** A product has pictures, a variation one. */
function imagesIn({ images, image }: Record<string, unknown>): { src: string }[] {
  const all: unknown[] = Array.isArray(images) ? images : [image]
  return all.flatMap((one) => {
    const src = (one as { src?: unknown } | null)?.src
    return typeof src === 'string' && src !== '' ? [{ src }] : []
  })
}

function categoryIn(said: unknown): { id: number; slug: string } {
  const { id, slug } = (said ?? {}) as Record<string, unknown>
  return { id: Number(id) || 0, slug: String(slug ?? '') }
}

function attributeIn(said: unknown): WooAttribute {
  const { name, option, options, variation } = (said ?? {}) as Record<string, unknown>
  return {
    name: plainText(String(name ?? '')),
    option: plainText(String(option ?? '')),
    options: Array.isArray(options) ? options.map((one) => plainText(String(one))) : [],
    variation: variation === true,
  }
}

/** As many as WooCommerce tells at once. */
const VARIATIONS_PAGE = 100

/** The variations of a product in their order, at most `limit` of them. */
export async function variationsOf(
  store: WooStore,
  parent: number,
  limit: number,
): Promise<WooProduct[]> {
  const found: WooProduct[] = []
  for (let page = 1; found.length < limit; page++) {
    const query = { per_page: VARIATIONS_PAGE, page, orderby: 'id', order: 'asc' }
    const path = `products/${parent}/variations`
    const rows = await store.call({ method: 'get', path, query })
    if (!Array.isArray(rows)) throw new WooFault('it told no list of variations')
    found.push(...rows.map(readProduct))
    if (rows.length < VARIATIONS_PAGE) break
  }
  return found.slice(0, limit)
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

/** A product or variation; undefined if it is there no more, or in the trash. */
export async function productById(
  store: WooStore,
  id: string | number,
  parent?: string | number | null,
): Promise<WooProduct | undefined> {
  try {
    const found = readProduct(await store.call({ method: 'get', path: pathOf(id, parent) }))
    // What lies in the trash can still be read and written; to its shop it is gone.
    return found.status === 'trash' ? undefined : found
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
