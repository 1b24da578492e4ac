import { DomainError } from '#kit/errors'
import type { ProcessContext } from '#platform/processes'
import { paymentErrors } from '../errors.ts'
import type { PaymentStatus } from '../lifecycle.ts'
import { findPayment } from '../queries.ts'
import type { GetPayment, Payment } from '../schemas.ts'
import { askMore } from './ask-more.ts'
import { answered } from './create-payment.ts'

/** How a payment can have ended when its payer comes back: nothing is left to confirm. */
const DECIDED = new Set<PaymentStatus>(['authorized', 'succeeded', 'failed'])

/**
 * Finishes a payment whose payer was sent to prove themselves (3-D Secure). The payer's return and
 * the provider's webhook race: who comes second finds the payment decided, and is told how.
 */
export async function confirmPayment(ctx: ProcessContext, { id }: GetPayment): Promise<Payment> {
  const read = () => ctx.read((tx) => findPayment(tx, id))
  const before = await read()
  if (DECIDED.has(before.status)) return answered(before)
  try {
    const { payment } = await askMore(ctx, {
      id,
      operation: 'confirm',
      amountOf({ status, amount }) {
        if (status === 'requires_action') return amount
        throw paymentErrors.cannot_confirm({ payment_id: id, status })
      },
    })
    return answered(payment)
  } catch (error) {
    const { code } = paymentErrors.cannot_confirm.spec
    if (!(error instanceof DomainError) || error.code !== code) throw error
    const now = await read()
    if (DECIDED.has(now.status)) return answered(now)
    throw error
  }
}
