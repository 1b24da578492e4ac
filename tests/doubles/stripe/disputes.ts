import type Stripe from 'stripe'
import type { Books } from './books.ts'
import { newDispute } from './objects.ts'
import { invalid } from './refusal.ts'

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

type Params = Record<string, any>

/** The shop answers: kept until it is submitted, and submitted once. */
export function updateDispute(books: Books, id: string, params: Params): Stripe.Dispute {
  const dispute = books.find('dispute', books.disputes, id)
  const { evidence = {}, metadata, submit = 'true' } = params
  const details = dispute.evidence_details
  if (dispute.status !== 'needs_response') {
    throw invalid('This dispute is already under review or closed.', { code: 'resource_already' })
  }
  if (details.due_by !== null && details.due_by < books.now) {
    throw invalid('The evidence for this dispute is past due.')
  }
  for (const [name, value] of Object.entries(evidence)) {
    if (!(name in dispute.evidence)) throw invalid(`Received unknown parameter: evidence[${name}]`)
    const isFile = String(value).startsWith('file_')
    if (isFile && !books.files.has(String(value))) throw invalid(`No such file: ${value}`)
  }
  Object.assign(dispute.evidence, evidence)
  Object.assign(dispute.metadata, metadata)
  details.has_evidence = Object.keys(evidence).length > 0 || details.has_evidence
  if (submit === 'true') {
    details.submission_count += 1
    dispute.status = 'under_review'
  }
  books.tell('charge.dispute.updated', dispute)
  return dispute
}
