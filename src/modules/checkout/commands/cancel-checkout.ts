import { paymentsOfOrder } from '#modules/payments'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { lockEntity } from '#platform/database/entity-lock'
import { endSession } from '../end-session.ts'
import { checkoutErrors } from '../errors.ts'
import type { GetCheckout } from '../schemas.ts'
import { findSession, lockedSession } from '../sessions.ts'

/**
 * Gives a checkout up: what it holds is available at once, its cart may change again, and an order
 * that is not paid is cancelled. Twice is harmless. Refuses one that is complete, and one whose
 * payment is under way.
 */
export async function cancelCheckout(ctx: Context, input: GetCheckout): Promise<undefined> {
  const { session } = await lockedSession(ctx, input)
  const { id: checkout_id, order_id, status } = session
  if (status === 'complete' && order_id) throw checkoutErrors.complete({ checkout_id, order_id })
  if (status === 'expired') return
  if (order_id) {
    await lockEntity(ctx, 'order', order_id)
    // Its payment may have come through while this waited for the order.
    const { version } = await findSession(ctx, input)
    if (version !== session.version) throw new TryAgain(`checkout ${checkout_id} moved on`)
    const payments = await paymentsOfOrder(ctx, { order_id })
    const undecided = payments.some(({ processed_at, status: how }) => {
      return processed_at === null && how !== 'requires_action'
    })
    if (undecided) throw checkoutErrors.payment_in_progress({ order_id })
  }
  await endSession(ctx, session, 'cancelled')
}
