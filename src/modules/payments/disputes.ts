import { type Static, Type } from 'typebox'
import { type Id, IdSchema } from '#kit/ids'
import { Currency, formatMoney, Money } from '#kit/money'
import { type Page, PageOf, pageQuery } from '#kit/pages'
import { Instant, Nullable } from '#kit/schemas'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { refuseCustomers } from './commands/refuse-customers.ts'
import type { DisputeNews } from './dispute-news.ts'
import { paymentErrors } from './errors.ts'
import { paymentEvents } from './events.ts'
import { evidenceOf, printEvidence } from './evidence/rows.ts'
import { Evidence } from './evidence/schemas.ts'
import { disputeLifecycle } from './lifecycle.ts'
import { type DisputeRow, db, type PaymentRow } from './tables.ts'

const disputeByRef = prepared(db, (open, p: { provider: string; provider_ref: string }) =>
  open
    .selectFrom('payment_disputes')
    .selectAll()
    .where('provider', '=', p.provider)
    .where('provider_ref', '=', p.provider_ref),
)

/**
 * Keeps what the provider says of a dispute about a payment, unless something newer is known; the
 * caller holds the order's lock. The payment's own amounts stay as they are: the bank takes the
 * money from the shop's account at the provider, not from the payment.
 */
export async function keepDispute(
  ctx: Context,
  payment: PaymentRow,
  news: DisputeNews,
): Promise<'applied' | 'superseded'> {
  const { provider } = payment
  const known = await disputeByRef.first(ctx, { provider, provider_ref: news.ref })
  if (known && isOlder(news, known)) return 'superseded'
  const row: DisputeRow = {
    id: known?.id ?? ctx.newId('payment_dispute'),
    provider,
    provider_ref: news.ref,
    payment_id: payment.id,
    order_id: payment.order_id,
    amount: news.amount,
    currency: news.currency,
    reason: news.reason,
    status: news.status,
    evidence_due_at: news.evidence_due_at,
    opened_at: news.opened_at,
    occurred_at: news.occurred_at,
    created_at: known?.created_at ?? ctx.now,
    updated_at: ctx.now,
  }
  if (known)
    await db(ctx).updateTable('payment_disputes').set(row).where('id', '=', row.id).execute()
  else await db(ctx).insertInto('payment_disputes').values(row).execute()
  const { id: dispute_id, payment_id, order_id, amount, currency, reason, status } = row
  const told = { dispute_id, payment_id, order_id, provider, amount, currency, reason, status }
  const { evidence_due_at } = row
  if (!known) emit(ctx, paymentEvents.disputed({ ...told, evidence_due_at }))
  else if (known.status !== status || known.amount !== amount) {
    emit(ctx, paymentEvents.dispute_changed({ ...told, evidence_due_at }))
  }
  return 'applied'
}

// Clocks of providers count seconds: within one, the later state is the newer news.
const PHASES: Record<DisputeRow['status'], number> = {
  needs_response: 0,
  under_review: 1,
  won: 2,
  lost: 2,
}
const isOlder = (news: DisputeNews, known: DisputeRow): boolean =>
  news.occurred_at === known.occurred_at
    ? PHASES[news.status] < PHASES[known.status]
    : news.occurred_at < known.occurred_at

const disputeById = prepared(db, (open, p: { id: Id<'payment_dispute'> }) =>
  open.selectFrom('payment_disputes').selectAll().where('id', '=', p.id),
)

/** Throws `dispute_not_found`. */
export async function findDispute(ctx: Context, id: Id<'payment_dispute'>): Promise<DisputeRow> {
  const row = await disputeById.first(ctx, { id })
  if (!row) throw paymentErrors.dispute_not_found({ dispute_id: id })
  return row
}

export const Dispute = Type.Object({
  id: IdSchema('payment_dispute'),
  payment_id: IdSchema('payment'),
  order_id: IdSchema('order'),
  provider: Type.String(),
  dispute_ref: Type.String({ description: 'The provider’s name of the dispute.' }),
  amount: Money,
  currency: Currency,
  reason: Type.String({ description: 'The provider’s word, such as `fraudulent`.' }),
  status: disputeLifecycle.schema,
  evidence_due_at: Nullable(Instant),
  opened_at: Instant,
  updated_at: Instant,
})
type Dispute = Static<typeof Dispute>

export const ListDisputes = Type.Object({
  ...pageQuery,
  status: Type.Optional(disputeLifecycle.schema),
  payment_id: Type.Optional(IdSchema('payment')),
})
type ListDisputes = Static<typeof ListDisputes>
export const DisputePage = PageOf(Dispute)

/** The disputes that the provider has told of, newest first. */
export function listDisputes(ctx: Context, input: ListDisputes): Promise<Page<Dispute>> {
  refuseCustomers(ctx, 'list disputes')
  let matching = db(ctx).selectFrom('payment_disputes')
  if (input.status) matching = matching.where('status', '=', input.status)
  if (input.payment_id) matching = matching.where('payment_id', '=', input.payment_id)
  const rows = matching.selectAll()
  return pageById(ctx, input, { name: 'id', rows, tell: (found) => found.map(printDispute) })
}

export const GetDispute = Type.Object({ id: IdSchema('payment_dispute') })
export const DisputeWithEvidence = Type.Object({
  ...Dispute.properties,
  evidence: Type.Array(Evidence, { description: 'What was answered to it, newest first.' }),
})

/** A dispute with what was answered to it. Throws `dispute_not_found`. */
export async function getDispute(ctx: Context, { id }: Static<typeof GetDispute>) {
  refuseCustomers(ctx, 'read disputes')
  const dispute = await findDispute(ctx, id)
  const evidence = await evidenceOf(ctx, { dispute_id: id })
  return { ...printDispute(dispute), evidence: evidence.map(printEvidence) }
}

const printDispute = (row: DisputeRow): Dispute => ({
  id: row.id,
  payment_id: row.payment_id,
  order_id: row.order_id,
  provider: row.provider,
  dispute_ref: row.provider_ref,
  amount: formatMoney(row.amount, row.currency),
  currency: row.currency,
  reason: row.reason,
  status: row.status,
  evidence_due_at: row.evidence_due_at,
  opened_at: row.opened_at,
  updated_at: row.updated_at,
})
