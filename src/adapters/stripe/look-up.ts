import type { Fact, Listed, LookUp, ProviderAnswer, Window } from '#modules/payments'
import type { Stripe } from './client.ts'
import { isMissing } from './errors.ts'
import { answerOf, factsOf, idOf, refundFact } from './facts.ts'
import { OUR_CAPTURE, OUR_REQUEST } from './metadata.ts'
import type { Tools } from './moves.ts'

/** How far Stripe's clock and ours may be apart, in seconds. */
const CLOCKS_SECS = 300
const PAGE = 100

const secondsOf = (instant: string): number => Math.floor(Date.parse(instant) / 1000)

/**
 * What became of a request, by its key. A charge is sought in the list of intents since it was
 * asked for: the list knows what was made a moment ago, where Stripe's search takes a minute and
 * in trouble an hour. Everything else is seen on the payment itself.
 */
export async function lookUp(
  key: string,
  about: LookUp,
  { client, now }: Tools,
): Promise<ProviderAnswer | undefined> {
  const stripe = await client()
  const { operation, payment_ref } = about
  if (payment_ref === null || operation === 'sale' || operation === 'authorize') {
    const intent = await intentOf(stripe, key, about)
    return intent && answerOf(intent, now())
  }
  if (operation === 'refund') {
    const refund = await refundOf(stripe, payment_ref, key)
    return refund && { payment_ref, facts: [refundFact(refund, now())] }
  }
  const intent = await stripe.paymentIntents.retrieve(payment_ref)
  if (operation === 'confirm') {
    return intent.status === 'requires_confirmation' ? undefined : answerOf(intent, now())
  }
  const done = factsOf(intent, now())
  const ours = operation === 'void' || intent.metadata[OUR_CAPTURE] === key
  if (ours && done.some((fact) => fact.operation === operation)) return answerOf(intent, now())
  // It went the other way: captured where it was to be let go, or the reverse.
  const over = intent.status === 'succeeded' || intent.status === 'canceled'
  if (!over) return undefined
  return { payment_ref, facts: [neverDone(key, about, now()), ...done] }
}

async function intentOf(stripe: Stripe, key: string, { asked_at }: LookUp) {
  const created = { gte: secondsOf(asked_at) - CLOCKS_SECS }
  for await (const intent of stripe.paymentIntents.list({ created, limit: PAGE })) {
    if (intent.metadata[OUR_REQUEST] === key) return intent
  }
  return undefined
}

async function refundOf(stripe: Stripe, payment_intent: string, key: string) {
  for await (const refund of stripe.refunds.list({ payment_intent, limit: PAGE })) {
    if (refund.metadata?.[OUR_REQUEST] === key) return refund
  }
  return undefined
}

const neverDone = (key: string, about: LookUp, now: number): Fact => ({
  ref: key,
  operation: about.operation === 'capture' ? 'capture' : 'void',
  outcome: 'failed',
  amount: about.amount,
  currency: about.currency,
  sequence: 0,
  occurred_at: new Date(now * 1000).toISOString(),
  request_id: key,
  code: 'wrong_state',
  message: 'The payment is no longer in a state that allows this.',
  action_url: null,
})

/** All that Stripe says of a payment now, its refunds included. */
export async function look(
  payment_ref: string,
  { client, now }: Tools,
): Promise<ProviderAnswer | undefined> {
  const stripe = await client()
  try {
    const intent = await stripe.paymentIntents.retrieve(payment_ref)
    const facts = factsOf(intent, now())
    for await (const refund of stripe.refunds.list({ payment_intent: payment_ref, limit: PAGE })) {
      facts.push(refundFact(refund, now()))
    }
    return { payment_ref, facts }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** What Stripe did in a window: intents and refunds that were made in it, whatever of. */
export async function* list({ from, to }: Window, { client, now }: Tools): AsyncGenerator<Listed> {
  const stripe = await client()
  const created = { gte: secondsOf(from), lt: secondsOf(to) }
  for await (const intent of stripe.paymentIntents.list({ created, limit: PAGE })) {
    const facts = factsOf(intent, now())
    if (facts.length > 0) yield { payment_ref: intent.id, facts }
  }
  for await (const refund of stripe.refunds.list({ created, limit: PAGE })) {
    const payment_ref = idOf(refund.payment_intent)
    if (payment_ref) yield { payment_ref, facts: [refundFact(refund, now())] }
  }
}
