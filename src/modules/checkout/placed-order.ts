import type { Id } from '#kit/ids'
import type { PricedCart } from '#modules/carts'
import { type PlacedOrder, placedLine } from '#modules/orders'
import type { CheckoutAddress, SessionRow } from './tables.ts'

type Buyer = { customer_id: Id<'customer'>; prices_include_tax: boolean }

/** What `placeOrder` is told of a checkout: all that it is now called and costs. */
export function placedOrderOf(
  session: SessionRow,
  now: PricedCart,
  { customer_id, prices_include_tax }: Buyer,
): Omit<PlacedOrder, 'holder'> {
  const { cart_id, currency, email, payment_token, shipping_address } = session
  const billing_address = session.billing_address ?? shipping_address
  return {
    cart_id,
    customer_id,
    currency,
    email,
    // What is not sent goes nowhere, whatever address served for its tax.
    shipping_address: now.needs_shipping && shipping_address ? addressOf(shipping_address) : null,
    billing_address: billing_address && addressOf(billing_address),
    payment_method_id: payment_token,
    notes: null,
    prices_include_tax,
    lines: now.lines.map(({ line, sellable }) => placedLine(sellable, line.id)),
    shipping: now.shipping && { code: now.shipping.code, name: now.shipping.name },
    priced: now.priced,
  }
}

/** An address as orders keep it. */
const addressOf = (address: CheckoutAddress): NonNullable<PlacedOrder['shipping_address']> => ({
  name: `${address.first_name} ${address.last_name}`,
  ...(address.company && { company: address.company }),
  street: address.address_line_1,
  ...(address.address_line_2 && { street2: address.address_line_2 }),
  city: address.city,
  state: address.province,
  postal_code: address.postal_code,
  country: address.country_code,
  ...(address.phone && { phone: address.phone }),
})
