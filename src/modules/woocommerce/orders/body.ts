import { formatMoney, parseMoney } from '#kit/money'
import { countryCode } from '#modules/customers'
import type { Order } from '#modules/orders'
import type { RefRow } from '../tables.ts'
import { ORDER_META, type WooAddress } from './remote.ts'
import type { OrderView } from './view.ts'

type Item = Order['items'][number]
type Body = Record<string, unknown>

/** WooCommerce computes no tax of it: ours was computed when the order was placed. */
const NO_TAX = { tax_class: 'zero-rate' }

/**
 * An order of ours as WooCommerce is to make it. All money is ours: lines and shipping without
 * tax, and the tax as a fee, so that WooCommerce's total is what was paid.
 */
export function orderBody(view: OrderView, counterparts: ReadonlyMap<string, RefRow>): Body {
  const { order, payment } = view
  const items = order.items.filter(({ quantity }) => quantity > 0)
  const known = items.filter((item) => counterparts.has(item.product_id))
  // What WooCommerce has no product for cannot be a line there.
  const others = items.filter((item) => !counterparts.has(item.product_id))
  const tax = feeOfTax(order)
  return {
    currency: order.currency,
    set_paid: true,
    payment_method: payment?.provider ?? 'other',
    payment_method_title: titleOf(payment?.provider),
    ...(payment?.ref && { transaction_id: payment.ref }),
    billing: addressOf(order.billing_address ?? order.shipping_address, view.email),
    shipping: addressOf(order.shipping_address),
    line_items: known.map((item) => lineOf(order, item, counterparts.get(item.product_id))),
    shipping_lines: shippingOf(order),
    fee_lines: [
      ...others.map((item) => ({
        name: `${item.quantity} × ${item.product_name}`,
        total: netOf(order, item),
        tax_status: 'none',
      })),
      ...(tax ? [tax] : []),
    ],
    customer_note: order.notes ?? '',
    meta_data: metaOf(view),
  }
}

function lineOf(order: Order, item: Item, ref: RefRow | undefined): Body {
  const { parent_external_id, external_id } = ref as RefRow
  const minor = (amount: string) => parseMoney(amount, order.currency)
  const net = netOf(order, item)
  const before = formatMoney(minor(net) + minor(item.discount), order.currency)
  return {
    ...(parent_external_id
      ? { product_id: Number(parent_external_id), variation_id: Number(external_id) }
      : { product_id: Number(external_id) }),
    name: item.product_name,
    quantity: item.quantity,
    subtotal: before,
    total: net,
    ...NO_TAX,
  }
}

function netOf({ currency }: Order, { gross_price, tax_amount }: Item): string {
  const minor = (amount: string) => parseMoney(amount, currency)
  return formatMoney(minor(gross_price) - minor(tax_amount ?? formatMoney(0, currency)), currency)
}

function shippingOf({ shipping, currency }: Order): Body[] {
  if (!shipping) return []
  const minor = (amount: string) => parseMoney(amount, currency)
  const total = formatMoney(minor(shipping.gross_amount) - minor(shipping.tax_amount), currency)
  return [{ method_id: shipping.method, method_title: shipping.name, total }]
}

function feeOfTax({ tax_total, currency }: Order): Body | undefined {
  if (parseMoney(tax_total, currency) === 0) return undefined
  return { name: 'Tax', total: tax_total, tax_status: 'none' }
}

const titleOf = (provider: string | undefined): string => {
  if (provider === undefined) return 'Paid'
  return provider.slice(0, 1).toUpperCase() + provider.slice(1)
}

function metaOf({ order, payment }: OrderView): { key: string; value: string }[] {
  return [
    { key: ORDER_META, value: order.id },
    { key: '_tradepost_order_number', value: order.order_number },
    ...(payment?.provider === 'stripe' && payment.ref
      ? [{ key: '_stripe_payment_intent_id', value: payment.ref }]
      : []),
  ]
}

/** An address of ours in the parts that WooCommerce knows. */
function addressOf(address: Order['shipping_address'], email?: string): WooAddress {
  const mail = email === undefined ? {} : { email }
  if (!address) return mail
  const [first_name = '', ...rest] = (address.name ?? '').split(' ')
  return {
    first_name,
    last_name: rest.join(' '),
    company: address.company ?? '',
    address_1: address.street,
    address_2: address.street2 ?? '',
    city: address.city,
    state: address.state,
    postcode: address.postal_code,
    country: countryCode(address.country) ?? address.country,
    ...(address.phone && { phone: address.phone }),
    ...mail,
  }
}
