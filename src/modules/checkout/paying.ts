import type { DomainError } from '#kit/errors'
import type { Id } from '#kit/ids'
import { formatMoney, parseMoney } from '#kit/money'
import { type OrderRow, orderOfMoney } from '#modules/orders'
import {
  type BegunPayment,
  beginPayment,
  coveredAmount,
  type PaymentRow,
  paymentsOfOrder,
} from '#modules/payments'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { asOwner } from './as-owner.ts'
import { dueBeside, newestOf } from './credits/applied.ts'
import {
  beginCredit,
  changedCredit,
  continueCredit,
  nextCredit,
  openCredit,
} from './credits/pay-by-credit.ts'
import { checkoutErrors } from './errors.ts'
import type { CompleteCheckout } from './schemas.ts'
import { isLive, saveSession } from './sessions.ts'
import type { PaymentMethod, SessionRow } from './tables.ts'

/** The order of a checkout, as far as its answer tells it. */
export type Placed = {
  order: Pick<OrderRow, 'id' | 'number' | 'total_amount' | 'currency'>
  session: SessionRow
  payment: PaymentRow | null
}

/**
 * What a transaction came to; `asked` is what the provider is to be asked next. If that is the
 * house's own credit (`by_credit`), another such step follows.
 */
export type Step =
  | { refusal: DomainError }
  | { placed: Placed; asked?: BegunPayment; by_credit?: boolean }

/** What it is paid with. */
export type Means = { payment_method: PaymentMethod; payment_token: string }

/** What it is paid with, as said now or before. Refuses what cannot be paid with. */
export function meansOf(
  session: SessionRow,
  { payment_method = session.payment_method ?? undefined, ...input }: CompleteCheckout,
): Means {
  const payment_token = input.payment_token ?? session.payment_token ?? undefined
  if (payment_method !== undefined && payment_token !== undefined) {
    return { payment_method, payment_token }
  }
  const what = payment_method === undefined ? 'payment_method' : 'payment_token'
  throw checkoutErrors.step_missing({ step: 'Payment', problem: `no ${what} is known` })
}

// A wallet shows the card behind it.
const METHODS = {
  CreditCard: 'credit_card',
  DebitCard: 'debit_card',
  PayPal: 'paypal',
  ApplePay: 'credit_card',
  GooglePay: 'credit_card',
} as const

type Begin = {
  means: Means
  key: string
  /** The order was placed in this very transaction. */
  placed_now?: boolean
}

/** Writes down that the provider will be asked for what the order still owes. */
export function beginPaying(
  ctx: Context,
  order: Pick<OrderRow, 'id' | 'customer_id' | 'currency' | 'total_amount'>,
  { means, key, placed_now = false }: Begin,
): Promise<BegunPayment> {
  const { customer_id, currency, total_amount } = order
  const payable = { customer_id, currency, total_amount, open: true }
  return beginPayment(asOwner(ctx, customer_id), key as Id<'payment'>, {
    order_id: order.id,
    currency,
    payment_method: METHODS[means.payment_method],
    payment_method_id: means.payment_token,
    ...(placed_now && { placed_now: payable }),
  })
}

type Again = { input: CompleteCheckout; key: string }

/**
 * A checkout whose order is placed already: the same order is answered. Its payment goes on if it
 * was begun under this key, is waited for if it is under way, and is begun anew after a decline.
 */
export async function payAgain(
  ctx: Context,
  session: SessionRow,
  { input, key }: Again,
): Promise<Step> {
  const order_id = session.order_id as Id<'order'>
  await lockEntity(ctx, 'order', order_id)
  const order = await orderOfMoney(ctx, order_id)
  const payments = await paymentsOfOrder(ctx, { order_id })
  const placed = { order, session, payment: null }
  const decided = decidedOf(order, session, payments)
  if (decided !== undefined) return { placed: { ...placed, payment: decided } }
  const open = openCredit(payments)
  if (open) return { placed, asked: await continueCredit(ctx, order, open), by_credit: true }
  const underWay = payments.find(({ processed_at }) => processed_at === null)
  if (underWay && underWay.id !== key) return { placed: { ...placed, payment: underWay } }
  if (!isLive(session, ctx.now)) throw checkoutErrors.expired({ checkout_id: session.id })
  if (!underWay) {
    const { total_amount } = order
    const refusal =
      (await changedOrder(ctx, session, { order, input })) ??
      (await changedCredit(ctx, session, { total_amount, payments }))
    if (refusal) return { refusal }
    const credit = nextCredit(order, session.credits, payments)
    if (credit) {
      // Asked for now, and not when the gift cards are empty already.
      if (dueBeside(total_amount, session.credits) > 0) meansOf(session, input)
      return { placed, asked: await beginCredit(ctx, order, { credit }), by_credit: true }
    }
  }
  const means = meansOf(session, input)
  const asked = await beginPaying(ctx, order, { means, key })
  if (means.payment_token === session.payment_token) return { placed, asked }
  const { session: saved } = await saveSession(ctx, session, { change: means })
  return { placed: { ...placed, session: saved }, asked }
}

/** The payment that settled the order, null if nothing was to be paid; undefined if none has. */
function decidedOf(
  { total_amount }: OrderRow,
  { status }: SessionRow,
  payments: readonly PaymentRow[],
): PaymentRow | null | undefined {
  if (total_amount === 0) return null
  const paid = newestOf(
    payments.filter((one) => one.authorized_amount > 0 || one.captured_amount > 0),
  )
  if (status === 'complete') return paid ?? null
  return coveredAmount(payments) >= total_amount ? (paid ?? null) : undefined
}

type Owed = { order: OrderRow; input: CompleteCheckout }

/** Staff changed the order since: its buyer is shown what it costs now before they pay it. */
async function changedOrder(
  ctx: Context,
  session: SessionRow,
  { order, input }: Owed,
): Promise<DomainError | undefined> {
  const { currency, total_amount } = order
  const { expected_total } = input
  const shown =
    expected_total === undefined
      ? session.total_amount
      : parseMoney(expected_total, currency, 'expected_total')
  if (shown === total_amount) return undefined
  const { discount_amount, shipping_amount, tax_amount } = order
  const subtotal_amount = order.subtotal_amount ?? total_amount
  const amounts = { subtotal_amount, discount_amount, shipping_amount, tax_amount, total_amount }
  await saveSession(ctx, session, { change: amounts })
  return checkoutErrors.price_changed({
    old_total: formatMoney(shown, currency),
    new_total: formatMoney(total_amount, currency),
    currency,
  })
}
