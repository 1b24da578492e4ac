import { DomainError } from '#kit/errors'
import type { Id } from '#kit/ids'
import { orderOfMoney } from '#modules/orders'
import { confirmPayment, paymentErrors, paymentsOfOrder } from '#modules/payments'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { processAsOwner } from '../as-owner.ts'
import { newestOf } from '../credits/applied.ts'
import { checkoutErrors } from '../errors.ts'
import type { Placed } from '../paying.ts'
import type { Completed, GetCheckout } from '../schemas.ts'
import { findSession } from '../sessions.ts'
import { answerOf } from './complete-checkout.ts'

/**
 * Finishes a payment whose payer was sent to prove themselves (3-D Secure), for whoever may use the
 * checkout. A payment that is decided already, by a webhook or a second call, is answered as it is.
 */
export async function confirmCheckout(ctx: ProcessContext, input: GetCheckout): Promise<Completed> {
  const before = await ctx.read((tx) => lastTry(tx, input))
  const { order, payment } = before
  if (payment?.status === 'requires_action') {
    try {
      await confirmPayment(processAsOwner(ctx, order.customer_id), { id: payment.id })
    } catch (error) {
      // A decline is told with the order it is of, below.
      const isDecline =
        error instanceof DomainError && error.code === paymentErrors.declined.spec.code
      if (!isDecline) throw error
    }
  }
  return answerOf(await ctx.read((tx) => lastTry(tx, input)))
}

async function lastTry(ctx: Context, input: GetCheckout) {
  const session = await findSession(ctx, input, 'change')
  const order_id: Id<'order'> | null = session.order_id
  if (!order_id) throw checkoutErrors.nothing_to_confirm({ checkout_id: session.id })
  const order = await orderOfMoney(ctx, order_id)
  const payment = newestOf(await paymentsOfOrder(ctx, { order_id })) ?? null
  return { order, session, payment } satisfies Placed
}
