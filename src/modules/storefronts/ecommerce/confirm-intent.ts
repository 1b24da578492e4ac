import type { Id } from '#kit/ids'
import {
  type BegunPayment,
  beginPayment,
  type Commit,
  confirmPayment,
  type PaymentRow,
  paymentsOfOrder,
  pursuePayment,
} from '#modules/payments'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import type { IntentRow } from '../tables.ts'
import { ecommerceErrors } from './errors.ts'
import {
  drawReference,
  isPaid,
  type LockedIntent,
  lockedIntent,
  saveIntent,
  toldIntent,
} from './intents.ts'
import type { ConfirmIntent, Intent } from './schemas.ts'

type Step =
  | { intent: IntentRow; asked: BegunPayment }
  | { intent: IntentRow; payer_acted: PaymentRow }
  | { done: Intent }

/**
 * Takes the money of an intent: one payment an order, whoever confirms how often. An intent that
 * succeeded is answered as it is; after a decline it is tried anew. A reference that is a token of
 * the payment provider (`pm_…`, `tok_…`) says what is charged. Throws `intent_not_found`,
 * `already_paid`.
 */
export async function confirmIntent(ctx: ProcessContext, input: ConfirmIntent): Promise<Intent> {
  const step = await ctx.transaction((tx) => begin(tx, input, ctx.key), 'read committed')
  if ('done' in step) return step.done
  const { intent } = step
  const answer = (told: Intent) => told
  if ('payer_acted' in step) {
    await confirmPayment(ctx, { id: step.payer_acted.id }).catch(() => {})
    return ctx.conclude(async (tx) => toldIntent(tx, intent, await paymentNow(tx, intent)), answer)
  }
  const conclude: Commit<Intent> = (settled) =>
    ctx.conclude(async (tx) => toldIntent(tx, intent, await settled(tx)), answer)
  return pursuePayment(ctx, step.asked, conclude)
}

async function begin(ctx: Context, input: ConfirmIntent, key: string): Promise<Step> {
  const locked = await lockedIntent(ctx, input.intent_id)
  // Also where its order is another's.
  if (!locked) throw ecommerceErrors.intent_not_found()
  const { intent, order, payments, own } = locked
  if (own && hasMoney(own)) return { done: await toldIntent(ctx, intent, own) }
  if (own?.status === 'requires_action') return { intent, payer_acted: own }
  // Somebody else confirms it at this moment: the same payment goes on.
  if (own && own.processed_at === null) return { intent, asked: await pay(ctx, locked, own.id) }
  const owed = order.total_amount - order.cancelled_amount
  if (isPaid(owed, payments)) throw ecommerceErrors.already_paid()
  const reference = input.gateway_reference ?? drawReference()
  const asked = await pay(ctx, locked, key as Id<'payment'>, reference)
  const change = { payment_id: asked.payment.id, provider_status: null }
  const saved = await saveIntent(ctx, intent, { ...change, gateway_reference: reference })
  return { intent: saved, asked }
}

const hasMoney = ({ captured_amount, authorized_amount }: PaymentRow): boolean =>
  captured_amount > 0 || authorized_amount > 0

/** Names of cards and accounts at a provider, of those that may be used more than once. */
const TOKEN = /^(pm|tok)_/

function pay(
  ctx: Context,
  { order }: LockedIntent,
  id: Id<'payment'>,
  reference = '',
): Promise<BegunPayment> {
  return beginPayment(ctx, id, {
    order_id: order.id,
    currency: order.currency,
    payment_method: 'credit_card',
    ...(TOKEN.test(reference) && { payment_method_id: reference }),
  })
}

const paymentNow = async (ctx: Context, { order_id, payment_id }: IntentRow) =>
  (await paymentsOfOrder(ctx, { order_id })).find(({ id }) => id === payment_id)
