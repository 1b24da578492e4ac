import type { DisputeNews, EvidenceAnswer, EvidenceRequest } from '#modules/payments'
import { fromStripe } from './amounts.ts'
import type { Stripe } from './client.ts'
import { refusalOf } from './errors.ts'
import { idOf } from './facts.ts'
import { OUR_EVIDENCE } from './metadata.ts'
import type { Tools } from './moves.ts'

const STATES: Record<string, DisputeNews['status']> = {
  warning_needs_response: 'needs_response',
  needs_response: 'needs_response',
  appeal_needs_response: 'needs_response',
  warning_under_review: 'under_review',
  under_review: 'under_review',
  appeal_under_review: 'under_review',
  warning_closed: 'won',
  prevented: 'won',
  won: 'won',
  lost: 'lost',
}

/** A dispute as the house has it; undefined if it is about no payment by an intent. */
export function disputeNews(dispute: Stripe.Dispute, told_at: number): DisputeNews | undefined {
  const payment_ref = idOf(dispute.payment_intent)
  if (!payment_ref) return undefined
  const due_by = dispute.evidence_details?.due_by
  return {
    ref: dispute.id,
    payment_ref,
    status: STATES[dispute.status] ?? 'under_review',
    amount: fromStripe(dispute.amount, dispute.currency),
    currency: dispute.currency.toUpperCase(),
    reason: dispute.reason ?? 'general',
    evidence_due_at: due_by ? instantOf(due_by) : null,
    occurred_at: instantOf(told_at),
    opened_at: instantOf(dispute.created),
  }
}

const instantOf = (seconds: number): string => new Date(seconds * 1000).toISOString()

/**
 * Gives Stripe the files first and then everything together. Each call has a key of its own, made
 * of the stored one; the newest stands in the dispute, so that nothing is given twice.
 */
export async function submitEvidence(
  request: EvidenceRequest,
  { client, now }: Tools,
): Promise<EvidenceAnswer> {
  const stripe = await client()
  const { key, dispute_ref, texts, is_final } = request
  try {
    const found = await stripe.disputes.retrieve(dispute_ref)
    if (found.metadata[OUR_EVIDENCE] === key) return taken(found, now())
    const files = await upload(stripe, request)
    const dispute = await stripe.disputes.update(
      dispute_ref,
      { evidence: { ...texts, ...files }, submit: is_final, metadata: { [OUR_EVIDENCE]: key } },
      { idempotencyKey: key },
    )
    return taken(dispute, now())
  } catch (error) {
    const refused = refusalOf(error)
    if (!refused) throw error
    return { refused: { code: refused.code, message: refused.message } }
  }
}

/** The files by their kinds, as Stripe calls them. */
async function upload(stripe: Stripe, { key, files }: EvidenceRequest) {
  const refs: Record<string, string> = {}
  for (const { kind, name, content_type: type, content: data } of files) {
    const file = await stripe.files.create(
      { purpose: 'dispute_evidence', file: { data, name, type } },
      { idempotencyKey: `${key}:${kind}` },
    )
    refs[kind] = file.id
  }
  return refs
}

function taken(found: Stripe.Dispute, told_at: number): EvidenceAnswer {
  const dispute = disputeNews(found, told_at)
  if (!dispute) throw new Error(`the dispute ${found.id} is about no payment any more`)
  return { dispute }
}
