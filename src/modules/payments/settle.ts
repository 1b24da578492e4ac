import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { prepared } from '#platform/database/prepared'
import { writeTogether } from '#platform/database/write-together'
import { type Books, insertEvent, isOpen, openBooks, paymentUpdate } from './books.ts'
import { emitConsequences } from './consequences.ts'
import { factsOfPart, ownFacts } from './parts.ts'
import { brokenLaw, byAge, factIdentity, isSuperseded, paymentState } from './payment-state.ts'
import type { Fact, ProviderAnswer } from './provider.ts'
import { settleRefunds } from './refund-rows.ts'
import { requestsAfter } from './requests.ts'
import { returnExcess } from './reversals.ts'
import { db, type EventRow, type PaymentRow, type RequestRow } from './tables.ts'

/** What somebody has learned of a payment: by an answer, a webhook, or by asking again. */
export type News = {
  payment_id: Id<'payment'>
  order_id: Id<'order'>
  answer: ProviderAnswer
  source: EventRow['source']
  /** The request that this is the answer to, if it is one. */
  request?: RequestRow
}

export type Settled = {
  payment: PaymentRow
  /** Facts that must wait for others, and for what. */
  waiting: { fact: Fact; law: string }[]
  /** Every fact spoke of something of which newer news is known. */
  superseded: boolean
}

/**
 * The only way in which news of money become state. Under the order's lock it adds the facts that
 * are new to `payment_events`, computes the payment from all of them, closes the requests they
 * answer, and emits what follows, in one transaction. Telling it anything twice changes nothing.
 */
export async function settle(ctx: Context, news: News): Promise<Settled> {
  const bringsMoney = news.answer.facts.some(mayBringMoney)
  const books = await openBooks(ctx, {
    payment_id: news.payment_id,
    order_id: news.order_id,
    withPayable: bringsMoney,
    first: news.request,
  })
  const own = await ownFacts(ctx, books.payment, news.answer.facts)
  const told = own.map((fact) => attribute(books, news, fact))
  const { accepted, waiting } = accept(books, told)
  const requests = requestsAfter(ctx, books, { told, accepted, news })
  const payment = paymentAfter(ctx, books, { accepted, requests, news })
  const superseded = news.source === 'webhook' && isOld(books, told)
  const resolved = requests.filter((request) => !books.requests.includes(request))
  if (accepted.length === 0 && resolved.length === 0 && payment === books.payment) {
    return { payment, waiting, superseded }
  }
  const refunds = await settleRefunds(ctx, books, accepted)
  const after = { ...books, payment, requests }
  emitConsequences(ctx, books, { payment, resolved, refunds })
  const kept = await returnExcess(ctx, books.payment, after)
  await write(ctx, books.payment, {
    payment: kept,
    accepted: eventRows(ctx, kept, { news, accepted }),
    resolved,
  })
  return { payment: kept, waiting, superseded }
}

/** Money comes with a success, and with a refund or a void that seemed done and was not. */
const mayBringMoney = ({ operation, outcome }: Fact) =>
  outcome === 'succeeded' ||
  (outcome === 'failed' && (operation === 'refund' || operation === 'void'))

/** Whether newer news is known of everything that these facts speak of. */
const isOld = (books: Books, told: readonly Fact[]) =>
  told.length > 0 && told.every((fact) => isSuperseded(fact, factsOf(books)))

/** The facts of the books, in the form of the fold. */
const factsOf = ({ payment, events }: Books) => [
  ...factsOfPart(payment),
  ...events.map((event) => ({ ...event, ref: event.provider_ref })),
]

/**
 * Names the request that a fact answers, where the provider did not: the one that was just asked,
 * else the open one for the same thing and amount.
 */
function attribute({ requests }: Books, { request }: News, fact: Fact): Fact {
  const named = fact.request_id ?? request?.id
  if (named && requests.some(({ id }) => id === named)) return { ...fact, request_id: named }
  const open = requests.find(
    (asked) => isOpen(asked) && asked.operation === fact.operation && asked.amount === fact.amount,
  )
  return { ...fact, request_id: open?.id ?? null }
}

/** The facts that are new and keep the laws of money; those that would break one must wait. */
function accept(books: Books, told: readonly Fact[]) {
  const known = factsOf(books)
  const identities = new Set(known.map(factIdentity))
  const accepted: Fact[] = []
  let waiting: Settled['waiting'] = told
    .toSorted(byAge)
    .filter((fact) => !identities.has(factIdentity(fact)))
    .map((fact) => ({ fact, law: '' }))
  for (let progress = true; progress; ) {
    const before = accepted.length
    waiting = waiting.filter((one) => {
      if (accepted.some((fact) => factIdentity(fact) === factIdentity(one.fact))) return false
      one.law = lawAgainst(books.payment, one.fact, [...known, ...accepted])
      if (one.law === '') accepted.push(one.fact)
      return one.law !== ''
    })
    progress = accepted.length > before && waiting.length > 0
  }
  return { accepted, waiting }
}

function lawAgainst(payment: PaymentRow, fact: Fact, facts: Parameters<typeof paymentState>[0]) {
  if (fact.currency !== payment.currency) return `it is of ${fact.currency}`
  const state = paymentState([...facts, fact])
  const decided = payment.processed_at !== null
  if (decided && UNDECIDED.has(state.status)) return 'the payment was decided before'
  const isShort = state.refunded_amount + payment.parted_amount > state.captured_amount
  return brokenLaw(state) ?? (isShort ? 'part of it pays for another order' : '')
}

const UNDECIDED = new Set(['pending', 'processing', 'requires_action'])
type Change = { accepted: readonly Fact[]; requests: readonly RequestRow[]; news: News }

/** The payment as the facts have it now; the very same object if nothing changed. */
function paymentAfter(
  ctx: Context,
  books: Books,
  { accepted, requests, news }: Change,
): PaymentRow {
  const { payment } = books
  const { code, message, ...state } = paymentState([...factsOf(books), ...accepted])
  const pending = (operation: RequestRow['operation']) =>
    requests
      .filter((request) => isOpen(request) && request.operation === operation)
      .reduce((total, { amount }) => total + amount, 0)
  const after: PaymentRow = {
    ...payment,
    ...state,
    failure_code: code,
    failure_message: message,
    provider_ref: payment.part_of_id ? null : (payment.provider_ref ?? news.answer.payment_ref),
    capture_pending_amount: pending('capture'),
    void_pending_amount: pending('void'),
    refund_pending_amount: pending('refund'),
    processed_at: payment.processed_at ?? (UNDECIDED.has(state.status) ? null : ctx.now),
  }
  const members = Object.keys(after) as (keyof PaymentRow)[]
  if (members.every((member) => after[member] === payment[member])) return payment
  return { ...after, version: payment.version + 1, updated_at: ctx.now }
}

const eventRows = (
  ctx: Context,
  payment: PaymentRow,
  { news, accepted }: Omit<Change, 'requests'>,
) =>
  accepted.map(
    ({ ref, request_id, ...fact }): EventRow => ({
      ...fact,
      provider: payment.provider,
      provider_ref: ref,
      payment_id: payment.id,
      request_id: request_id as Id<'payment_request'> | null,
      source: news.source,
      recorded_at: ctx.now,
    }),
  )

const resolveRequest = prepared(
  db,
  (
    open,
    p: Pick<RequestRow, 'id' | 'state' | 'resolved_at' | 'failure_code' | 'failure_message'>,
  ) =>
    open
      .updateTable('payment_requests')
      .set({
        state: p.state,
        resolved_at: p.resolved_at,
        failure_code: p.failure_code,
        failure_message: p.failure_message,
      })
      .where('id', '=', p.id),
)

type Writes = {
  payment: PaymentRow
  accepted: ReturnType<typeof eventRows>
  resolved: readonly RequestRow[]
}

async function write(ctx: Context, known: PaymentRow, { payment, accepted, resolved }: Writes) {
  const [fact, ...facts] = accepted
  const [first, ...more] = resolved
  // Nearly always one fact closes one request: that travels as one statement.
  const { changed } = await writeTogether(ctx, {
    changed: paymentUpdate(ctx, known, payment),
    ...(fact && { fact: insertEvent.bind(ctx, fact) }),
    ...(first && { request: resolveRequest.bind(ctx, first) }),
  })
  if (changed.affected === 0) throw new TryAgain(`payment ${payment.id} changed meanwhile`)
  for (const other of facts) await insertEvent.run(ctx, other)
  for (const request of more) await resolveRequest.run(ctx, request)
}
