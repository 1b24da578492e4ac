import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { insertPayment, lockOrder, paymentById } from './books.ts'
import { paymentErrors } from './errors.ts'
import type { HostedNews } from './hosted.ts'
import { newPayment } from './new-payment.ts'
import type { Payable } from './payable.ts'
import type { ProviderAnswer } from './provider.ts'
import { settle } from './settle.ts'
import type { PaymentRow } from './tables.ts'
import { paymentByRef } from './webhook/payment-of.ts'

export type Adoption = {
  order_id: Id<'order'>
  /** The provider's name, such as `stripe`. */
  provider: string
  /** The provider's name of the payment. */
  payment_ref: string
  /** What the provider says of it; of a page or intent that was paid, `answerOfHosted`. */
  answer: ProviderAnswer
  payment_method: PaymentRow['method']
  /** The order, if this very transaction has placed it. */
  placed_now?: Payable
}

/**
 * Makes a payment of the order out of what was paid at the provider before there was an order:
 * writes the payment under the order's lock and settles what the provider says of it, so all that
 * follows from money follows. What the order does not want goes back by itself. Adopting the same
 * object again answers the payment as it is; one of another order is refused
 * (`adopted_elsewhere`), as is an unknown order (`order_not_found`).
 */
export async function adoptPayment(ctx: Context, adoption: Adoption): Promise<PaymentRow> {
  const { order_id, provider, payment_ref, answer, placed_now } = adoption
  const { payable } = placed_now ? { payable: placed_now } : await lockOrder(ctx, order_id)
  if (!payable) throw paymentErrors.order_not_found({ order_id })
  const known = await paymentByRef.first(ctx, { provider, provider_ref: payment_ref })
  if (known) return adopted(ctx, known.id, adoption)
  const [charge] = answer.facts.filter(isCharge)
  if (!charge) throw new Error(`what ${provider} says of ${payment_ref} tells no charge`)
  const payment: PaymentRow = {
    ...newPayment(ctx),
    id: ctx.newId('payment'),
    order_id,
    customer_id: payable.customer_id,
    provider,
    provider_ref: payment_ref,
    method: adoption.payment_method,
    payment_method_id: null,
    capture_method: charge.operation === 'sale' ? 'automatic' : 'manual',
    description: null,
    currency: charge.currency,
    amount: charge.amount,
    // It was decided at the provider, whatever else of the order is not decided yet.
    processed_at: ctx.now,
  }
  await insertPayment.run(ctx, payment)
  const settled = await settle(ctx, { payment_id: payment.id, order_id, answer, source: 'answer' })
  return settled.payment
}

const isCharge = ({ operation }: { operation: string }) =>
  operation === 'sale' || operation === 'authorize'

async function adopted(ctx: Context, id: Id<'payment'>, adoption: Adoption): Promise<PaymentRow> {
  const { order_id, payment_ref } = adoption
  const payment = (await paymentById.first(ctx, { id })) as PaymentRow
  if (payment.order_id !== order_id) {
    throw paymentErrors.adopted_elsewhere({ payment_ref, order_id: payment.order_id })
  }
  return payment
}

/** Which fact a paid page or intent is; said only here, so that no other telling doubles it. */
export function answerOfHosted({
  payment_ref,
  amount,
  currency,
  occurred_at,
}: Pick<HostedNews, 'payment_ref' | 'amount' | 'currency' | 'occurred_at'>): ProviderAnswer {
  if (payment_ref === null) throw new Error('nothing was paid, so there is nothing to adopt')
  return { payment_ref, facts: [paidFact({ payment_ref, amount, currency, occurred_at })] }
}

type Paid = { payment_ref: string; amount: number; currency: string; occurred_at: string }

/** A sale that came through: the newest news that there can be of its charge. */
const paidFact = ({ payment_ref, ...paid }: Paid) => ({
  ...paid,
  ref: payment_ref,
  operation: 'sale' as const,
  outcome: 'succeeded' as const,
  sequence: CHARGE_PHASES.succeeded,
  request_id: null,
  code: null,
  message: null,
  action_url: null,
})

/**
 * What stands in for the count of a provider that counts nothing but whose charges only go
 * forward: the later phase is the newer news, whatever the clocks say.
 */
export const CHARGE_PHASES = { action_required: 1, pending: 2, failed: 3, succeeded: 4 } as const
