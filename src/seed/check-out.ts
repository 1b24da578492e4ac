import { DomainError } from '#kit/errors'
import type { Caller } from './caller.ts'
import type { DemoOrder } from './demo/types.ts'

/** A guest's cart in the checkout: what is needed to pay it. */
export type Basket = { checkout_id: string; session_id: string }

type Buyer = { first_name: string; last_name: string }

/** Fills a cart as a visitor does, with the coupon, and goes on to the checkout. */
export async function beginCheckout(
  caller: Caller,
  order: DemoOrder,
  buyer: Buyer,
): Promise<Basket> {
  const { customer_email, lines, currency, placed_at } = order
  const { express, coupon } = order.checkout ?? { express: false }
  const filled = {
    email: customer_email,
    currency,
    items: lines.map(({ sku, quantity }) => ({ sku, quantity })),
    ...(coupon && { coupon_codes: [coupon] }),
  }
  const { id: cart_id, session_id } = await caller.call('carts.create', filled, placed_at)
  const address = addressOf(order, buyer)
  const begun = { cart_id, session_id, email: customer_email, shipping_address: address }
  const checkout = await caller.call('checkout.start', begun, placed_at)
  const { id: checkout_id, requires_shipping, shipping_options: options } = checkout
  if (requires_shipping) {
    const { code } = (express && options.find(isExpress)) || options[0]
    const choice = { id: checkout_id, session_id, method: code }
    await caller.call('checkout.set_shipping_method', choice, placed_at)
  }
  return { checkout_id, session_id }
}

const isExpress = ({ code }: { code: string }): boolean => code === 'express'

const addressOf = ({ shipping_address: to }: DemoOrder, { first_name, last_name }: Buyer) => ({
  first_name,
  last_name,
  address_line_1: to.street,
  city: to.city,
  province: to.state,
  country_code: to.country,
  postal_code: to.postal_code,
})

/** Pays what is in the basket. Answers the id of the order. Throws what a decline throws. */
export async function completeCheckout(
  caller: Caller,
  { checkout_id, session_id }: Basket,
  { at, token }: { at: string; token: string },
): Promise<string> {
  const means = { payment_method: 'CreditCard', payment_token: token }
  const complete = async (): Promise<string> => {
    const input = { id: checkout_id, session_id, ...means }
    return (await caller.call('checkout.complete', input, at)).order_id
  }
  try {
    return await complete()
  } catch (error) {
    // A sale or a coupon began or ended since the buyer was shown the total; now they know.
    if (error instanceof DomainError && error.code === 'CHECKOUT_PRICE_CHANGED') return complete()
    throw error
  }
}
