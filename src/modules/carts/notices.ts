import { formatMoney } from '#kit/money'
import { cartStatus } from './lifecycle.ts'
import type { PricedCart, PricedCartLine } from './pricing.ts'
import type { Notice } from './schemas.ts'
import type { CartRow } from './tables.ts'

/** What stands in the way of an order; the others are only told. */
const BLOCKING: readonly Notice['code'][] = [
  'out_of_stock',
  'insufficient_stock',
  'not_sold',
  'no_price',
  'no_shipping_method',
]

export const isBlocking = ({ code }: Pick<Notice, 'code'>): boolean => BLOCKING.includes(code)

/**
 * What a buyer should know before they go on. While a checkout is open its lines hold their stock
 * themselves, so that what is left for others says nothing about this cart.
 */
export function noticesOf(cart: CartRow, told: PricedCart, now: string): Notice[] {
  const holds = cartStatus(cart, now) === 'Converting'
  const notices = told.lines.flatMap((line) => noticesOfLine(cart, line, holds))
  if (told.needs_shipping && told.shipping === null) {
    notices.push(note('no_shipping_method', 'Nothing can be sent to this address.'))
  } else if (cart.shipping_method !== null && !told.chosen) {
    const message = 'The chosen shipping method cannot be had any more.'
    notices.push(note('shipping_method_gone', message))
  }
  return notices
}

const EMPTY = {
  item_id: null,
  sku: null,
  requested: null,
  available: null,
  old_price: null,
  new_price: null,
}
const note = (code: Notice['code'], message: string): Notice => ({ ...EMPTY, code, message })

function noticesOfLine({ currency }: CartRow, told: PricedCartLine, holds: boolean): Notice[] {
  const { line, sellable, price } = told
  const { id: item_id, quantity: requested, unit_amount_seen, lowered_from } = line
  const sku = sellable?.sku ?? null
  const about = (code: Notice['code'], message: string, more: Partial<Notice> = {}): Notice => ({
    ...note(code, message),
    item_id,
    sku,
    ...more,
  })
  if (!sellable?.sellable) return [about('not_sold', 'This is no longer sold.')]
  const notices: Notice[] = []
  if (price === null) {
    notices.push(about('no_price', `This has no price in ${currency}.`))
  } else if (price.unit_amount !== unit_amount_seen) {
    const [old_price, new_price] = [unit_amount_seen, price.unit_amount].map((amount) =>
      formatMoney(amount, currency),
    ) as [string, string]
    const message = `The price changed from ${old_price} to ${new_price}.`
    notices.push(about('price_changed', message, { old_price, new_price }))
  }
  const available = told.available ?? requested
  if (!holds && available === 0) {
    notices.push(about('out_of_stock', 'This is out of stock.', { requested, available }))
  } else if (!holds && available < requested) {
    const message = `Only ${available} of these are in stock.`
    notices.push(about('insufficient_stock', message, { requested, available }))
  }
  if (lowered_from !== null) {
    const message = `Lowered from ${lowered_from} to what is in stock.`
    const more = { requested: lowered_from, available: requested }
    notices.push(about('quantity_lowered', message, more))
  }
  return notices
}
