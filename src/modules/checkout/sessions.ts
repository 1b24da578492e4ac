import type { Id } from '#kit/ids'
import { cartForCheckout, mayUse, type StoredCart } from '#modules/carts'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { type Bound, prepared } from '#platform/database/prepared'
import { updateChanged } from '#platform/database/update-changed'
import { writeTogether } from '#platform/database/write-together'
import { insertRows } from '#platform/tables'
import { requireVersion } from '#platform/versions'
import { checkoutErrors } from './errors.ts'
import { db, type SessionRow } from './tables.ts'

/** Which checkout is meant, and the guest's secret if a guest asks. */
export type CheckoutRef = { id: Id<'checkout'>; session_id?: string | undefined }

export const sessionById = prepared(db, (open, p: { id: Id<'checkout'> }) =>
  open.selectFrom('checkout_sessions').selectAll().where('id', '=', p.id),
)

/** The open checkout of a cart, or else the last one that it had. */
export const sessionOfCart = prepared(db, (open, p: { cart_id: Id<'cart'> }) =>
  open
    .selectFrom('checkout_sessions')
    .selectAll()
    .where('cart_id', '=', p.cart_id)
    .orderBy('id', 'desc')
    .limit(1),
)

/** The checkout of which an order was placed. */
export const sessionOfOrder = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open.selectFrom('checkout_sessions').selectAll().where('order_id', '=', p.order_id),
)

/** A checkout that the caller may see or change. Throws `not_found`, also for another's. */
export async function findSession(
  ctx: Context,
  { id, session_id }: CheckoutRef,
  to: 'read' | 'change' = 'read',
): Promise<SessionRow> {
  const found = await sessionById.first(ctx, { id })
  if (!found || !mayUse(ctx.actor, found, { session_id, to })) {
    throw checkoutErrors.not_found({ checkout_id: id })
  }
  return found
}

/** A checkout with its cart, which is locked. */
export type LockedSession = { session: SessionRow; stored: StoredCart }

/**
 * A checkout that the caller may change. Whoever writes one holds the lock of its cart, so that its
 * steps, its completion and its end queue. It was read before the lock was had: every write of it
 * names the version that was read, and tries again if it has moved. Throws `not_found`, and 412 for
 * another version than If-Match names.
 */
export async function lockedSession(ctx: Context, ref: CheckoutRef): Promise<LockedSession> {
  const session = await findSession(ctx, ref, 'change')
  const { cart_id, order_id, status } = session
  const stored = await cartForCheckout(ctx, { cart_id, session_id: ref.session_id })
  if (status === 'open' && order_id === null && stored.cart.order_id !== null) {
    throw new TryAgain(`checkout ${session.id} was completed meanwhile`)
  }
  requireVersion(ctx, session.version)
  return { session, stored }
}

/** Whether a checkout still goes on: open, and its time is not over. */
export const isLive = ({ status, expires_at }: SessionRow, now: string): boolean =>
  status === 'open' && expires_at > now

/** Refuses a checkout that has ended, or whose order is placed at what was shown. */
export function requireUnplaced(ctx: Context, session: SessionRow): void {
  const { id: checkout_id, order_id } = session
  if (session.status === 'complete' && order_id) {
    throw checkoutErrors.complete({ checkout_id, order_id })
  }
  if (!isLive(session, ctx.now)) throw checkoutErrors.expired({ checkout_id })
  if (order_id) throw checkoutErrors.order_placed({ order_id })
}

const MINUTE_MS = 60_000

/** When a checkout that is touched now will end. */
export const expiryFrom = ({ now, settings }: Context): string =>
  later(now, settings.checkout_lifetime_minutes)

/** When an order that is placed now must be paid, if it is to be cancelled at all. */
export const payableUntil = ({ now, settings }: Context): string =>
  later(now, Math.max(settings.checkout_lifetime_minutes, settings.unpaid_order_minutes))

export const later = (now: string, minutes: number): string =>
  new Date(Date.parse(now) + minutes * MINUTE_MS).toISOString()

export const insertSession = insertRows(db, 'checkout_sessions')

const updateSession = updateChanged<SessionRow, unknown>(db as never, {
  table: 'checkout_sessions',
  columns: [
    'customer_id',
    'status',
    'email',
    'subscribe_newsletter',
    'shipping_address',
    'billing_address',
    'shipping_method',
    'shipping_options',
    'needs_shipping',
    'payment_method',
    'payment_token',
    'credits',
    'currency',
    'subtotal_amount',
    'discount_amount',
    'shipping_amount',
    'tax_amount',
    'total_amount',
    'cart_version',
    'held_until',
    'order_id',
    'expires_at',
    'ended_at',
    'version',
    'updated_at',
  ],
})

type Changed = {
  change: Partial<SessionRow>
  /** What is written with it in one round trip. */
  writes?: Record<string, Bound<unknown>>
}
/** What was written, by the name of the write. */
export type Written = Record<string, { rows: readonly unknown[]; affected: number }>

/**
 * Stores a change of a checkout and the events so far, guarded by the version that was read.
 * Answers the checkout as stored, and what each of `writes` answered.
 */
export async function saveSession(
  ctx: Context,
  before: SessionRow,
  { change, writes = {} }: Changed,
): Promise<{ session: SessionRow; written: Written }> {
  const session = { ...before, ...change, version: before.version + 1, updated_at: ctx.now }
  const written: Written = await writeTogether(ctx, {
    ...writes,
    session: updateSession(ctx, before, session),
  })
  if (written.session?.affected !== 1) throw new TryAgain(`checkout ${before.id} changed meanwhile`)
  return { session, written }
}
