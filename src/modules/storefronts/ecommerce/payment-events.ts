import { hash } from 'node:crypto'
import type { Static } from 'typebox'
import { findOrder, hold, type OrderRow, release } from '#modules/orders'
import { adoptPayment, type PaymentRow, tellPayment } from '#modules/payments'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import type { IntentRow } from '../tables.ts'
import { ecommerceErrors } from './errors.ts'
import { isPaid, type LockedIntent, lockedIntent, saveIntent } from './intents.ts'
import { meant } from './names.ts'
import { statusOf } from './orders.ts'
import type { Acknowledged, PaymentEvent } from './schemas.ts'

const OUTCOMES: Record<string, 'succeeded' | 'failed'> = {
  'payment.succeeded': 'succeeded',
  'payment.failed': 'failed',
}
type Outcome = (typeof OUTCOMES)[string]

/**
 * Applies what the provider of an intent says of it. The events have neither number nor time, so
 * the order in which they come is the only one there is (overlaps.md, section 5): a failure after a
 * success means that the money was taken back, and holds the order; a success after that lets it
 * go. The event that was applied last is not applied again. Throws `unsupported_event`, and
 * `order_not_found` where intent and order are unknown or do not belong together: then nothing has
 * changed.
 */
export async function receivePaymentEvent(
  ctx: ProcessContext,
  event: PaymentEvent,
): Promise<Static<typeof Acknowledged>> {
  const outcome = OUTCOMES[event.event_type]
  if (!outcome) throw ecommerceErrors.unsupported_event()
  const order_id = await ctx.transaction((tx) => apply(tx, event, outcome), 'read committed')
  const order = await ctx.read((tx) => findOrder(tx, order_id))
  const { event_type } = event
  const order_status = statusOf(order)
  return { accepted: true, event_type, order_id: event.order_id, order_status }
}

async function apply(ctx: Context, event: PaymentEvent, outcome: Outcome): Promise<OrderRow['id']> {
  const wanted = await meant(ctx, 'order', event.order_id)
  const locked = wanted && (await lockedIntent(ctx, event.payment_intent_id))
  if (!locked || locked.order.id !== wanted) throw ecommerceErrors.order_not_found()
  const { intent, order, own } = locked
  const last_event_hash = hash('sha256', JSON.stringify(event), 'base64')
  if (intent.last_event_hash === last_event_hash) return order.id
  // Its own provider was asked and will answer: that word counts.
  if (own && own.processed_at === null) return order.id
  const payment = await tell(ctx, locked, outcome)
  const change = {
    last_event_hash,
    payment_id: payment?.id ?? null,
    provider_status: customWord(event.status),
  }
  const saved = await saveIntent(ctx, intent, change)
  if (outcome === 'failed') await holdReversed(ctx, { ...locked, intent: saved })
  else await letGo(ctx, { ...locked, intent: saved })
  return order.id
}

/** What the event says, in the books of the intent's payment; one is made at its first event. */
async function tell(
  ctx: Context,
  { intent, order, payments, own }: LockedIntent,
  outcome: Outcome,
): Promise<PaymentRow | undefined> {
  const { id: order_id } = order
  if (own) {
    if (own.status === outcome) return own
    const code = outcome === 'failed' ? 'reported_failed' : null
    return tellPayment(ctx, { payment_id: own.id, order_id, outcome, code })
  }
  const owed = order.total_amount - order.cancelled_amount
  if (outcome === 'succeeded' && (isPaid(owed, payments) || order.cancelled_at !== null)) {
    ctx.log.error({ order_id, intent_id: intent.id }, 'a provider was paid for what is not owed')
    return undefined
  }
  return adopt(ctx, intent, outcome)
}

/**
 * A payment that was made, or declined, where we never asked: it stands in the books as taken by
 * hand, because nobody here could capture it or give it back.
 */
function adopt(ctx: Context, intent: IntentRow, outcome: Outcome): Promise<PaymentRow> {
  const { id, order_id, amount, currency } = intent
  const fact = {
    ref: id,
    operation: 'sale' as const,
    outcome,
    amount,
    currency,
    sequence: 1,
    occurred_at: ctx.now,
    request_id: null,
    code: outcome === 'failed' ? 'reported_failed' : null,
    message: null,
    action_url: null,
  }
  return adoptPayment(ctx, {
    order_id,
    provider: 'manual',
    payment_ref: id,
    answer: { payment_ref: id, facts: [fact] },
    payment_method: 'credit_card',
  })
}

const HOLD = 'payment_reversed'
/** States in which an order can be stopped. */
const HOLDABLE = new Set<OrderRow['status']>([
  'pending',
  'confirmed',
  'processing',
  'shipped',
  'on_hold',
])

/** Money that had been taken is gone: nothing leaves until somebody has cleared it up. */
async function holdReversed(ctx: Context, { intent, order, own }: LockedIntent): Promise<void> {
  if (!own || own.captured_amount === 0 || !HOLDABLE.has(order.status)) return
  const note = 'The provider says that the payment failed after it had succeeded.'
  await hold(ctx, order, { code: HOLD, note })
  await saveIntent(ctx, intent, { reversed_at: ctx.now })
}

async function letGo(ctx: Context, { intent, order }: LockedIntent): Promise<void> {
  if (intent.reversed_at === null) return
  if (order.status === 'on_hold') await release(ctx, order, { code: HOLD })
  await saveIntent(ctx, intent, { reversed_at: null })
}

/** A word that is none of ours, as the document promises to keep it. */
const customWord = (word: string): string | null =>
  ['succeeded', 'failed', 'requires_confirmation'].includes(word.trim().toLowerCase())
    ? null
    : word.trim()
