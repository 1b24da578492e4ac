import { type Static, Type } from 'typebox'
import { formatMoney, parseMoney } from '#kit/money'
import type { ProcessContext } from '#platform/processes'
import { insertRefund, refundableAmount, refundsOfPayment } from '../books.ts'
import { paymentErrors } from '../errors.ts'
import { paymentLifecycle } from '../lifecycle.ts'
import { refundRow } from '../reversals.ts'
import { Payment, printPayment, printRefund, Refund, type RefundPayment } from '../schemas.ts'
import { askMore } from './ask-more.ts'
import { refuseCustomers } from './refuse-customers.ts'

export const Refunded = Type.Object({ ...Payment.properties, refund: Refund })
export type Refunded = Static<typeof Refunded>

/**
 * Gives back an amount named by staff, or all that is left. (What names order lines and units is
 * a refund of the order, which stands above.) What is asked for is set aside at once, so parallel
 * refunds never exceed the capture.
 */
export async function refundPayment(
  ctx: ProcessContext,
  { id, amount, reason }: RefundPayment,
): Promise<Refunded> {
  refuseCustomers(ctx, 'refund a payment')
  const { payment, request } = await askMore(ctx, {
    id,
    operation: 'refund',
    amountOf(payment) {
      paymentLifecycle.next(payment.status, 'refund')
      const left = refundableAmount(payment)
      const wanted = amount === undefined ? left : parseMoney(amount, payment.currency)
      if (wanted > 0 && wanted <= left) return wanted
      const available = formatMoney(Math.max(left, 0), payment.currency)
      const { currency } = payment
      throw paymentErrors.nothing_left({ available, currency, action: 'a refund', field: 'amount' })
    },
    async beside(tx, asked) {
      const returned = { amount: asked.request.amount, reason: reason ?? null }
      const row = refundRow(tx, asked.payment, {
        ...returned,
        kind: 'free_amount',
        request_id: asked.request.id,
      })
      await insertRefund(tx, row)
    },
  })
  const refunds = await ctx.read((tx) => refundsOfPayment(tx, { payment_id: id }))
  const refund = refunds.find(({ request_id }) => request_id === request.id)
  if (!refund) throw new Error(`request ${request.id} has no refund`)
  if (request.state === 'failed') {
    const reason = request.failure_message ?? request.failure_code ?? 'no reason was given.'
    throw paymentErrors.request_failed({ reason, payment_id: id, refund_id: refund.id })
  }
  return { ...printPayment(payment), refund: printRefund(refund) }
}
