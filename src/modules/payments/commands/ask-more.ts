import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import type { ProcessContext } from '#platform/processes'
import { requireVersion } from '#platform/versions'
import { insertRequest, isOpen, requestsOfPayment } from '../books.ts'
import { paymentErrors } from '../errors.ts'
import { type Asked, askedAgain, perform, resolve } from '../perform.ts'
import { findPayment } from '../queries.ts'
import { requestRow } from '../reversals.ts'
import { setAside } from '../set-aside.ts'
import { db, type PaymentRow, type RequestRow } from '../tables.ts'

/** What is to be done with a payment that exists, and how its amount is found. */
export type More = {
  id: Id<'payment'>
  operation: 'confirm' | 'capture' | 'void' | 'refund'
  /** Of a capture: what is not taken must stay held. */
  keep_rest?: boolean
  /** Refuses, or answers the minor units that are asked for. */
  amountOf: (payment: PaymentRow) => number
  /** Writes what belongs to the request, in its transaction. */
  beside?: (ctx: Context, asked: Asked) => Promise<void>
}

export type Done = { payment: PaymentRow; request: RequestRow }

/**
 * Asks a payment's provider for more: the amount is set aside by a guarded write and the request
 * is stored, then the provider is called, then its answer is settled. A retry with the same key
 * goes on with the request it finds. Of confirm, capture and void only one may be under way.
 */
export async function askMore(ctx: ProcessContext, more: More): Promise<Done> {
  const { begun, ...asked } = await ctx.transaction(
    (tx) => begin(tx, ctx.key, more),
    'read committed',
  )
  if (begun) await perform(ctx, asked)
  else if (asked.open) await resolve(ctx, asked, { again: true })
  return ctx.read(async (tx) => {
    const request = await findRequest.first(tx, { id: asked.request.id })
    if (!request) throw new Error(`request ${asked.request.id} is missing`)
    return askedAgain(tx, request)
  })
}

const findRequest = prepared(db, (open, p: { id: RequestRow['id'] }) =>
  open.selectFrom('payment_requests').selectAll().where('id', '=', p.id),
)

async function begin(ctx: Context, key: string, more: More) {
  const id = key as RequestRow['id']
  const before = await findPayment(ctx, more.id)
  const [, same] = await Promise.all([
    lockEntity(ctx, 'order', before.order_id),
    findRequest.first(ctx, { id }),
  ])
  if (same) return { ...(await askedAgain(ctx, same)), begun: false }
  const payment = await findPayment(ctx, more.id)
  if (payment.order_id !== before.order_id) throw new TryAgain(`payment ${more.id} has moved`)
  requireVersion(ctx, payment.version)
  const amount = more.amountOf(payment)
  const requests = await requestsOfPayment(ctx, { payment_id: payment.id })
  const busy = requests.find((request) => isOpen(request) && request.operation !== 'refund')
  if (busy && more.operation !== 'refund') {
    throw paymentErrors.in_progress({ payment_id: payment.id, operation: busy.operation })
  }
  if (!(await setAside(ctx, more.operation, { id: payment.id, amount, now: ctx.now }))) {
    throw new TryAgain(`payment ${payment.id} has less left than was read`)
  }
  const { operation, keep_rest = null } = more
  const request = requestRow(ctx, payment, { id, operation, amount, state: 'sent', keep_rest })
  await insertRequest(ctx, request)
  await more.beside?.(ctx, { payment, request })
  return { payment, request, begun: true, open: true }
}
