import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import { cartErrors } from '../errors.ts'
import { findCart } from '../find.ts'
import { absorbSession, newestCart } from '../merging.ts'
import { pricedCart } from '../pricing.ts'
import type { Cart, MergeCarts } from '../schemas.ts'
import { cartOf } from '../wire.ts'

/**
 * Puts what a guest gathered into a cart of the customer who they turn out to be. Merged carts are
 * merged once: asked again, it answers the cart that has the lines.
 */
export async function mergeCarts(ctx: Context, { id, session_id }: MergeCarts): Promise<Cart> {
  const { customer_id } = ctx.actor
  if (!customer_id) throw cartErrors.not_a_customer()
  if (!session_id) throw invalidField('session_id', 'is required')
  if (id) await requireOwn(ctx, id)
  const into = (await absorbSession(ctx, { session_id, into: id })) ?? id ?? (await newestCart(ctx))
  if (!into) throw cartErrors.not_found({ cart_id: 'of this session' })
  const stored = await findCart(ctx, { id: into })
  return cartOf({ ctx, stored, told: await pricedCart(ctx, stored) })
}

async function requireOwn(ctx: Context, id: NonNullable<MergeCarts['id']>): Promise<void> {
  const { cart } = await findCart(ctx, { id })
  if (cart.customer_id !== ctx.actor.customer_id) throw cartErrors.not_found({ cart_id: id })
}
