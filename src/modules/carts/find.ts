import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { cartErrors } from './errors.ts'
import { type CartStatus, cartStatus } from './lifecycle.ts'
import { mayUse } from './owners.ts'
import { type CartRow, db, type LineRow } from './tables.ts'

/** A cart as it is stored. */
export type StoredCart = {
  cart: CartRow
  /** In the order in which they were added. */
  lines: readonly LineRow[]
  /** By their place, which is the order in which they were entered. */
  coupons: readonly Coupon[]
}
export type Coupon = { code: string; position: number }
/** Which cart is asked for, and the guest's secret if it is asked for by a guest. */
export type CartRef = { id: Id<'cart'>; session_id?: string | null | undefined }

export const cartById = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('carts')
    .selectAll()
    .where('id', '=', p.id as Id<'cart'>),
)
const linesOf = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('cart_lines')
    .selectAll()
    .where('cart_id', '=', p.id as Id<'cart'>)
    .orderBy('id'),
)
const couponsOf = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('cart_coupons')
    .select(['code', 'position'])
    .where('cart_id', '=', p.id as Id<'cart'>)
    .orderBy('position'),
)

/** A cart with its lines and coupons; undefined if there is none. */
export async function storedCart(ctx: Context, id: string): Promise<StoredCart | undefined> {
  const [cart, lines] = await Promise.all([cartById.first(ctx, { id }), linesOf(ctx, { id })])
  if (!cart) return undefined
  return { cart, lines, coupons: cart.coupon_count > 0 ? await couponsOf(ctx, { id }) : [] }
}

/** The same, once nobody else holds the cart; read committed, so the reads are as fresh. */
export async function lockedCart(ctx: Context, id: string): Promise<StoredCart | undefined> {
  const [, stored] = await Promise.all([lockEntity(ctx, 'cart', id), storedCart(ctx, id)])
  return stored
}

/**
 * A cart that the caller may see, whatever its state. A cart that was merged is answered by the one
 * that has its lines, to whoever owns that. Throws `not_found`, also for another's.
 */
export async function findCart(ctx: Context, { id, session_id }: CartRef): Promise<StoredCart> {
  const found = await storedCart(ctx, id)
  const into = found?.cart.merged_into_id
  if (into) {
    const other = await storedCart(ctx, into)
    if (other && mayUse(ctx.actor, other.cart, { to: 'read' })) return other
  }
  if (found && mayUse(ctx.actor, found.cart, { session_id, to: 'read' })) return found
  throw cartErrors.not_found({ cart_id: id })
}

/** Refuses a cart that is closed or over. */
export function requireOpen(ctx: Context, cart: CartRow): CartStatus {
  const status = cartStatus(cart, ctx.now)
  if (status !== 'Active' && status !== 'Converting') {
    throw cartErrors.not_open({ cart_id: cart.id, status })
  }
  return status
}
