import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import type { ProcessContext } from '#platform/processes'
import { isOpen, paymentById } from './books.ts'
import { meansOf } from './means.ts'
import { chargeRef } from './parts.ts'
import {
  type Fact,
  type LookUp,
  type PaymentProvider,
  type ProviderAnswer,
  paymentProviders,
} from './provider.ts'
import { later } from './reversals.ts'
import { settle } from './settle.ts'
import { db, type EventRow, type PaymentRow, type RequestRow } from './tables.ts'

/** A request and the payment it is about. */
export type Asked = { payment: PaymentRow; request: RequestRow }

/** Runs the transaction that settles what was learned, and makes something of the payment. */
export type Commit<T> = (settled: (tx: Context) => Promise<PaymentRow>) => Promise<T>

const commitIn =
  (ctx: ProcessContext): Commit<never> =>
  (settled) =>
    ctx.transaction(settled, 'read committed') as Promise<never>

/**
 * Asks the provider for what a stored request says, and settles its answer. When the call breaks
 * off nobody knows what happened: the request is marked unknown, and the sweeper finds out. Answers
 * the payment, or what `commit` makes of it.
 */
export async function perform<T = PaymentRow>(
  ctx: ProcessContext,
  asked: Asked,
  commit: Commit<T> = commitIn(ctx),
): Promise<T> {
  const provider = providerOf(ctx, asked.payment)
  let answer: ProviderAnswer
  try {
    answer = await withinTime(provider, call(ctx, provider, asked))
  } catch (error) {
    return lose(ctx, asked, { error, commit })
  }
  return commit((tx) => learn(tx, asked, { answer, source: 'answer' }))
}

/**
 * Finds out what became of a request whose outcome is open, by asking the provider for its key.
 * Without a trace of it: money going back is asked for again (the same key makes that safe), and so
 * is anything while its caller is at hand (`again`); a charge nobody waits for has failed.
 */
export async function resolve<T = PaymentRow>(
  ctx: ProcessContext,
  asked: Asked,
  { again, commit = commitIn(ctx) }: { again: boolean; commit?: Commit<T> },
): Promise<T> {
  const provider = providerOf(ctx, asked.payment)
  let found: ProviderAnswer | undefined
  try {
    found = await withinTime(provider, provider.lookUp(asked.request.id, about(asked)))
  } catch (error) {
    return lose(ctx, asked, { error, commit })
  }
  const answer = found
  if (answer) return commit((tx) => learn(tx, asked, { answer, source: 'sweep' }))
  if (again || ASK_AGAIN.has(asked.request.operation)) return perform(ctx, asked, commit)
  return commit((tx) => giveUp(tx, asked, provider))
}

const ASK_AGAIN = new Set<RequestRow['operation']>(['confirm', 'capture', 'void', 'refund'])

/** The provider that a payment was begun with, whichever is active now. */
function providerOf(ctx: ProcessContext, { provider }: PaymentRow): PaymentProvider {
  const found = paymentProviders.of(ctx).named(provider)
  if (!found) throw new Error(`payments of the provider ${provider} exist, but it is not set up`)
  return found
}

function call(
  ctx: ProcessContext,
  provider: PaymentProvider,
  { request, payment }: Asked,
): Promise<ProviderAnswer> {
  return provider[request.operation]({
    key: request.id,
    amount: request.amount,
    currency: request.currency,
    payment_ref: chargeRef(payment),
    method: payment.method,
    payment_method_id: meansOf(ctx, payment.payment_method_id),
    order_id: payment.order_id,
    asked_at: request.created_at,
    keep_rest: request.keep_rest === true,
  })
}

const about = ({ request, payment }: Asked): LookUp => ({
  operation: request.operation,
  amount: request.amount,
  currency: request.currency,
  payment_ref: chargeRef(payment),
  asked_at: request.created_at,
})

/** A call that never returns counts as broken off after the provider's time limit. */
async function withinTime<T>(
  { name, timeout_ms }: PaymentProvider,
  called: Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<never>((_, reject) => {
    const error = new Error(`${name} did not answer within ${timeout_ms} ms`)
    timer = setTimeout(() => reject(error), timeout_ms)
    // A call that hangs must not keep a process alive that wants to end.
    timer.unref()
  })
  try {
    return await Promise.race([called, expired])
  } finally {
    clearTimeout(timer)
  }
}

async function learn(
  ctx: Context,
  { payment, request }: Asked,
  learned: { answer: ProviderAnswer; source: EventRow['source'] },
): Promise<PaymentRow> {
  const news = { payment_id: payment.id, order_id: payment.order_id, request }
  const settled = await settle(ctx, { ...news, ...learned })
  for (const { fact, law } of settled.waiting) {
    ctx.log.error({ payment_id: payment.id, fact }, `the provider says what cannot be: ${law}`)
  }
  const finished = learned.answer.facts.some(({ outcome }) => outcome !== 'pending')
  if (!finished) await postpone(ctx, request)
  return settled.payment
}

const postponeRequest = prepared(
  db,
  (
    open,
    p: { id: RequestRow['id']; state: RequestRow['state']; attempts: number; check_at: string },
  ) =>
    open
      .updateTable('payment_requests')
      .set({ state: p.state, attempts: p.attempts, check_at: p.check_at })
      .where('id', '=', p.id)
      .where('state', 'in', ['requested', 'sent', 'unknown']),
)

const FIRST_PAUSE_MS = 2_000
const LONGEST_PAUSE_MS = 60 * 60 * 1000

/** Looks again later, at growing distances: 2 s, 4 s, 8 s … an hour. */
async function postpone(ctx: Context, request: RequestRow, state: RequestRow['state'] = 'sent') {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** request.attempts, LONGEST_PAUSE_MS)
  const attempts = request.attempts + 1
  await postponeRequest.run(ctx, { id: request.id, state, attempts, check_at: later(ctx, pause) })
}

async function lose<T>(
  { log }: ProcessContext,
  { payment, request }: Asked,
  { error, commit }: { error: unknown; commit: Commit<T> },
): Promise<T> {
  const about = { payment_id: payment.id, request_id: request.id, err: error }
  log.warn(about, `the outcome of a payment's ${request.operation} is unknown`)
  return commit(async (tx) => {
    await postpone(tx, request, 'unknown')
    return (await paymentById.first(tx, { id: payment.id })) ?? payment
  })
}

/** A charge of which the provider has no trace: it failed once it is too old to be still coming. */
async function giveUp(ctx: Context, { payment, request }: Asked, provider: PaymentProvider) {
  const age = Date.parse(ctx.now) - Date.parse(request.created_at)
  if (age < provider.untraced_after_ms) {
    await postpone(ctx, request, 'unknown')
    return payment
  }
  const answer = { payment_ref: null, facts: [neverExecuted(request, payment, ctx.now)] }
  const { id, order_id } = payment
  const news = { payment_id: id, order_id, request, source: 'sweep' as const }
  return (await settle(ctx, { ...news, answer })).payment
}

/** Our own fact, under our own key: the provider has no object to name. */
function neverExecuted(request: RequestRow, { capture_method }: PaymentRow, now: string): Fact {
  const charge = capture_method === 'automatic' ? 'sale' : 'authorize'
  return {
    ref: request.id,
    operation: charge,
    outcome: 'failed',
    amount: request.amount,
    currency: request.currency,
    sequence: 0,
    occurred_at: now,
    request_id: request.id,
    code: 'not_executed',
    message: 'The provider never received it.',
    action_url: null,
  }
}

/** The request a caller has just found again under its own key, with its payment. */
export async function askedAgain(
  ctx: Context,
  request: RequestRow,
): Promise<Asked & { open: boolean }> {
  const payment = await paymentById.first(ctx, { id: request.payment_id as Id<'payment'> })
  if (!payment) throw new Error(`payment ${request.payment_id} is missing`)
  return { payment, request, open: isOpen(request) }
}
