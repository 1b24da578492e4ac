import { DomainError } from '#kit/errors'
import type { Id } from '#kit/ids'
import { entriesFor, giveBackCredit, takeCredit } from '#modules/credit'
import {
  type ChargeRequest,
  type Fact,
  type FactOperation,
  type PaymentProvider,
  type ProviderAnswer,
  type ProviderRequest,
  paymentErrors,
} from '#modules/payments'
import type { App } from '#platform/app'
import type { Context } from '#platform/context'
import { readAsSystem, transactAsSystem } from '#platform/execute'

/** For what a request of payments is booked in the ledger of credit, beside its key. */
const BOOKED_AS = {
  sale: 'payment_sale',
  authorize: 'payment_hold',
  void: 'payment_void',
  refund: 'payment_refund',
} as const satisfies Partial<Record<FactOperation, string>>
type Booked = keyof typeof BOOKED_AS

/**
 * A charge that was asked for longer ago than this is refused, and a charge without a trace is
 * given up only after twice that: so nothing is ever taken for a payment that was given up.
 */
const TOO_LATE_MS = 60_000

/**
 * Gift cards and store credit as a payment provider: each request is one transaction on the ledger
 * of credit, once for its key, and what became of it is read there. What is authorised is taken at
 * once, so a capture only says so, and a void gives it back.
 */
export function createCreditProvider(app: App): PaymentProvider {
  const booking = (body: (ctx: Context) => Promise<ProviderAnswer>) =>
    transactAsSystem(app, body, 'read committed')
  const charge = (operation: 'sale' | 'authorize') => (request: ChargeRequest) =>
    refusable(request, { operation, app }, () => booking((ctx) => take(ctx, operation, request)))
  const back = (operation: 'void' | 'refund') => (request: ProviderRequest) =>
    booking((ctx) => giveBack(ctx, operation, request))
  return {
    name: 'credit',
    untraced_after_ms: 2 * TOO_LATE_MS,
    timeout_ms: 30_000,
    sale: charge('sale'),
    authorize: charge('authorize'),
    confirm() {
      throw new Error('credit asks nobody to prove themselves')
    },
    capture: async (request) => answer(request, fact(request, 'capture', app.clock())),
    void: back('void'),
    refund: back('refund'),
    lookUp: (key) => readAsSystem(app, (ctx) => lookUp(ctx, key)),
    readWebhook() {
      throw paymentErrors.bad_webhook({ problem: 'credit with the shop sends none' })
    },
  }
}

async function take(
  ctx: Context,
  operation: 'sale' | 'authorize',
  request: ChargeRequest,
): Promise<ProviderAnswer> {
  const { key, amount, payment_method_id, order_id } = request
  const reference = { reference_type: BOOKED_AS[operation], reference_id: key }
  const account_id = payment_method_id as Id<'credit_account'>
  const entry = await takeCredit(ctx, { account_id, amount, reference, order_id })
  const at = new Date(entry.created_at)
  return answer(request, { ...fact(request, operation, at), ref: entry.id })
}

async function giveBack(
  ctx: Context,
  operation: 'void' | 'refund',
  request: ProviderRequest,
): Promise<ProviderAnswer> {
  const { key, amount, payment_ref } = request
  const taken = (await entriesFor(ctx, payment_ref ?? '')).find(({ kind }) => kind === 'taken')
  if (!taken) throw new Error(`nothing was taken for payment ${payment_ref}`)
  const { reference_type, reference_id } = taken as { reference_type: string; reference_id: string }
  const entry = await giveBackCredit(ctx, {
    taken: { reference_type, reference_id },
    amount,
    reference: { reference_type: BOOKED_AS[operation], reference_id: key },
  })
  const at = new Date(entry.created_at)
  return answer(request, { ...fact(request, operation, at), ref: entry.id })
}

/** What the ledger has under a request's key. A capture leaves no trace: it is said again. */
async function lookUp(ctx: Context, key: string): Promise<ProviderAnswer | undefined> {
  const [entry] = await entriesFor(ctx, key)
  const operation = (Object.keys(BOOKED_AS) as Booked[]).find(
    (one) => BOOKED_AS[one] === entry?.reference_type,
  )
  if (!entry || !operation) return undefined
  const request = { key, amount: Math.abs(entry.amount), currency: entry.currency }
  const at = new Date(entry.created_at)
  const payment_ref = entry.kind === 'taken' ? key : null
  return { payment_ref, facts: [{ ...fact(request, operation, at), ref: entry.id }] }
}

type Charge = { operation: 'sale' | 'authorize'; app: App }

/** What credit refuses is an answer: the payment is declined. */
async function refusable(
  request: ChargeRequest,
  { operation, app }: Charge,
  book: () => Promise<ProviderAnswer>,
): Promise<ProviderAnswer> {
  const now = app.clock()
  const failed = (code: string, message: string) =>
    answer(request, { ...fact(request, operation, now), outcome: 'failed', code, message })
  if (now.getTime() - Date.parse(request.asked_at) > TOO_LATE_MS) {
    return failed('too_late', 'It was asked for too long ago.')
  }
  try {
    return await book()
  } catch (error) {
    if (error instanceof DomainError) return failed(error.code.toLowerCase(), error.message)
    throw error
  }
}

/** A payment is named by the key of the request that began it. */
const answer = (request: ProviderRequest, one: Fact): ProviderAnswer => ({
  payment_ref: request.payment_ref ?? request.key,
  facts: [one],
})

const fact = (
  { key, amount, currency }: Pick<ProviderRequest, 'key' | 'amount' | 'currency'>,
  operation: FactOperation,
  at: Date,
): Fact => ({
  ref: key,
  operation,
  outcome: 'succeeded',
  amount,
  currency,
  sequence: 0,
  occurred_at: at.toISOString(),
  request_id: key,
  code: null,
  message: null,
  action_url: null,
})
