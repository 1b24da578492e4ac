import { formatMoney } from '#kit/money'
import { printOrderNumber } from '#modules/orders'
import { type BegunPayment, type Commit, type PaymentRow, pursuePayment } from '#modules/payments'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { creditRefused } from '../credits/pay-by-credit.ts'
import { checkoutErrors } from '../errors.ts'
import type { Placed } from '../paying.ts'
import { placeOrContinue } from '../placing.ts'
import type { CompleteCheckout, Completed } from '../schemas.ts'

/**
 * Makes the order of a cart and takes the money for it. One transaction prices, places the order
 * (one a cart, whoever calls how often) and stores what the provider will be asked; then the
 * provider is asked; then its answer is settled. Called again, by whichever key and also after a
 * crash, it answers the same order, and pays it if nobody has: after a decline with another token.
 * Gift cards and store credit pay first, one payment each, and the payment method pays the rest.
 */
export async function completeCheckout(
  ctx: ProcessContext,
  input: CompleteCheckout,
): Promise<Completed> {
  for (let isFirst = true; ; isFirst = false) {
    const step = await nextStep(ctx, input, isFirst)
    const { placed, asked } = step
    if (!asked) return answerOf(placed)
    if (!step.by_credit) return payRest(ctx, placed, asked)
    const payment = await pursuePayment(ctx, asked, inBetween(ctx))
    // Nobody knows yet: whoever asks again learns it, and so does the sweeper.
    if (payment.processed_at === null) return answerOf({ ...placed, payment })
    if (payment.status === 'failed') {
      throw await ctx.transaction((tx) => creditRefused(ofAny(tx), input), 'read committed')
    }
  }
}

/** Each credit that pays is a payment of its own; after it the next one is looked for. */
async function nextStep(ctx: ProcessContext, input: CompleteCheckout, isFirst: boolean) {
  const step = await ctx.transaction(
    (tx) => placeOrContinue(isFirst ? tx : ofAny(tx), input, ctx.key),
    'read committed',
  )
  // Told only after the commit, because the checkout has to remember what its buyer is shown.
  if ('refusal' in step) throw step.refusal
  return step
}

/** The version that the caller has named is the one before the first step. */
const ofAny = (ctx: Context): Context => ({ ...ctx, expected_version: undefined })

const inBetween =
  (ctx: ProcessContext): Commit<PaymentRow> =>
  (settled) =>
    ctx.transaction(settled, 'read committed')

function payRest(ctx: ProcessContext, placed: Placed, asked: BegunPayment): Promise<Completed> {
  const conclude: Commit<Completed> = (settled) =>
    ctx.conclude(async (tx) => ({ ...placed, payment: await settled(tx) }), answerOf)
  return pursuePayment(ctx, asked, conclude)
}

/** The order and how its payment stands; a decline is a refusal that names the order. */
export function answerOf({ order, session, payment }: Placed): Completed {
  if (payment?.status === 'failed') throw declined(order, payment)
  return {
    order_id: order.id,
    order_number: printOrderNumber(order.number),
    checkout_id: session.id,
    total: formatMoney(order.total_amount, order.currency),
    currency: order.currency,
    payment: payment && {
      id: payment.id,
      status: payment.status,
      next_action:
        payment.action_url === null ? null : { type: 'redirect', url: payment.action_url },
    },
  }
}

function declined(order: Placed['order'], payment: PaymentRow) {
  const { id: payment_id, failure_code, failure_message } = payment
  return checkoutErrors.payment_declined({
    order_id: order.id,
    order_number: printOrderNumber(order.number),
    payment_id,
    reason: failure_message ?? failure_code ?? 'no reason was given.',
    decline_code: failure_code,
  })
}
