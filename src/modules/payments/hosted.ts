/** A page of the provider, the same inside a page of the shop, or a bare intent for its script. */
export type HostedKind = 'page' | 'embedded' | 'intent'

export type HostedLine = { name: string; quantity: number; unit_amount: number }

/** What the provider is asked to open; `key` was stored before. Amounts in minor units. */
export type HostedRequest = {
  key: string
  kind: HostedKind
  /** What is to be paid. Where the lines do not add up to it, they are shown as one. */
  amount: number
  currency: string
  lines: readonly HostedLine[]
  customer_email: string | null
  /** Where the payer goes afterwards; `embedded` and `page` need the first, `page` both. */
  success_url: string | null
  cancel_url: string | null
  /** Comes back with every answer and all news; names begin with no `tradepost_`. */
  metadata: Record<string, string>
  /** Such as `card`; null leaves the choice to the provider. */
  method_types: readonly string[] | null
  /** Providers have limits of their own: Stripe's pages live from 30 minutes to 24 hours. */
  expires_at: string | null
}

/** A page or an intent as the provider has it now. */
export type Hosted = {
  /** The provider's name of what was opened: `cs_…` of a page, `pi_…` of an intent. */
  ref: string
  /** The payment behind it (`pi_…`); a page may have none before it is paid. */
  payment_ref: string | null
  /** Where the payer is sent; of pages that are open. */
  url: string | null
  /** For the provider's script in the payer's browser; never to be logged. */
  client_secret: string | null
  status: 'open' | 'complete' | 'expired'
  payment_status: 'paid' | 'unpaid' | 'no_payment_required'
  /** The provider's own word. */
  provider_status: string
  amount: number
  currency: string
  customer_email: string | null
  metadata: Record<string, string>
  expires_at: string | null
}

/** What a webhook says of a page or intent. */
export type HostedNews = Pick<
  Hosted,
  | 'ref'
  | 'payment_ref'
  | 'status'
  | 'payment_status'
  | 'amount'
  | 'currency'
  | 'customer_email'
  | 'metadata'
> & {
  occurred_at: string
  /** Why an attempt to pay failed; the page or intent may still be open. */
  failure?: { code: string; message: string }
}

/**
 * What a provider offers that takes payments before there is an order. Each call answers, throws a
 * `payments.hosted_refused` (4xx) where the provider says no for good, or throws another error, and
 * then nobody knows: it may be tried again with the same key.
 */
export type HostedPayments = {
  /** What the provider's script in a browser is given; no secret. */
  readonly publishable_key: string
  open(request: HostedRequest): Promise<Hosted>
  read(ref: string): Promise<Hosted>
  /** Closes it: it can no longer be paid. What is paid or closed already is answered as it is. */
  expire(ref: string): Promise<Hosted>
}
