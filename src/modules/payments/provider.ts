import { type Static, Type } from 'typebox'
import type { Id } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'
import { definePort } from '#platform/ports'
import type { DisputeNews } from './dispute-news.ts'
import type { EvidenceAnswer, EvidenceRequest } from './evidence/provider.ts'
import type { HostedNews, HostedPayments } from './hosted.ts'

/** What a provider can be asked for. `sale` authorises and captures in one. */
export const REQUEST_OPERATIONS = [
  'sale',
  'authorize',
  'confirm',
  'capture',
  'void',
  'refund',
] as const
export type RequestOperation = (typeof REQUEST_OPERATIONS)[number]

/** What a fact is about: `confirm` speaks of the sale or authorisation that it finishes. */
export const FACT_OPERATIONS = ['sale', 'authorize', 'capture', 'void', 'refund'] as const
export type FactOperation = (typeof FACT_OPERATIONS)[number]
export const OUTCOMES = ['pending', 'action_required', 'failed', 'succeeded'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** One thing that a provider says has happened to one of its objects. */
export type Fact = {
  /** The provider's name of the object: a charge, a capture, a void, a refund. */
  ref: string
  operation: FactOperation
  outcome: Outcome
  /** Minor units. */
  amount: number
  currency: string
  /**
   * The provider's own count of what happened to this object; 0 from providers that do not count.
   */
  sequence: number
  /** When it happened, by the provider's clock. */
  occurred_at: string
  /** The id of the request of ours that caused it, where the provider repeats it. */
  request_id: string | null
  /** Why it failed: the provider's code and sentence. */
  code: string | null
  message: string | null
  /** Where the payer must go, for `action_required`. */
  action_url: string | null
}

/** What the provider says about one payment: its own reference of it, and facts. */
export type ProviderAnswer = { payment_ref: string | null; facts: readonly Fact[] }

/** News as a webhook brings them; `request_id` or `payment_ref` says which payment is meant. */
export type WebhookNews = {
  event_id: string
  type: string
  /** Undefined when this kind of event is of no interest here. */
  answer: ProviderAnswer | undefined
  /** What happened to a page or intent that `hosted` has opened. */
  hosted?: HostedNews
  /** What happened to a dispute about one of its payments. */
  dispute?: DisputeNews
  /** The payment (the provider's name) that must be asked after: the news is no fact. */
  look_at?: string
}

/** One call to a provider. `key` was stored before, and is the same for every try. */
export type ProviderRequest = {
  key: string
  amount: number
  currency: string
  /** The provider's reference of the payment; null until it has told one. */
  payment_ref: string | null
  /**
   * Of a capture: what it does not take must stay held, or the capture is refused. Otherwise the
   * rest is let go by those who take a payment only once.
   */
  keep_rest?: boolean
}
export type ChargeRequest = ProviderRequest & {
  method: string
  payment_method_id: string | null
  order_id: Id<'order'>
  /** When it was stored, by our clock; every try tells the same. */
  asked_at: string
}

/**
 * Who moves the money. Each call either answers what happened (a refusal is an answer), or
 * throws, and then nobody knows: the request stays open and is looked up by its key. Calls are
 * idempotent by key. Amounts are minor units.
 */
export type PaymentProvider = {
  readonly name: string
  /**
   * After this long without a trace (milliseconds), a request was never and will never be executed.
   */
  readonly untraced_after_ms: number
  /** How long a call may take before its outcome counts as unknown, in milliseconds. */
  readonly timeout_ms: number
  sale(request: ChargeRequest): Promise<ProviderAnswer>
  authorize(request: ChargeRequest): Promise<ProviderAnswer>
  /** Finishes a payment after the payer has passed (or failed) the challenge. */
  confirm(request: ProviderRequest): Promise<ProviderAnswer>
  capture(request: ProviderRequest): Promise<ProviderAnswer>
  void(request: ProviderRequest): Promise<ProviderAnswer>
  refund(request: ProviderRequest): Promise<ProviderAnswer>
  /** What became of the request with this key; undefined if the provider has never seen it. */
  lookUp(key: string, about: LookUp): Promise<ProviderAnswer | undefined>
  /** All that it says of a payment now: for news that were no facts. */
  look?(payment_ref: string): Promise<ProviderAnswer | undefined>
  /** What it did in a window of time: to compare both sides' books. */
  list?(window: Window): AsyncIterable<Listed>
  /**
   * Who takes the cards, for those who authenticate a payer themselves: a provider that has it goes
   * on with their result at `confirm`; at all others the payer visits `action_url`.
   */
  readonly acquirer?: Acquirer
  /** Hands evidence in to one of its disputes. Throws where nobody knows whether it arrived. */
  submitEvidence?(request: EvidenceRequest): Promise<EvidenceAnswer>
  /** Pages and intents at which the payer pays without this house seeing the means. */
  readonly hosted?: HostedPayments
  /** Checks the signature of its webhooks; those of others go by the setting. */
  readonly webhook_secret?: string
  /** Reads a webhook whose signature is good already; throws a DomainError (4xx) on nonsense. */
  readWebhook(body: string): WebhookNews
  /** Told once the house can be reached, by providers that send webhooks from within. */
  connect?(door: WebhookDoor): void
}

/** What 3-D Secure must know of an acquirer; the rest of it are settings of the merchant. */
export type Acquirer = {
  /** As the directory server knows it, at most 11 digits. */
  bin: string
  directory_server: 'american_express' | 'mastercard' | 'visa'
}

/** The way of a webhook into this house: the same HTTP that any provider would use. */
export type WebhookDoor = (webhook: {
  headers: Record<string, string>
  body: string
}) => Promise<number>

/** What is known of a request that is looked up. */
export type LookUp = Pick<ProviderRequest, 'amount' | 'currency' | 'payment_ref'> & {
  operation: RequestOperation
  /** When it was stored, by our clock. */
  asked_at: string
}

/** From the first instant to before the second. */
export type Window = { from: string; to: string }

/** One thing that the provider did, as `list` tells it; amounts in minor units. */
export type Listed = {
  payment_ref: string
  /** What the provider made of the payment, in the words of facts. */
  facts: readonly Fact[]
}

/** Providers by the name that payments remember; `active` takes new ones. */
export type Providers = {
  readonly active: PaymentProvider | undefined
  named(name: string): PaymentProvider | undefined
}

export const paymentProviders = definePort<Providers>('payment providers')

/** How a fact is stored; the schema of what `payment_events` adds to ids. */
export const FactColumns = {
  provider: Type.String(),
  provider_ref: Type.String(),
  operation: Type.Enum([...FACT_OPERATIONS]),
  outcome: Type.Enum([...OUTCOMES]),
  sequence: Type.Integer(),
  amount: Type.Integer(),
  currency: Type.String(),
  code: Nullable(Type.String()),
  message: Nullable(Type.String()),
  action_url: Nullable(Type.String()),
  occurred_at: Instant,
}
const FactRow = Type.Object(FactColumns)
export type FactRow = Static<typeof FactRow>
