import { DomainError } from '#kit/errors'
import type { Id } from '#kit/ids'
import {
  cartForCheckout,
  convertCart,
  currentCartId,
  type PricedCart,
  pricedCart,
  recipientsIn,
} from '#modules/carts'
import { customerOf } from '#modules/checkout'
import { inventoryErrors } from '#modules/inventory'
import { moveOrder, type OrderRow, placedLine, placeOrder } from '#modules/orders'
import { redeem } from '#modules/promotions'
import type { Context } from '#platform/context'
import { ecommerceErrors } from './errors.ts'
import { FACE, nameOf, namesOf } from './names.ts'
import { orderedLines, orderOf, productsIn } from './orders.ts'
import type { CheckOut, Order } from './schemas.ts'

/**
 * Makes the order of the caller's cart at once: confirmed, its units its own for good, to be paid
 * later. Under the cart's lock, so that of two who check the shared cart out one finds it empty.
 * Throws `cart_empty`, `checkout_stock`, `cart_in_checkout`.
 */
export async function checkOut(ctx: Context, input: CheckOut): Promise<Order> {
  const { session_id } = input
  const customer_email = input.customer_email.toLowerCase()
  const cart_id = await currentCartId(ctx, { channel: FACE, session_id })
  if (!cart_id) throw ecommerceErrors.cart_empty()
  const stored = await cartForCheckout(ctx, { cart_id, session_id })
  if (stored.cart.order_id || stored.lines.length === 0) throw ecommerceErrors.cart_empty()
  // The checkout that holds its units would be left without a cart.
  if (stored.status === 'Converting') throw ecommerceErrors.cart_in_checkout()
  const told = await pricedCart(ctx, stored, { availability: false })
  requireAll(told)
  const { currency, customer_id: owner } = stored.cart
  const customer_id = owner ?? (await customerOf(ctx, { ...GUEST, email: customer_email }))
  const order = await place(ctx, { told, cart_id, currency, customer_id, email: customer_email })
  await convertCart(ctx, stored, { order_id: order.id, told })
  const { discounts } = told.priced
  await redeem(ctx, { order_id: order.id, customer_id, currency, discounts })
  const lines = await orderedLines(ctx, order.id)
  const names = await namesOf(ctx, 'product', productsIn(lines))
  const order_id = await nameOf(ctx, 'order', order.id)
  return orderOf({ order, lines }, { order_id, names })
}

/** What is not for sale any more is never left out silently. */
function requireAll({ lines }: PricedCart): void {
  const gone = lines.find(({ money }) => money === null)
  if (gone) throw ecommerceErrors.checkout_stock({ sku: gone.sellable?.sku ?? 'an item' })
}

const GUEST = { first_name: 'Guest', last_name: 'Guest', phone: null, accepts_marketing: false }

type Placing = {
  told: PricedCart
  cart_id: Id<'cart'>
  currency: string
  customer_id: Id<'customer'>
  email: string
}

async function place(ctx: Context, placing: Placing): Promise<OrderRow> {
  const { told, ...said } = placing
  const { shipping } = told
  try {
    const order = await placeOrder(ctx, {
      ...said,
      // This face asks for no address: where it goes is agreed on elsewhere.
      shipping_address: null,
      billing_address: null,
      payment_method_id: null,
      notes: null,
      prices_include_tax: ctx.settings.prices_include_tax,
      lines: told.lines.map(({ line, sellable }) => placedLine(sellable, line.id)),
      recipients: recipientsIn(told.lines.map(({ line }) => line)),
      shipping: shipping && { code: shipping.code, name: shipping.name },
      priced: told.priced,
      holder: null,
    })
    if (order.status !== 'pending') return order
    return await moveOrder(ctx, order, 'confirm', { reason: 'to be paid later' })
  } catch (error) {
    const { code } = inventoryErrors.insufficient_stock.spec
    if (!(error instanceof DomainError) || error.code !== code) throw error
    throw ecommerceErrors.checkout_stock({ sku: String(error.details.sku) })
  }
}
