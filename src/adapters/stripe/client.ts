import type Stripe from 'stripe'

export type { Stripe }

export type StripeOptions = {
  secret_key: string
  publishable_key: string
  webhook_secret: string
  /** Scheme, name and port of its API. */
  host: string
  /** Where a payer comes back to after 3-D Secure. */
  return_url: string
  /** Whether the account may capture a card in several steps. */
  multicapture: boolean
  /** How long one call may take, in milliseconds. */
  timeout_ms: number
}

let loaded: Promise<typeof Stripe> | undefined

/** The official client. It is loaded when it is first needed: a server starts without it. */
export async function stripeClient({ secret_key, host, timeout_ms }: StripeOptions) {
  loaded ??= import('stripe').then((module) => module.default)
  const Official = await loaded
  const { protocol, hostname, port } = new URL(host)
  return new Official(secret_key, {
    protocol: protocol === 'http:' ? 'http' : 'https',
    host: hostname,
    ...(port !== '' && { port }),
    timeout: timeout_ms,
    // A request is tried again by the payment sweep, which looks first what became of it. (When a
    // connection breaks the package asks once more all the same, which our keys make safe.)
    maxNetworkRetries: 0,
    telemetry: false,
    appInfo: { name: 'Tradepost' },
  })
}

/** Makes the client once, when it is first asked for. */
export function lazyClient(options: StripeOptions): () => Promise<Stripe> {
  let client: Promise<Stripe> | undefined
  return () => {
    client ??= stripeClient(options)
    return client
  }
}
export type Client = ReturnType<typeof lazyClient>
