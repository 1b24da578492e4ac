import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { cartEvents } from '../events.ts'
import { cartLifecycle, cartStatus } from '../lifecycle.ts'
import { openJustCart } from '../open-cart.ts'
import { saveCart } from '../save.ts'
import type { GetCart } from '../schemas.ts'

/** Gives a cart up. It stays readable for a while, and never changes again. */
export async function abandonCart(ctx: Context, input: GetCart): Promise<undefined> {
  const before = await openJustCart(ctx, input)
  const { cart } = before
  cartLifecycle.next(cartStatus(cart, ctx.now), 'abandon')
  emit(ctx, cartEvents.abandoned({ cart_id: cart.id }))
  const closed = { converting: false, closed_as: 'abandoned' as const, closed_at: ctx.now }
  await saveCart(ctx, { before, after: { ...before, cart: { ...cart, ...closed } } })
}
