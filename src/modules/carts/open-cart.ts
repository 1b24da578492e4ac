import type { Context } from '#platform/context'
import { requireVersion } from '#platform/versions'
import { cartErrors } from './errors.ts'
import { type CartRef, lockedCart, requireOpen, type StoredCart } from './find.ts'
import { absorbSession } from './merging.ts'
import { mayUse } from './owners.ts'

/**
 * A cart that the caller may change, locked until the transaction ends. The first call of a
 * customer who still carries a guest's secret merges the guest's carts first, and a merged cart's
 * id leads to the cart that has its lines. Throws `not_found`, 412 for another version than
 * If-Match names, and `not_open`.
 */
export async function openCart(ctx: Context, { id, session_id }: CartRef): Promise<StoredCart> {
  const own = session_id ? await absorbSession(ctx, { session_id, into: id }) : undefined
  const found = await lockedFollowing(ctx, own ?? id)
  return changeable(ctx, { id, session_id }, found)
}

/**
 * The very cart that is named, nothing merged and nothing followed: for what takes things away, so
 * that whoever drops a guest's cart never loses the one they had before.
 */
export async function openJustCart(ctx: Context, ref: CartRef): Promise<StoredCart> {
  return changeable(ctx, ref, await lockedCart(ctx, ref.id))
}

async function lockedFollowing(ctx: Context, id: string): Promise<StoredCart | undefined> {
  const found = await lockedCart(ctx, id)
  const into = found?.cart.merged_into_id
  if (!into) return found
  const other = await lockedCart(ctx, into)
  return other && mayUse(ctx.actor, other.cart, { to: 'change' }) ? other : found
}

function changeable(
  ctx: Context,
  { id, session_id }: CartRef,
  found: StoredCart | undefined,
): StoredCart {
  if (!found || !mayUse(ctx.actor, found.cart, { session_id, to: 'change' })) {
    throw cartErrors.not_found({ cart_id: id })
  }
  requireVersion(ctx, found.cart.version)
  requireOpen(ctx, found.cart)
  return found
}
