import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { type Books, insertRefund, refundsOfPayment } from './books.ts'
import { byAge } from './payment-state.ts'
import type { Fact } from './provider.ts'
import { db, type RefundRow } from './tables.ts'

type RefundFact = Pick<
  Fact,
  'ref' | 'amount' | 'currency' | 'outcome' | 'code' | 'message' | 'request_id'
>

const STATUS = {
  succeeded: 'succeeded',
  failed: 'failed',
  pending: 'pending',
  action_required: 'pending',
} as const

const updateRefund = prepared(
  db,
  (
    open,
    p: Pick<
      RefundRow,
      'id' | 'status' | 'provider_ref' | 'failure_code' | 'failure_message' | 'settled_at'
    >,
  ) =>
    open
      .updateTable('refunds')
      .set({
        status: p.status,
        provider_ref: p.provider_ref,
        failure_code: p.failure_code,
        failure_message: p.failure_message,
        settled_at: p.settled_at,
      })
      .where('id', '=', p.id),
)

/**
 * Brings the refund rows in line with the newest news of each refund, and answers those that
 * changed. A refund that nobody asked us for (made at the provider) gets a row of its own.
 */
export async function settleRefunds(
  ctx: Context,
  books: Books,
  accepted: readonly Fact[],
): Promise<RefundRow[]> {
  const touched = new Set(
    accepted.filter((one) => one.operation === 'refund').map(({ ref }) => ref),
  )
  if (touched.size === 0) return []
  const rows = await refundsOfPayment(ctx, { payment_id: books.payment.id })
  const changed: RefundRow[] = []
  for (const ref of touched) {
    const fact = newestOf(books, accepted, ref)
    const row = rowOf(rows, fact)
    if (row?.status === STATUS[fact.outcome]) continue
    if (row) changed.push(await change(ctx, row, fact))
    else if (fact.outcome === 'succeeded') changed.push(await addExternal(ctx, books, fact))
  }
  return changed
}

function newestOf({ events }: Books, accepted: readonly Fact[], ref: string): RefundFact {
  const recorded = events.map((event) => ({ ...event, ref: event.provider_ref }))
  const all = [...recorded, ...accepted].filter(
    (fact) => fact.operation === 'refund' && fact.ref === ref,
  )
  return all.toSorted(byAge).at(-1) as RefundFact
}

const rowOf = (rows: readonly RefundRow[], { ref, request_id }: RefundFact) =>
  rows.find((row) => row.provider_ref === ref) ??
  rows.find((row) => row.provider_ref === null && row.request_id === request_id && request_id)

async function change(ctx: Context, row: RefundRow, fact: RefundFact): Promise<RefundRow> {
  const failed = fact.outcome === 'failed'
  const after: RefundRow = {
    ...row,
    status: STATUS[fact.outcome],
    // A request that was never executed has no object at the provider, only our own key.
    provider_ref: fact.ref === fact.request_id ? null : fact.ref,
    failure_code: failed ? fact.code : null,
    failure_message: failed ? fact.message : null,
    settled_at: fact.outcome === 'pending' ? null : ctx.now,
  }
  await updateRefund.run(ctx, after)
  return after
}

async function addExternal(ctx: Context, { payment }: Books, fact: RefundFact): Promise<RefundRow> {
  const row: RefundRow = {
    id: ctx.newId('refund'),
    payment_id: payment.id,
    order_id: payment.order_id,
    kind: 'external',
    amount: fact.amount,
    currency: fact.currency,
    reason: null,
    status: 'succeeded',
    provider_ref: fact.ref,
    request_id: null,
    failure_code: null,
    failure_message: null,
    created_by: ctx.actor.id,
    created_at: ctx.now,
    settled_at: ctx.now,
  }
  await insertRefund(ctx, row)
  return row
}
