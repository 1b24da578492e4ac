import type { ProcessContext } from '#platform/processes'
import { freeHeldAmount } from '../books.ts'
import { paymentErrors } from '../errors.ts'
import { paymentLifecycle } from '../lifecycle.ts'
import { type GetPayment, type Payment, printPayment } from '../schemas.ts'
import { askMore } from './ask-more.ts'

/** Lets go what is still held, or cancels a payment that waits for its payer. */
export async function voidPayment(ctx: ProcessContext, { id }: GetPayment): Promise<Payment> {
  const { payment, request } = await askMore(ctx, {
    id,
    operation: 'void',
    amountOf(payment) {
      const left = Math.max(freeHeldAmount(payment), 0)
      // After a partial capture the rest can be let go, though the payment stays what it is.
      if (left === 0 || payment.captured_amount === 0) paymentLifecycle.next(payment.status, 'void')
      return left
    },
  })
  if (request.state === 'failed') {
    const reason = request.failure_message ?? request.failure_code ?? 'no reason was given.'
    throw paymentErrors.request_failed({ reason, payment_id: id })
  }
  return printPayment(payment)
}
