import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { writeTogether } from '#platform/database/write-together'
import { enqueue } from '#platform/jobs'
import {
  type Books,
  coveredAmount,
  freeHeldAmount,
  insertRefund,
  insertRequest,
  isOpen,
  lockOrder,
  paymentUpdate,
  refundableAmount,
  requestsOfPayment,
} from './books.ts'
import type { PaymentRow, RefundRow, RequestRow } from './tables.ts'

/** The job that sends a request of ours right after the commit that wrote it. */
export const SEND_REQUEST = 'payments.send_request'

/**
 * Money that arrived although the order does not want it (cancelled meanwhile, or paid by another
 * payment) is sent back: the requests are written in the transaction of the fact itself.
 */
export async function returnExcess(
  ctx: Context,
  before: PaymentRow,
  { payment, others, payable, requests }: Books,
): Promise<PaymentRow> {
  const brought = coveredAmount([payment]) - coveredAmount([before])
  const captured = payment.captured_amount > before.captured_amount
  if (brought <= 0 && !captured) return payment
  const wanted = payable?.open ? payable.total_amount : 0
  const most = coveredAmount([payment, ...others]) - wanted
  if (most <= 0) return payment
  const reason = payable?.open ? 'The order is paid already.' : 'The order takes no payment.'
  ctx.log.warn({ payment_id: payment.id, order_id: payment.order_id }, `giving back: ${reason}`)
  return giveBack(ctx, payment, { requests, reason, most })
}

/**
 * Gives back whatever an order has paid: lets go what is held, refunds what was taken, cancels
 * what waits for its payer. To be called in the transaction that ends the order (cancel); the
 * provider is asked right after the commit. A payment that is still undecided is given back once it
 * succeeds, because the order is no longer open then.
 */
export async function reversePayments(
  ctx: Context,
  { order_id, reason }: { order_id: Id<'order'>; reason: string },
): Promise<void> {
  const { payments } = await lockOrder(ctx, order_id)
  for (const payment of payments) {
    const requests = await requestsOfPayment(ctx, { payment_id: payment.id })
    const after = await giveBack(ctx, payment, { requests, reason, most: payment.amount })
    if (after === payment) continue
    const changed = { ...after, version: payment.version + 1, updated_at: ctx.now }
    const { update } = await writeTogether(ctx, { update: paymentUpdate(ctx, payment, changed) })
    if (update.affected === 0) throw new TryAgain(`payment ${payment.id} changed meanwhile`)
  }
}

type GiveBack = { requests: readonly RequestRow[]; reason: string; most: number }

/**
 * Writes the requests that give a payment back, `most` minor units of it at most; answers the
 * payment with the amounts set aside for them. What is held can only be let go as a whole.
 */
async function giveBack(
  ctx: Context,
  payment: PaymentRow,
  { requests, reason, most }: GiveBack,
): Promise<PaymentRow> {
  const voids = requests.some((request) => isOpen(request) && request.operation === 'void')
  const free = voids ? 0 : Math.max(freeHeldAmount(payment), 0)
  const held = free <= most ? free : 0
  const taken = Math.min(refundableAmount(payment), most - held)
  const waits = payment.status === 'requires_action' && !voids
  if (held > 0 || waits) await ask(ctx, payment, { operation: 'void', amount: held })
  if (taken > 0) {
    const request_id = await ask(ctx, payment, { operation: 'refund', amount: taken })
    const row = refundRow(ctx, payment, { amount: taken, reason, kind: 'reversal', request_id })
    await insertRefund(ctx, row)
  }
  if (held <= 0 && taken <= 0) return payment
  return {
    ...payment,
    void_pending_amount: payment.void_pending_amount + held,
    refund_pending_amount: payment.refund_pending_amount + Math.max(taken, 0),
  }
}

async function ask(
  ctx: Context,
  payment: PaymentRow,
  { operation, amount }: Pick<RequestRow, 'operation' | 'amount'>,
) {
  const request = requestRow(ctx, payment, { operation, amount, state: 'requested' })
  await insertRequest(ctx, request)
  await enqueue(ctx, { name: SEND_REQUEST }, { payload: { request_id: request.id } })
  return request.id
}

type Asked = Pick<RequestRow, 'operation' | 'amount' | 'state'> &
  Partial<Pick<RequestRow, 'id' | 'keep_rest'>>

/**
 * How long the caller who wrote a request has to finish it before the sweeper looks, milliseconds.
 */
const GRACE_MS = 30_000

/**
 * A request as it is written before the call: `sent` where the caller calls right after the commit.
 */
export const requestRow = (ctx: Context, payment: PaymentRow, asked: Asked): RequestRow => ({
  id: asked.id ?? ctx.newId('payment_request'),
  payment_id: payment.id,
  order_id: payment.order_id,
  operation: asked.operation,
  amount: asked.amount,
  currency: payment.currency,
  state: asked.state,
  attempts: 0,
  check_at: asked.state === 'sent' ? later(ctx, GRACE_MS) : ctx.now,
  failure_code: null,
  failure_message: null,
  requested_by: ctx.actor.id,
  keep_rest: asked.keep_rest ?? null,
  created_at: ctx.now,
  resolved_at: null,
})

/** The instant `ms` milliseconds after the operation's own. */
export const later = (ctx: Pick<Context, 'now'>, ms: number): string =>
  new Date(Date.parse(ctx.now) + ms).toISOString()

type Returned = Pick<RefundRow, 'amount' | 'reason' | 'kind'> & { request_id: RequestRow['id'] }

/** A refund as it is written with its request, before the provider is asked. */
export const refundRow = (ctx: Context, payment: PaymentRow, returned: Returned): RefundRow => ({
  id: ctx.newId('refund'),
  payment_id: payment.id,
  order_id: payment.order_id,
  kind: returned.kind,
  amount: returned.amount,
  currency: payment.currency,
  reason: returned.reason,
  status: 'pending',
  provider_ref: null,
  request_id: returned.request_id,
  failure_code: null,
  failure_message: null,
  created_by: ctx.actor.id,
  created_at: ctx.now,
  settled_at: null,
})
