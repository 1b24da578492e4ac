import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import { printOrderNumber } from '#modules/orders'
import {
  type BegunPayment,
  beginPayment,
  type Commit,
  coveredAmount,
  type PaymentRow,
  paymentsOfOrder,
  pursuePayment,
} from '#modules/payments'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { draftErrors } from './errors.ts'
import type { Ordered } from './place.ts'
import type { PlacedDraft } from './schemas.ts'

/** What the first transaction came to; `asked` is what the provider is to be asked next. */
export type Step = { order: Ordered; payment: PaymentRow | null; asked?: BegunPayment }

export type Means = {
  payment_method: 'credit_card' | 'debit_card' | 'paypal' | 'cash' | 'check' | 'bank_transfer'
  payment_method_id?: string
}

type Begin = { means: Means; key: string; placed_now: boolean }

/** Writes down that the provider will be asked for what the order still owes. */
export function beginPaying(
  ctx: Context,
  { id: order_id, customer_id, currency, total_amount }: Ordered,
  { means, key, placed_now }: Begin,
): Promise<BegunPayment> {
  const payable = { customer_id, currency, total_amount, open: true }
  return beginPayment(ctx, key as Id<'payment'>, {
    ...means,
    order_id,
    currency,
    ...(placed_now && { placed_now: payable }),
  })
}

/**
 * The payment that decides about an order that is placed already: the one that has paid it, or one
 * that is under way and not begun under this key. Undefined if it is to be paid now.
 */
export async function decided(
  ctx: Context,
  order: Ordered,
  key: string,
): Promise<PaymentRow | null | undefined> {
  if (order.total_amount === 0) return null
  const payments = await paymentsOfOrder(ctx, { order_id: order.id })
  if (coveredAmount(payments) >= order.total_amount) {
    return payments.findLast((one) => one.authorized_amount > 0 || one.captured_amount > 0) ?? null
  }
  return payments.find(({ id, processed_at }) => processed_at === null && id !== key)
}

/** Asks the provider, if it is to be asked, and answers the order and how its payment stands. */
export function pursue(ctx: ProcessContext, { order, payment, asked }: Step): Promise<PlacedDraft> {
  if (!asked) return Promise.resolve(answerOf(order, payment))
  const conclude: Commit<PlacedDraft> = (settled) =>
    ctx.conclude(
      async (tx) => settled(tx),
      (made) => answerOf(order, made),
    )
  return pursuePayment(ctx, asked, conclude)
}

/** The order and how its payment stands; a decline is a refusal that names the order. */
function answerOf(order: Ordered, payment: PaymentRow | null): PlacedDraft {
  const order_number = printOrderNumber(order.number)
  if (payment?.status === 'failed') {
    const { id: payment_id, failure_code, failure_message } = payment
    const reason = failure_message ?? failure_code ?? 'no reason was given.'
    throw draftErrors.payment_declined({ order_id: order.id, order_number, payment_id, reason })
  }
  return {
    draft_id: order.draft_id,
    order_id: order.id,
    order_number,
    total_amount: formatMoney(order.total_amount, order.currency),
    currency: order.currency,
    payment: payment && {
      id: payment.id,
      status: payment.status,
      next_action:
        payment.action_url === null ? null : { type: 'redirect', url: payment.action_url },
    },
  }
}
