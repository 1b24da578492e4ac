import { formatMoney, parseMoney } from '#kit/money'
import type { ProcessContext } from '#platform/processes'
import { freeHeldAmount } from '../books.ts'
import { paymentErrors } from '../errors.ts'
import { paymentLifecycle } from '../lifecycle.ts'
import { type CapturePayment, type Payment, printPayment } from '../schemas.ts'
import { askMore } from './ask-more.ts'
import { refuseCustomers } from './refuse-customers.ts'

/** The code with which a provider refuses to keep the rest of a capture. */
export const CAPTURED_ONCE = 'captured_once'

/** Takes what is held, or part of it; the rest stays held until it is captured or voided. */
export async function capturePayment(
  ctx: ProcessContext,
  { id, amount, keep_rest }: CapturePayment,
): Promise<Payment> {
  refuseCustomers(ctx, 'capture a payment')
  const { payment, request } = await askMore(ctx, {
    id,
    operation: 'capture',
    ...(keep_rest && { keep_rest }),
    amountOf(payment) {
      const left = freeHeldAmount(payment)
      // What is still held can be taken, also after part of what was taken has gone back.
      if (left <= 0) paymentLifecycle.next(payment.status, 'capture')
      const wanted = amount === undefined ? left : parseMoney(amount, payment.currency)
      if (wanted > 0 && wanted <= left) return wanted
      const available = formatMoney(Math.max(left, 0), payment.currency)
      const { currency } = payment
      throw paymentErrors.nothing_left({
        available,
        currency,
        action: 'a capture',
        field: 'amount',
      })
    },
  })
  if (request.state === 'failed') {
    if (request.failure_code === CAPTURED_ONCE)
      throw paymentErrors.captured_once({ payment_id: id })
    const reason = request.failure_message ?? request.failure_code ?? 'no reason was given.'
    throw paymentErrors.request_failed({ reason, payment_id: id })
  }
  return printPayment(payment)
}
