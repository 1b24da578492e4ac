import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import type { ProcessContext } from '#platform/processes'
import { insertRefund, insertRequest, paymentsOfOrder, refundableAmount } from './books.ts'
import { askedAgain, perform, resolve } from './perform.ts'
import { refundRow, requestRow } from './reversals.ts'
import { setAside } from './set-aside.ts'
import { db, type RefundRow } from './tables.ts'

/** What goes back by one payment, in minor units. */
export type RefundPart = { payment_id: Id<'payment'>; amount: number }

/** What each payment of an order can still give back, the newest payment first; minor units. */
export async function refundableParts(
  ctx: Context,
  { order_id }: { order_id: Id<'order'> },
): Promise<RefundPart[]> {
  const payments = await paymentsOfOrder(ctx, { order_id })
  return payments
    .map((payment) => ({ payment_id: payment.id, amount: refundableAmount(payment) }))
    .filter(({ amount }) => amount > 0)
    .toReversed()
}

/**
 * Spreads an amount over what payments can give back, in their order: the newest payment first,
 * because its card is the likeliest to be still there. Undefined if together they have less.
 */
export function spreadRefund(
  refundable: readonly RefundPart[],
  amount: number,
): RefundPart[] | undefined {
  let left = amount
  const parts: RefundPart[] = []
  for (const { payment_id, amount: most } of refundable) {
    const taken = Math.min(most, left)
    if (taken > 0) parts.push({ payment_id, amount: taken })
    left -= taken
  }
  return left === 0 ? parts : undefined
}

/** A part that was asked for: the row of `refunds` that says how it stands. */
export type AskedRefund = RefundPart & { refund_id: Id<'refund'> }

/**
 * Sets the parts of an order's refund aside and writes their requests, each with its own key, in
 * the caller's transaction, which holds the order's lock. After the commit `finishRefunds` asks the
 * providers; whatever is left open the sweeper finishes.
 */
export async function askRefunds(
  ctx: Context,
  wanted: { order_id: Id<'order'>; parts: readonly RefundPart[]; reason: string | null },
): Promise<AskedRefund[]> {
  const payments = await paymentsOfOrder(ctx, wanted)
  const asked: AskedRefund[] = []
  for (const { payment_id, amount } of wanted.parts) {
    const payment = payments.find(({ id }) => id === payment_id)
    if (!payment) throw new Error(`payment ${payment_id} is not of order ${wanted.order_id}`)
    if (!(await setAside(ctx, 'refund', { id: payment_id, amount, now: ctx.now }))) {
      throw new TryAgain(`payment ${payment_id} has less left than was read`)
    }
    const request = requestRow(ctx, payment, { operation: 'refund', amount, state: 'sent' })
    await insertRequest(ctx, request)
    const returned = { amount, reason: wanted.reason, request_id: request.id }
    const refund = refundRow(ctx, payment, { ...returned, kind: 'order_refund' })
    await insertRefund(ctx, refund)
    asked.push({ payment_id, amount, refund_id: refund.id })
  }
  return asked
}

const requestOfRefund = prepared(db, (open, p: { id: RefundRow['id'] }) =>
  open
    .selectFrom('payment_requests as q')
    .innerJoin('refunds as r', 'r.request_id', 'q.id')
    .selectAll('q')
    .where('r.id', '=', p.id),
)

/**
 * Asks the providers for refunds that `askRefunds` has written, one after another. `again`: they
 * may have been asked before, so each is looked up by its key first. An outcome that stays unknown
 * is no error: the refund is pending and the sweeper finds out.
 */
export async function finishRefunds(
  ctx: ProcessContext,
  refund_ids: readonly Id<'refund'>[],
  { again }: { again: boolean },
): Promise<void> {
  for (const id of refund_ids) {
    const asked = await ctx.read(async (tx) => {
      const request = await requestOfRefund.first(tx, { id })
      if (!request) throw new Error(`refund ${id} has no request`)
      return askedAgain(tx, request)
    })
    if (!asked.open) continue
    if (again) await resolve(ctx, asked, { again: true })
    else await perform(ctx, asked)
  }
}

const refundsById = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('refunds')
    .select(['id', 'failure_code', 'failure_message'])
    .where('id', 'in', listOf(engine, p.ids, 'uuid')),
)

/** Why the first of these refunds was refused, in the provider's words; undefined if none was. */
export async function refusalOfRefunds(
  ctx: Context,
  ids: readonly Id<'refund'>[],
): Promise<string | undefined> {
  const rows = await refundsById(ctx, { ids })
  const reasons = rows.map(({ failure_message, failure_code }) => failure_message ?? failure_code)
  return reasons.find((reason) => reason !== null) ?? undefined
}

const takenSums = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('payments')
    .select((eb) => [
      'order_id',
      eb.fn.sum<number>(eb('captured_amount', '-', eb.ref('parted_amount'))).as('captured'),
      eb.fn.sum<number>('refunded_amount').as('refunded'),
    ])
    .where('order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .groupBy('order_id')
    .having((eb) => eb.fn.sum('refunded_amount'), '>', 0),
)

export type TakenSums = { captured_amount: number; refunded_amount: number }

/**
 * What the payments of each of these orders took and gave back, in minor units; an order
 * without refunds is missing.
 */
export async function refundedOf(
  ctx: Context,
  orders: readonly Id<'order'>[],
): Promise<Map<Id<'order'>, TakenSums>> {
  if (orders.length === 0) return new Map()
  const rows = await takenSums(ctx, { orders })
  return new Map(
    rows.map(({ order_id, captured, refunded }) => [
      order_id,
      { captured_amount: Number(captured), refunded_amount: Number(refunded) },
    ]),
  )
}
