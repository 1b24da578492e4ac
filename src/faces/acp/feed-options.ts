import { dialectErrors } from '#faces/agentic-dialect/errors'
import type { FeedItem } from '#modules/feeds'
import type { Settings } from '#platform/config/settings'

/** The documented formats, and the columns of those that are tables. */
export const FORMATS = {
  names: ['json', 'csv', 'tsv'] as const,
  columns: [
    'enable_search',
    'enable_checkout',
    'id',
    'item_group_id',
    'sku',
    'gtin',
    'mpn',
    'title',
    'description',
    'link',
    'condition',
    'product_category',
    'material',
    'brand',
    'weight',
    'image_link',
    'additional_image_link',
    'price',
    'sale_price',
    'sale_price_until',
    'sale_price_effective_date',
    'availability',
    'inventory_quantity',
    'shipping',
    'seller_name',
    'seller_url',
    'seller_privacy_policy',
    'seller_tos',
    'return_policy',
    'return_window',
  ],
}

const ITEMS_MAX = 1_000_000
const TEXT_MAX = 500

/** What a caller may say about an export, checked. Absent texts are left out of the rows. */
export type CatalogueOptions = {
  format: 'json' | 'csv' | 'tsv'
  most: number
  product_base_url: string | undefined
  seller_name: string
  enable_search: boolean
  enable_checkout: boolean
  /** Whether the agent's feed is brought up to date as well. */
  push: boolean
  /** The same in every row. */
  said: Record<string, string | number>
}

const TEXTS = ['seller_url', 'seller_privacy_policy', 'seller_tos', 'return_policy'] as const

/** Reads the options of the documented export; refuses what is none with a word for it. */
export function readOptions(asked: unknown, settings: Settings): CatalogueOptions {
  if (typeof asked !== 'object' || asked === null || Array.isArray(asked)) {
    throw dialectErrors.invalid({ field: 'body', problem: 'must be an object' })
  }
  const members = asked as Record<string, unknown>
  if (members.openai_endpoint !== undefined || members.openai_api_key !== undefined) {
    throw dialectErrors.push_elsewhere()
  }
  const format = members.format ?? 'json'
  if (!FORMATS.names.includes(format as 'json')) throw dialectErrors.invalid_format()
  const said: Record<string, string | number> = {}
  for (const name of TEXTS) {
    const text = textOf(members, name)
    if (text !== undefined) said[name] = text
  }
  const window = wholeOf(members, 'return_window', 36_500)
  if (window !== undefined) said.return_window = window
  const shipping = textOf(members, 'default_shipping_cost')
  if (shipping !== undefined) said.shipping = `${settings.shop_country}:::${shipping}`
  return {
    format: format as CatalogueOptions['format'],
    most: wholeOf(members, 'max_products', ITEMS_MAX) ?? ITEMS_MAX,
    product_base_url: textOf(members, 'product_base_url'),
    seller_name: textOf(members, 'seller_name') ?? settings.shop_name,
    enable_search: yesOf(members, 'enable_search', true),
    enable_checkout: yesOf(members, 'enable_checkout', true),
    push: yesOf(members, 'push_to_openai', false),
    said,
  }
}

/** A row with what was said of all of them; members without a value are left out. */
export function itemAsAsked(item: FeedItem, options: CatalogueOptions): object {
  const { enable_search, enable_checkout, product_base_url, seller_name, said } = options
  const base = product_base_url?.replace(/\/+$/, '')
  const link = base ? `${base}/${item.item_group_id}` : item.link
  const row = { enable_search, enable_checkout, ...item, link, seller_name, ...said }
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
}

function textOf(members: Record<string, unknown>, name: string): string | undefined {
  const value = members[name] ?? undefined
  if (value === undefined) return undefined
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || text.length > TEXT_MAX) {
    throw dialectErrors.invalid({
      field: name,
      problem: `must be a text of ${TEXT_MAX} characters`,
    })
  }
  return text
}

function wholeOf(members: Record<string, unknown>, name: string, most: number) {
  const value = members[name] ?? undefined
  if (value === undefined) return undefined
  const number = typeof value === 'string' && /^\d{1,7}$/.test(value) ? Number(value) : value
  if (Number.isInteger(number) && (number as number) >= 1 && (number as number) <= most) {
    return number as number
  }
  throw dialectErrors.invalid({ field: name, problem: `must be a whole number from 1 to ${most}` })
}

function yesOf(members: Record<string, unknown>, name: string, fallback: boolean): boolean {
  const value = members[name] ?? fallback
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw dialectErrors.invalid({ field: name, problem: 'must be true or false' })
}
