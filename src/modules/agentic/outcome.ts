import { giveBackSpending } from '#modules/agents'
import { cancelUnpaidOrder } from '#modules/orders'
import { meansOf, type PaymentRow, paymentProviders } from '#modules/payments'
import { giveBackToken, isVaultToken } from '#modules/vault'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { pricedWishes, type Wishes } from './choices.ts'
import { agenticEvents } from './events.ts'
import { saveSession } from './find.ts'
import { expiryFrom, holdAll } from './hold.ts'
import { agentSessionLifecycle as lifecycle } from './lifecycle.ts'
import { error } from './messages.ts'
import type { AgentSession } from './schemas.ts'
import { orderOf } from './shop.ts'
import type { SessionRow } from './tables.ts'
import { toldOf } from './telling.ts'

const PAID = new Set<PaymentRow['status']>([
  'authorized',
  'succeeded',
  'partially_refunded',
  'refunded',
])
const FAILED = new Set<PaymentRow['status']>(['failed', 'cancelled'])

/** What becomes of a session whose order is placed, once it is known how its payment stands. */
export async function followPayment(
  ctx: Context,
  row: SessionRow,
  payment: PaymentRow,
): Promise<AgentSession> {
  if (PAID.has(payment.status)) return completed(ctx, row)
  if (FAILED.has(payment.status)) {
    await giveTokenBack(ctx, row, payment)
    return declined(ctx, row, payment.failure_message ?? payment.failure_code)
  }
  if (payment.status !== 'requires_action') return row.document
  return challenged(ctx, row, payment)
}

/** Its order is paid or authorised, or costs nothing: the session shows it, for good. */
export async function completed(ctx: Context, row: SessionRow): Promise<AgentSession> {
  const { id: session_id, agent, order_id, status, told } = row
  if (!order_id || !told.order) throw new Error(`session ${session_id} has no order to show`)
  emit(ctx, agenticEvents.completed({ session_id, agent, order_id }))
  const { row: saved } = await saveSession(ctx, row, {
    change: {
      status: lifecycle.next(status, 'complete'),
      ended_at: ctx.now,
      document: { messages: [], authentication: null, order: orderOf(ctx, told.order) },
    },
  })
  return saved.document
}

/**
 * Its payment failed: the order that waited for it is cancelled, the units are held anew, and the
 * session can be paid with another token, or changed.
 */
export async function declined(
  ctx: Context,
  row: SessionRow,
  why: string | null,
): Promise<AgentSession> {
  const { id: session_id, order_id, status, document } = row
  if (!order_id) return document
  const reason = why ?? 'The payment was declined.'
  await cancelUnpaidOrder(ctx, order_id, 'its payment was declined')
  emit(ctx, agenticEvents.declined({ session_id, order_id, reason }))
  const wishes = wishesOf(document)
  const priced = await pricedWishes(ctx, wishes)
  const hold = await holdAll(ctx, { id: session_id, ...wishes }, priced)
  const also = [error('payment_declined', '$.payment_data', reason)]
  const told = toldOf(ctx, wishes, { priced, short: hold.short, before: document, also })
  const ready = lifecycle.next(status, 'decline')
  const { row: saved, written } = await saveSession(ctx, row, {
    change: {
      status: told.status === ready ? ready : lifecycle.next(ready, 'block'),
      total_amount: told.totals.total,
      order_id: null,
      held_until: hold.held_until,
      expires_at: expiryFrom(ctx),
      told: { ...row.told, order: null },
      document: { ...told, authentication: null },
    },
    writes: hold.writes,
  })
  hold.check(written)
  // The last of all locks, after the stock's.
  await giveBackSpending(ctx, { session_id })
  return saved.document
}

/** What a stored session wants, as it was said last. */
export const wishesOf = (document: AgentSession): Wishes => ({
  lines: document.lines,
  currency: document.currency,
  buyer: document.buyer,
  fulfillment_details: document.fulfillment_details,
  selected: document.selected,
  groups: document.groups,
  codes: document.discounts.codes,
})

async function challenged(
  ctx: Context,
  row: SessionRow,
  { provider, action_url: url }: PaymentRow,
): Promise<AgentSession> {
  if (row.status === 'authentication_required') return row.document
  const acquirer = paymentProviders.of(ctx).named(provider)?.acquirer ?? null
  const where = acquirer || !url ? '' : `: ${url}`
  const content = `The payer has to be authenticated (3-D Secure)${where}.`
  const message = error('requires_3ds', '$.authentication_result', content, 'requires_buyer_input')
  const browser = row.told.browser ?? null
  const { row: saved } = await saveSession(ctx, row, {
    change: {
      status: lifecycle.next(row.status, 'challenge'),
      expires_at: expiryFrom(ctx),
      document: { messages: [message], authentication: { kind: '3ds', url, acquirer, browser } },
    },
  })
  return saved.document
}

async function giveTokenBack(
  ctx: Context,
  { id }: SessionRow,
  { payment_method_id }: PaymentRow,
): Promise<void> {
  const token = meansOf(ctx, payment_method_id)
  if (token && isVaultToken(token)) await giveBackToken(ctx, { token, checkout_session_id: id })
}
