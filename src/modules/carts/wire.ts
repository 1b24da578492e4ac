import { formatMoney } from '#kit/money'
import { nameOf } from '#modules/catalogue'
import { recipientOf } from '#modules/credit'
import type { PricedTax } from '#modules/pricing'
import type { ShippingQuote } from '#modules/shipping'
import type { Context } from '#platform/context'
import type { StoredCart } from './find.ts'
import { cartStatus } from './lifecycle.ts'
import { isBlocking, noticesOf } from './notices.ts'
import { amountsOf, type PricedCart, type PricedCartLine } from './pricing.ts'
import type {
  Adjustment,
  Cart,
  CartItem,
  CartSummary,
  CartTax,
  CartWithItems,
  ShippingOption,
} from './schemas.ts'
import type { CartRow, LineRow } from './tables.ts'

type Told = { ctx: Context; stored: StoredCart; told?: PricedCart | undefined }

/** A cart as changes of it answer. `session_id` is told by the call that opened it. */
export function cartOf({ ctx, stored, told }: Told, session_id: string | null = null): Cart {
  const { cart, coupons } = stored
  const notices = told ? noticesOf(cart, told, ctx.now) : []
  const blocked = new Set(notices.filter(isBlocking).map(({ item_id }) => item_id))
  return {
    ...summaryOf(told ? { ...cart, ...amountsOf(told) } : cart, ctx.now),
    session_id,
    estimated: told?.estimated ?? false,
    ready: told !== undefined && told.lines.length > 0 && blocked.size === 0,
    prices_include_tax: ctx.settings.prices_include_tax,
    coupon_codes: coupons.map(({ code }) => code),
    adjustments: told ? adjustmentsOf(told, cart.currency) : [],
    taxes: told ? told.priced.taxes.map((tax) => taxOf(tax, cart.currency)) : [],
    shipping_address: cart.destination,
    shipping_method: told?.shipping ? optionOf(told.shipping, cart.currency) : null,
    shipping_options: told ? told.quotes.map((quote) => optionOf(quote, cart.currency)) : [],
    notices,
    metadata: cart.metadata,
    items: told
      ? told.lines.map((line) => itemOf(line, cart.currency, !blocked.has(line.line.id)))
      : stored.lines.map((line) => closedItemOf(line, cart.currency)),
  }
}

/** The same in the published shape of a read. */
export function cartWithItemsOf(of: Told): CartWithItems {
  const { items, ...cart } = cartOf(of)
  return { cart, items, version: cart.version }
}

/** A cart in a list, with the amounts of its last change. */
export function summaryOf(row: CartRow, now: string): CartSummary {
  const money = (amount: number) => formatMoney(amount, row.currency)
  return {
    id: row.id,
    customer_id: row.customer_id,
    channel: row.channel,
    email: row.email,
    currency: row.currency,
    status: cartStatus(row, now),
    subtotal: money(row.subtotal_amount),
    discount_total: money(row.discount_amount),
    shipping_total: money(row.shipping_amount),
    tax_total: money(row.tax_amount),
    total: money(row.total_amount),
    item_count: row.line_count,
    unit_count: row.unit_count,
    order_id: row.order_id,
    merged_into: row.merged_into_id,
    version: row.version,
    expires_at: row.expires_at,
    created_at: row.created_at,
    updated_at: row.updated_at,
  }
}

function itemOf(told: PricedCartLine, currency: string, is_available: boolean): CartItem {
  const { line, sellable, price, money, available } = told
  const print = (amount: number) => formatMoney(amount, currency)
  const unit_amount = price?.unit_amount ?? line.unit_amount_seen
  return {
    ...lineOf(line),
    product_id: sellable?.product_id ?? null,
    sku: sellable?.sku ?? null,
    name: sellable ? nameOf(sellable) : null,
    image_url: sellable?.image_url ?? null,
    unit_price: print(unit_amount),
    regular_price: print(price?.regular_amount ?? unit_amount),
    price_source: price?.reason ?? 'regular',
    line_total: print(money?.base_amount ?? 0),
    discount_total: print(money?.discount_amount ?? 0),
    net_total: print(money?.net_amount ?? 0),
    tax_total: print(money?.tax_amount ?? 0),
    gross_total: print(money?.gross_amount ?? 0),
    available_quantity: available,
    is_available,
  }
}

/** A line of a closed cart: what the buyer was told last, and nothing of today. */
function closedItemOf(line: LineRow, currency: string): CartItem {
  const unit_price = formatMoney(line.unit_amount_seen, currency)
  const line_total = formatMoney(line.unit_amount_seen * line.quantity, currency)
  const zero = formatMoney(0, currency)
  return {
    ...lineOf(line),
    product_id: null,
    sku: null,
    name: null,
    image_url: null,
    unit_price,
    regular_price: unit_price,
    price_source: 'regular',
    line_total,
    discount_total: zero,
    net_total: line_total,
    tax_total: zero,
    gross_total: line_total,
    available_quantity: null,
    is_available: false,
  }
}

const lineOf = (line: LineRow) => ({
  id: line.id,
  variant_id: line.variant_id,
  quantity: line.quantity,
  gift_card_recipient: recipientOf(line),
  metadata: line.metadata,
  created_at: line.added_at,
  updated_at: line.updated_at,
})

function adjustmentsOf({ priced, refused }: PricedCart, currency: string): Adjustment[] {
  const applied = priced.discounts.map(({ code, label, amount, explanation }) => ({
    code,
    label,
    applied: true,
    amount: formatMoney(amount, currency),
    reason: null,
    explanation,
  }))
  // What applies by itself and does not, nobody has asked for.
  const asked = refused.filter(({ code }) => code !== null)
  const others = asked.map(({ code, reason, explanation }) => ({
    code,
    label: null,
    applied: false,
    amount: formatMoney(0, currency),
    reason,
    explanation,
  }))
  return [...applied, ...others]
}

const taxOf = ({ rate_ppm, ...tax }: PricedTax, currency: string): CartTax => ({
  name: tax.name,
  jurisdiction: tax.jurisdiction,
  rate: String(rate_ppm / 1_000_000),
  reason: tax.reason,
  taxable_amount: formatMoney(tax.taxable_amount, currency),
  amount: formatMoney(tax.amount, currency),
})

const optionOf = (quote: ShippingQuote, currency: string): ShippingOption => ({
  id: quote.method_id,
  code: quote.code,
  name: quote.name,
  amount: formatMoney(quote.amount, currency),
  estimated_days_min: quote.estimated_days_min,
  estimated_days_max: quote.estimated_days_max,
})
