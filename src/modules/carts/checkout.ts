import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { cartErrors } from './errors.ts'
import { cartEvents } from './events.ts'
import { type CartRef, lockedCart, requireOpen, type StoredCart } from './find.ts'
import { type CartStatus, cartLifecycle, cartStatus } from './lifecycle.ts'
import { mayUse } from './owners.ts'
import type { PricedCart } from './pricing.ts'
import { saveCart } from './save.ts'

// What a checkout does with a cart. All of these want READ COMMITTED and hold the cart's lock until
// the commit: cart → order → payment → stock → coupon.

type Asked = { cart_id: Id<'cart'>; session_id?: CartRef['session_id'] }

/**
 * The cart of a checkout, locked until the transaction ends. Open carts and those that became an
 * order (`cart.order_id` says which, so that a repeated call can answer it) are given; throws
 * `not_found`, also for another's, and `not_open` for abandoned, expired and merged ones.
 */
export async function cartForCheckout(
  ctx: Context,
  { cart_id, session_id }: Asked,
): Promise<StoredCart & { status: CartStatus }> {
  const found = await lockedCart(ctx, cart_id)
  if (!found || !mayUse(ctx.actor, found.cart, { session_id, to: 'change' })) {
    throw cartErrors.not_found({ cart_id })
  }
  const status = cartStatus(found.cart, ctx.now)
  const isOver = status === 'Abandoned' || status === 'Expired' || found.cart.merged_into_id
  if (isOver) throw cartErrors.not_open({ cart_id, status })
  return { ...found, status }
}

/** A checkout of this locked cart begins: Active → Converting. Twice is harmless. */
export async function beginCheckout(ctx: Context, stored: StoredCart): Promise<StoredCart> {
  const { cart } = stored
  const status = requireOpen(ctx, cart)
  if (status === 'Converting') return stored
  cartLifecycle.next(status, 'begin_checkout')
  emit(ctx, cartEvents.updated({ cart_id: cart.id, changed: ['checkout'] }))
  const begun = { ...cart, converting: true, checkout_at: ctx.now }
  return saveCart(ctx, { before: stored, after: { ...stored, cart: begun } })
}

/**
 * The checkout ended without an order: Converting → Active. A cart that is closed, or has none, is
 * left as it is. Asks nobody who asks.
 */
export async function endCheckout(ctx: Context, { cart_id }: Asked): Promise<void> {
  const found = await lockedCart(ctx, cart_id)
  if (!found?.cart.converting) return
  emit(ctx, cartEvents.updated({ cart_id, changed: ['checkout'] }))
  const ended = { ...found.cart, converting: false }
  await saveCart(ctx, { before: found, after: { ...found, cart: ended } })
}

type Conversion = {
  order_id: Id<'order'>
  /** What it came to, as the order says too. */
  told: Pick<PricedCart, 'priced'>
}

/**
 * The cart is this order now, for good. Call it in the transaction that places the order, with the
 * cart that it was made from: the guarded write makes a second order of the cart impossible.
 */
export async function convertCart(
  ctx: Context,
  stored: StoredCart,
  { order_id, told }: Conversion,
): Promise<StoredCart> {
  const { cart } = stored
  cartLifecycle.next(cartStatus(cart, ctx.now), 'convert')
  const closed = {
    converting: false,
    closed_as: 'converted' as const,
    closed_at: ctx.now,
    order_id,
  }
  emit(ctx, cartEvents.converted({ cart_id: cart.id, order_id, merged_into_id: null }))
  return saveCart(ctx, { before: stored, after: { ...stored, cart: { ...cart, ...closed } }, told })
}
