import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import { endCheckout } from '#modules/carts'
import { releaseReservations } from '#modules/inventory'
import { cancelUnpaidOrder, orderOfMoney } from '#modules/orders'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { holderOf } from './advance.ts'
import { checkoutEvents } from './events.ts'
import { checkoutLifecycle } from './lifecycle.ts'
import { db, type SessionRow } from './tables.ts'

type Because = Static<typeof checkoutEvents.expired.spec.payload>['because']

type End = { id: Id<'checkout'>; status: SessionRow['status']; now: string }

// Guarded by the state, not by the version: an order may be paid while its checkout ends.
const end = prepared(db, (open, p: End) =>
  open
    .updateTable('checkout_sessions')
    .set((eb) => ({
      status: p.status,
      ended_at: p.now,
      held_until: null,
      payment_token: null,
      version: eb('version', '+', 1),
      updated_at: p.now,
    }))
    .where('id', '=', p.id)
    .where('status', '=', 'open'),
)

/**
 * Ends a checkout without a paid order, under the lock of its cart: what it holds is given back,
 * its cart may change again, an order that nobody has paid is cancelled with its coupons.
 */
export async function endSession(
  ctx: Context,
  session: SessionRow,
  because: Because,
): Promise<void> {
  const { order_id, cart_id } = session
  if (!(await expireSession(ctx, session, because))) return
  if (order_id) await cancelUnpaidOrder(ctx, order_id, ORDER_REASONS[because])
  else await endCheckout(ctx, { cart_id })
}

const ORDER_REASONS: Record<Because, string> = {
  time_over: 'not paid in time',
  cancelled: 'given up at the checkout',
  cart_closed: 'the cart was closed',
  order_cancelled: 'the order was cancelled',
}

/** Only the checkout itself and what it holds. Answers false if it had ended before. */
export async function expireSession(
  ctx: Context,
  session: SessionRow,
  because: Because,
): Promise<boolean> {
  const { id: checkout_id, cart_id, order_id } = session
  const status = checkoutLifecycle.next('open', 'expire')
  const { affected } = await end.run(ctx, { id: checkout_id, status, now: ctx.now })
  if (affected === 0) return false
  await releaseReservations(ctx, holderOf(session))
  emit(ctx, checkoutEvents.expired({ checkout_id, cart_id, order_id, because }))
  return true
}

type Complete = { order_id: Id<'order'>; now: string }

// The state stands in the text: SQLite would compile a statement anew in each run to see whether a
// state that comes as a value is the one of a partial index.
const completeFrom = (from: 'open' | 'expired') =>
  prepared(db, (open, p: Complete) =>
    open
      .updateTable('checkout_sessions')
      .set((eb) => ({
        status: 'complete',
        ended_at: p.now,
        payment_token: null,
        version: eb('version', '+', 1),
        updated_at: p.now,
      }))
      .where('order_id', '=', p.order_id)
      .where('status', '=', from)
      .returning(['id', 'cart_id']),
  )
const completeOpen = completeFrom('open')
const completeExpired = completeFrom('expired')

/**
 * The order of a checkout is paid or authorised: in that very transaction it is complete. So is one
 * that has ended, if its order still stands; money that comes after its order was cancelled goes
 * back.
 */
export async function completeSession(ctx: Context, order_id: Id<'order'>): Promise<void> {
  const wanted = { order_id, now: ctx.now }
  const done = (await completeOpen.first(ctx, wanted)) ?? (await completeEnded(ctx, wanted))
  if (!done) return
  const { id: checkout_id, cart_id } = done
  emit(ctx, checkoutEvents.completed({ checkout_id, cart_id, order_id }))
}

async function completeEnded(ctx: Context, wanted: Complete) {
  const { status } = await orderOfMoney(ctx, wanted.order_id)
  return status === 'cancelled' ? undefined : completeExpired.first(ctx, wanted)
}
