import type { disputeLifecycle } from './lifecycle.ts'

/** The states of a dispute, as far as a shop must tell them apart. */
export type DisputeState = (typeof disputeLifecycle.states)[number]

/** A payer's bank has doubts, as a webhook tells it; amounts in minor units. */
export type DisputeNews = {
  /** The provider's name of the dispute. */
  ref: string
  /** The provider's name of the payment. */
  payment_ref: string
  status: DisputeState
  amount: number
  currency: string
  /** The provider's word, such as `fraudulent`. */
  reason: string
  /** Until when evidence counts. */
  evidence_due_at: string | null
  /** When the provider says so. */
  occurred_at: string
  /** When it was opened. */
  opened_at: string
}
