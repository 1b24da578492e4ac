import type Stripe from 'stripe'
import type { Books } from './books.ts'
import { wholeUnits } from './intents.ts'
import { newRefund } from './objects.ts'
import { invalid } from './refusal.ts'

type Params = Record<string, any>

/** What refunds of a charge amount to; failed ones give nothing back. */
const refundedOf = (books: Books, charge: Stripe.Charge): number =>
  [...books.refunds.values()]
    .filter((refund) => refund.charge === charge.id && !isOver(refund))
    .reduce((total, { amount }) => total + amount, 0)

const isOver = ({ status }: Stripe.Refund) => status === 'failed' || status === 'canceled'

export function createRefund(books: Books, params: Params): Stripe.Refund {
  const intent = books.intent(String(params.payment_intent))
  const charge = books.chargeOf(intent)
  if (!charge || charge.amount_captured === 0) {
    throw invalid('This PaymentIntent does not have a successful charge to refund.')
  }
  const taken = [...books.disputes.values()].find(
    (dispute) => dispute.charge === charge.id && dispute.status !== 'won',
  )
  if (taken) {
    const message = `Charge ${charge.id} has been charged back; cannot issue a refund.`
    throw invalid(message, { code: 'charge_disputed' })
  }
  const left = charge.amount_captured - refundedOf(books, charge)
  const amount = wholeUnits(params.amount ?? left, 'amount')
  if (left === 0) {
    const message = `Charge ${charge.id} has already been refunded.`
    throw invalid(message, { code: 'charge_already_refunded' })
  }
  if (amount > left || amount < 1) {
    throw invalid(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`)
  }
  const { refund: behaviour } = books.behaviours.get(String(intent.payment_method)) ?? {}
  const refund = newRefund({
    id: books.id('re'),
    created: books.now,
    amount,
    currency: intent.currency,
    charge: charge.id,
    payment_intent: intent.id,
    metadata: params.metadata ?? {},
    reason: params.reason ?? null,
    status: behaviour === 'pending' ? 'pending' : 'succeeded',
  })
  books.refunds.set(refund.id, refund)
  books.tell('refund.created', refund)
  if (refund.status === 'succeeded') count(books, charge)
  return refund
}

function count(books: Books, charge: Stripe.Charge): void {
  charge.amount_refunded = refundedOf(books, charge)
  charge.refunded = charge.amount_refunded === charge.amount_captured
  books.tell('charge.refunded', charge)
}

/** How a refund ends, perhaps days later. */
export function endRefund(books: Books, id: string, status: 'succeeded' | 'failed'): Stripe.Refund {
  const refund = books.find('refund', books.refunds, id)
  const charge = books.charges.get(String(refund.charge)) as Stripe.Charge
  refund.status = status
  if (status === 'failed') {
    refund.failure_reason = 'lost_or_stolen_card'
    charge.amount_refunded = refundedOf(books, charge)
    charge.refunded = false
    books.tell('refund.failed', refund)
  } else {
    books.tell('refund.updated', refund)
    count(books, charge)
  }
  return refund
}
