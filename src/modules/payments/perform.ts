import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import type { ProcessContext } from '#platform/processes'
import { isOpen, paymentById } from './books.ts'
import {
  type Fact,
  type PaymentProvider,
  type ProviderAnswer,
  paymentProviders,
} from './provider.ts'
import { later } from './reversals.ts'
import { settle } from './settle.ts'
import { db, type EventRow, type PaymentRow, type RequestRow } from './tables.ts'

/** A request and the payment it is about. */
export type Asked = { payment: PaymentRow; request: RequestRow }

/**
 * Asks the provider for what a stored request says, and settles its answer. When the call breaks off
 * nobody knows what happened: the request is marked unknown, and the sweeper finds out.
 */
export async function perform(ctx: ProcessContext, asked: Asked): Promise<PaymentRow> {
  const provider = providerOf(ctx, asked.payment)
  let answer: ProviderAnswer
  try {
    answer = await withinTime(provider, call(provider, asked))
  } catch (error) {
    return lose(ctx, asked, error)
  }
  return learn(ctx, asked, { answer, source: 'answer' })
}

/**
 * Finds out what became of a request whose outcome is open, by asking the provider for its key.
 * Without a trace of it: money going back is asked for again (the same key makes that safe), and so
 * is anything while its caller is at hand (`again`); a charge nobody waits for has failed.
 */
export async function resolve(
  ctx: ProcessContext,
  asked: Asked,
  { again }: { again: boolean },
): Promise<PaymentRow> {
  const provider = providerOf(ctx, asked.payment)
  let answer: ProviderAnswer | undefined
  try {
    answer = await withinTime(provider, provider.lookUp(asked.request.id))
  } catch (error) {
    return lose(ctx, asked, error)
  }
  if (answer) return learn(ctx, asked, { answer, source: 'sweep' })
  if (again || ASK_AGAIN.has(asked.request.operation)) return perform(ctx, asked)
  return giveUp(ctx, asked, provider)
}

const ASK_AGAIN = new Set<RequestRow['operation']>(['confirm', 'capture', 'void', 'refund'])

/** The provider that a payment was begun with, whichever is active now. */
function providerOf(ctx: ProcessContext, { provider }: PaymentRow): PaymentProvider {
  const found = paymentProviders.of(ctx).named(provider)
  if (!found) throw new Error(`payments of the provider ${provider} exist, but it is not set up`)
  return found
}

function call(provider: PaymentProvider, { request, payment }: Asked): Promise<ProviderAnswer> {
  return provider[request.operation]({
    key: request.id,
    amount: request.amount,
    currency: request.currency,
    payment_ref: payment.provider_ref,
    method: payment.method,
    payment_method_id: payment.payment_method_id,
  })
}

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
  ctx: ProcessContext,
  { payment, request }: Asked,
  learned: { answer: ProviderAnswer; source: EventRow['source'] },
): Promise<PaymentRow> {
  return ctx.transaction(async (tx) => {
    const news = { payment_id: payment.id, order_id: payment.order_id, request_id: request.id }
    const settled = await settle(tx, { ...news, ...learned })
    for (const { fact, law } of settled.waiting) {
      tx.log.error({ payment_id: payment.id, fact }, `the provider says what cannot be: ${law}`)
    }
    const finished = learned.answer.facts.some(({ outcome }) => outcome !== 'pending')
    if (!finished) await postpone(tx, request)
    return settled.payment
  }, 'read committed')
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

async function lose(ctx: ProcessContext, { payment, request }: Asked, error: unknown) {
  const about = { payment_id: payment.id, request_id: request.id, err: error }
  ctx.log.warn(about, `the outcome of a payment's ${request.operation} is unknown`)
  return ctx.transaction(async (tx) => {
    await postpone(tx, request, 'unknown')
    return (await paymentById.first(tx, { id: payment.id })) ?? payment
  }, 'read committed')
}

/** A charge of which the provider has no trace: it failed once it is too old to be still coming. */
async function giveUp(ctx: ProcessContext, { payment, request }: Asked, provider: PaymentProvider) {
  return ctx.transaction(async (tx) => {
    const age = Date.parse(tx.now) - Date.parse(request.created_at)
    if (age < provider.untraced_after_ms) {
      await postpone(tx, request, 'unknown')
      return payment
    }
    const answer = { payment_ref: null, facts: [neverExecuted(request, payment, tx.now)] }
    const { id, order_id } = payment
    const news = { payment_id: id, order_id, request_id: request.id, source: 'sweep' as const }
    return (await settle(tx, { ...news, answer })).payment
  }, 'read committed')
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
