import {
  type Hosted,
  type HostedPayments,
  type HostedRequest,
  paymentErrors,
} from '#modules/payments'
import { fromStripe, toStripe, Unpayable } from './amounts.ts'
import type { Stripe } from './client.ts'
import { refusalOf } from './errors.ts'
import { idOf } from './facts.ts'
import { OUR_HOSTED, othersOf } from './metadata.ts'
import type { Tools } from './moves.ts'

/** Checkout Sessions, on a page of Stripe's or within the shop's, and bare intents. */
export const hostedBy = ({ client, options }: Tools): HostedPayments => ({
  publishable_key: options.publishable_key,

  async open(request) {
    try {
      const stripe = await client()
      const key = { idempotencyKey: request.key }
      if (request.kind === 'intent') {
        return hostedIntent(await stripe.paymentIntents.create(intentParams(request), key))
      }
      return hostedSession(await stripe.checkout.sessions.create(sessionParams(request), key))
    } catch (error) {
      const reason = error instanceof Unpayable ? error.message : refusalOf(error)?.message
      if (reason === undefined) throw error
      throw paymentErrors.hosted_refused({ reason })
    }
  },

  async read(ref) {
    const stripe = await client()
    return isSession(ref)
      ? hostedSession(await stripe.checkout.sessions.retrieve(ref))
      : hostedIntent(await stripe.paymentIntents.retrieve(ref))
  },

  async expire(ref) {
    const stripe = await client()
    try {
      return isSession(ref)
        ? hostedSession(await stripe.checkout.sessions.expire(ref))
        : hostedIntent(await stripe.paymentIntents.cancel(ref))
    } catch (error) {
      // Paid or closed already.
      if (!refusalOf(error)) throw error
      return this.read(ref)
    }
  },
})

const isSession = (ref: string): boolean => ref.startsWith('cs_')

const metadataOf = ({ metadata, kind }: HostedRequest) => ({ ...metadata, [OUR_HOSTED]: kind })

function intentParams(request: HostedRequest): Stripe.PaymentIntentCreateParams {
  const { amount, currency, customer_email, method_types } = request
  return {
    amount: toStripe(amount, currency),
    currency: currency.toLowerCase(),
    metadata: metadataOf(request),
    ...(customer_email !== null && { receipt_email: customer_email }),
    ...(method_types === null
      ? { automatic_payment_methods: { enabled: true } }
      : { payment_method_types: [...method_types] }),
  }
}

function sessionParams(request: HostedRequest): Stripe.Checkout.SessionCreateParams {
  const { kind, success_url, cancel_url, customer_email, method_types, expires_at } = request
  const metadata = metadataOf(request)
  const ways =
    kind === 'embedded'
      ? { ui_mode: 'embedded_page' as const, ...(success_url && { return_url: success_url }) }
      : {
          ui_mode: 'hosted_page' as const,
          ...(success_url && { success_url }),
          ...(cancel_url && { cancel_url }),
        }
  return {
    mode: 'payment',
    ...ways,
    line_items: lineItems(request),
    metadata,
    // So that news of the payment itself say whose it is.
    payment_intent_data: { metadata },
    ...(customer_email !== null && { customer_email }),
    ...(method_types !== null && { payment_method_types: [...method_types] as never }),
    ...(expires_at !== null && { expires_at: Math.floor(Date.parse(expires_at) / 1000) }),
  }
}

/** What is shown. Discounts and taxes have no lines there, so where they count it is one sum. */
function lineItems({ lines, amount, currency }: HostedRequest) {
  const item = (name: string, quantity: number, unit_amount: number) => ({
    quantity,
    price_data: {
      currency: currency.toLowerCase(),
      unit_amount: toStripe(unit_amount, currency),
      product_data: { name },
    },
  })
  const sum = lines.reduce((total, line) => total + line.quantity * line.unit_amount, 0)
  if (sum === amount) {
    return lines.map(({ name, quantity, unit_amount }) => item(name, quantity, unit_amount))
  }
  const names = lines.map(({ name, quantity }) => (quantity > 1 ? `${quantity} × ${name}` : name))
  return [item(names.join(', ').slice(0, 250) || 'Order', 1, amount)]
}

/** Words that other versions of Stripe's interface may add mean what is safest. */
const SESSION_STATUS: Record<string, Hosted['status']> = {
  complete: 'complete',
  expired: 'expired',
}
const PAYMENT_STATUS: Record<string, Hosted['payment_status']> = {
  paid: 'paid',
  no_payment_required: 'no_payment_required',
}

/** A session as the house has it. */
export function hostedSession(session: Stripe.Checkout.Session): Hosted {
  const currency = session.currency ?? 'usd'
  const { status, payment_status } = session
  return {
    ref: session.id,
    payment_ref: idOf(session.payment_intent),
    url: session.url,
    client_secret: session.client_secret,
    status: SESSION_STATUS[status ?? ''] ?? 'open',
    payment_status: PAYMENT_STATUS[payment_status] ?? 'unpaid',
    provider_status: status ?? 'open',
    amount: fromStripe(session.amount_total ?? 0, currency),
    currency: currency.toUpperCase(),
    customer_email: session.customer_details?.email ?? session.customer_email,
    metadata: othersOf(session.metadata),
    expires_at: new Date(session.expires_at * 1000).toISOString(),
  }
}

const INTENT_STATUS: Record<string, Hosted['status']> = {
  succeeded: 'complete',
  // It will be known later how it ends.
  processing: 'complete',
  canceled: 'expired',
}

/** A bare intent as the house has it. */
export const hostedIntent = (intent: Stripe.PaymentIntent): Hosted => ({
  ref: intent.id,
  payment_ref: intent.id,
  url: null,
  client_secret: intent.client_secret,
  status: INTENT_STATUS[intent.status] ?? 'open',
  payment_status: intent.status === 'succeeded' ? 'paid' : 'unpaid',
  provider_status: intent.status,
  amount: fromStripe(intent.amount, intent.currency),
  currency: intent.currency.toUpperCase(),
  customer_email: intent.receipt_email,
  metadata: othersOf(intent.metadata),
  expires_at: null,
})
