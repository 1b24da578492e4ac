import type Stripe from 'stripe'
import type { Books } from './books.ts'
import { newDispute } from './objects.ts'

/** A payer's bank takes up a charge. */
export function disputeCharge(books: Books, charge: Stripe.Charge, reason: string): Stripe.Dispute {
  const dispute = newDispute({
    id: books.id('dp'),
    created: books.now,
    amount: charge.amount_captured,
    currency: charge.currency,
    charge: charge.id,
    payment_intent: charge.payment_intent,
    reason,
  })
  charge.disputed = true
  books.disputes.set(dispute.id, dispute)
  books.tell('charge.dispute.created', dispute)
  books.tell('charge.dispute.funds_withdrawn', dispute)
  return dispute
}

export function decideDispute(books: Books, id: string, status: Stripe.Dispute['status']) {
  const dispute = books.find('dispute', books.disputes, id)
  dispute.status = status
  const over = status === 'won' || status === 'lost'
  books.tell(over ? 'charge.dispute.closed' : 'charge.dispute.updated', dispute)
  if (status === 'won') books.tell('charge.dispute.funds_reinstated', dispute)
  return dispute
}
