import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import {
  heldAmount,
  paymentById,
  paymentsOfOrder,
  refundsOfPayment,
  sumOf,
  takenAmount,
} from './books.ts'
import { paymentErrors } from './errors.ts'
import type { PaymentStatus } from './lifecycle.ts'
import { payableOrders } from './payable.ts'
import {
  type GetPayment,
  type ListPayments,
  type OfOrder,
  type OrderTotal,
  type Payment,
  type PaymentWithRefunds,
  printPayment,
  printRefund,
} from './schemas.ts'
import { db, type PaymentRow } from './tables.ts'

/** Another customer's is as good as not there. */
export const isForeign = ({ actor }: Context, owner: { customer_id: string | null }): boolean =>
  actor.own_only && (actor.customer_id === null || actor.customer_id !== owner.customer_id)

/** A payment that the caller may see; refuses with 404 any other. */
export async function findPayment(ctx: Context, id: Id<'payment'>): Promise<PaymentRow> {
  const payment = await paymentById.first(ctx, { id })
  if (!payment || isForeign(ctx, payment)) throw paymentErrors.not_found({ payment_id: id })
  return payment
}

export async function getPayment(ctx: Context, { id }: GetPayment): Promise<PaymentWithRefunds> {
  const payment = await findPayment(ctx, id)
  const refunds = await refundsOfPayment(ctx, { payment_id: id })
  return { ...printPayment(payment), refunds: refunds.map(printRefund) }
}

export function listPayments(ctx: Context, input: ListPayments): Promise<Page<Payment>> {
  const { status, order_id, payment_method } = input
  const { own_only, customer_id } = ctx.actor
  let matching = db(ctx).selectFrom('payments')
  if (status) matching = matching.where('status', '=', status).where(placeOf(status))
  if (order_id) matching = matching.where('order_id', '=', order_id)
  if (payment_method) matching = matching.where('method', '=', payment_method)
  if (own_only) matching = matching.where('customer_id', '=', customer_id ?? null)
  const rows = matching.selectAll()
  return pageById(ctx, input, { name: 'id', rows, tell: (found) => found.map(printPayment) })
}

const UNDECIDED = new Set<PaymentStatus>(['pending', 'processing', 'requires_action'])

/**
 * What the index that finds a status has for its condition, word for word, so that both engines use
 * it. Most payments have succeeded: those are found by walking all, newest first.
 */
function placeOf(status: PaymentStatus) {
  if (status === 'succeeded') return sql<boolean>`true`
  if (UNDECIDED.has(status)) return sql<boolean>`processed_at is null`
  return sql<boolean>`status in ('authorized', 'partially_refunded', 'refunded', 'failed', 'cancelled')`
}

/** Refuses with 404 an order that the caller may not see. */
async function findOrder(ctx: Context, order_id: Id<'order'>) {
  const payable = await payableOrders.of(ctx).payableOf(ctx, order_id)
  if (!payable || isForeign(ctx, payable)) throw paymentErrors.order_not_found({ order_id })
  return payable
}

export async function listPaymentsOfOrder(ctx: Context, { order_id }: OfOrder): Promise<Payment[]> {
  await findOrder(ctx, order_id)
  return (await paymentsOfOrder(ctx, { order_id })).map(printPayment)
}

export async function getOrderTotal(ctx: Context, { order_id }: OfOrder): Promise<OrderTotal> {
  const { currency, total_amount } = await findOrder(ctx, order_id)
  const paid = await paidFor(ctx, { order_id })
  const money = (minor: number) => formatMoney(minor, currency)
  const { captured_amount, refunded_amount } = paid
  return {
    order_id,
    currency,
    total_amount: money(total_amount),
    authorized_amount: money(paid.authorized_amount),
    held_amount: money(paid.held_amount),
    captured_amount: money(captured_amount),
    refunded_amount: money(refunded_amount),
    refund_pending_amount: money(paid.refund_pending_amount),
    total_paid: money(captured_amount - refunded_amount),
    balance: money(total_amount - captured_amount + refunded_amount),
  }
}

/**
 * What all payments of an order come to, in minor units of its currency: authorised in all, still
 * held, taken, given back, and on its way back. `undecided`: one of them has no outcome yet.
 */
export async function paidFor(ctx: Context, { order_id }: OfOrder) {
  const payments = await paymentsOfOrder(ctx, { order_id })
  return {
    undecided: payments.some(({ processed_at }) => processed_at === null),
    authorized_amount: sumOf(payments, (one) => one.authorized_amount),
    held_amount: sumOf(payments, heldAmount),
    refund_pending_amount: sumOf(payments, (one) => one.refund_pending_amount),
    captured_amount: sumOf(payments, takenAmount),
    refunded_amount: sumOf(payments, (one) => one.refunded_amount),
  }
}
