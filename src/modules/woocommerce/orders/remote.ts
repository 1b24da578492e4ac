import { instantOf } from '../products/remote.ts'
import { WooFault, type WooStore } from '../store.ts'

export type WooAddress = Partial<
  Record<
    | 'first_name'
    | 'last_name'
    | 'company'
    | 'address_1'
    | 'address_2'
    | 'city'
    | 'state'
    | 'postcode'
    | 'country'
    | 'email'
    | 'phone',
    string
  >
>
export type WooLine = {
  product_id: number
  variation_id: number
  name: string
  sku: string
  quantity: number
  subtotal: string
  total: string
  total_tax: string
}
type WooCost = { name: string; total: string; total_tax: string }

/** What is read of an order of WooCommerce. */
export type WooOrder = {
  id: number
  number: string
  status: string
  currency: string
  total: string
  /** ISO 8601 in UTC; null where it cannot be read. */
  created_at: string | null
  modified_at: string | null
  paid_at: string | null
  payment_method_title: string
  transaction_id: string
  billing: WooAddress
  shipping: WooAddress
  lines: readonly WooLine[]
  shipping_lines: readonly WooCost[]
  fee_lines: readonly WooCost[]
  customer_note: string
  meta: ReadonlyMap<string, string>
}

type Said = Record<string, any>
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const list = (value: unknown): Said[] => (Array.isArray(value) ? value : [])

/** Reads what WooCommerce answered; half an answer is none. */
export function readOrder(answer: unknown): WooOrder {
  const said = (answer ?? {}) as Said
  if (!Number.isSafeInteger(said.id) || text(said.status) === '') {
    throw new WooFault('it told an order without an id or a status')
  }
  const costs = (rows: Said[], name: string) =>
    rows.map((row) => ({
      name: text(row[name]),
      total: text(row.total),
      total_tax: text(row.total_tax),
    }))
  return {
    id: said.id,
    number: text(said.number) || String(said.id),
    status: text(said.status),
    currency: text(said.currency).toUpperCase(),
    total: text(said.total),
    created_at: instantOf(said.date_created_gmt),
    modified_at: instantOf(said.date_modified_gmt),
    paid_at: instantOf(said.date_paid_gmt),
    payment_method_title: text(said.payment_method_title),
    transaction_id: text(said.transaction_id),
    billing: said.billing ?? {},
    shipping: said.shipping ?? {},
    lines: list(said.line_items).map(readLine),
    shipping_lines: costs(list(said.shipping_lines), 'method_title'),
    fee_lines: costs(list(said.fee_lines), 'name'),
    customer_note: text(said.customer_note),
    meta: new Map(list(said.meta_data).map(({ key, value }) => [String(key), text(value)])),
  }
}

const readLine = (line: Said): WooLine => ({
  product_id: Number(line.product_id) || 0,
  variation_id: Number(line.variation_id) || 0,
  name: text(line.name),
  sku: text(line.sku),
  quantity: Number(line.quantity) || 0,
  subtotal: text(line.subtotal),
  total: text(line.total),
  total_tax: text(line.total_tax),
})

/** The meta that tells an order of WooCommerce which one it is here. */
export const ORDER_META = '_tradepost_order_id'
/** Clocks of two machines differ; by this much an order may seem older than its request. */
const CLOCK_MARGIN_MS = 60 * 60_000
const PAGE = 100
const PAGES_MAX = 100

/**
 * The order that a call of ours made whose answer was lost: among those made since `asked_at`, the
 * one that carries our order's id. WooCommerce finds no orders by meta, so they are read through.
 */
export async function orderMadeSince(
  store: WooStore,
  order_id: string,
  asked_at: string,
): Promise<WooOrder | undefined> {
  const from = new Date(Date.parse(asked_at) - CLOCK_MARGIN_MS).toISOString().slice(0, 19)
  const query = { after: from, dates_are_gmt: true, orderby: 'id', order: 'asc', per_page: PAGE }
  for (let page = 1; page <= PAGES_MAX; page++) {
    const found = await store.call({ method: 'get', path: 'orders', query: { ...query, page } })
    if (!Array.isArray(found)) throw new WooFault('it told no list of orders')
    const made = found.map(readOrder).find(({ meta }) => meta.get(ORDER_META) === order_id)
    if (made || found.length < PAGE) return made
  }
  throw new WooFault(
    `more than ${PAGE * PAGES_MAX} orders since ${from}: nobody looks through them`,
  )
}
