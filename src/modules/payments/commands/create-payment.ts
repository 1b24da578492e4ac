import type { Id } from '#kit/ids'
import { formatMoney, parseCurrency, parseMoney } from '#kit/money'
import { cardByGuess, creditErrors } from '#modules/credit'
import type { Context } from '#platform/context'
import { writeTogether } from '#platform/database/write-together'
import { invalidField } from '#platform/operations'
import type { ProcessContext } from '#platform/processes'
import {
  coveredAmount,
  heldAmount,
  insertPayment,
  insertRequest,
  lockOrder,
  requestsOfPayment,
  sumOf,
} from '../books.ts'
import { paymentErrors } from '../errors.ts'
import { storedMeans } from '../means.ts'
import { newPayment } from '../new-payment.ts'
import type { Payable } from '../payable.ts'
import { type Asked, askedAgain, type Commit, perform, resolve } from '../perform.ts'
import type { PaymentProvider } from '../provider.ts'
import { isForeign } from '../queries.ts'
import { requestRow } from '../reversals.ts'
import { type CreatePayment, type Payment, printPayment } from '../schemas.ts'
import type { PaymentRow, RequestRow } from '../tables.ts'
import { isCredit, providerFor, tenderFor } from '../tender.ts'

/**
 * Takes (or holds) what an order owes. The payment and the request to the provider are stored
 * before the provider is asked; the payment's id is the key that the provider is given, so a retry
 * with the same Idempotency-Key finds what it began instead of beginning another one.
 */
export async function createPayment(ctx: ProcessContext, input: CreatePayment): Promise<Payment> {
  if (input.amount === undefined && !isCredit(input)) throw invalidField('amount', 'is required')
  const credit_account_id = await accountOf(ctx, input)
  const begun = await ctx.transaction(
    (tx) => beginPayment(tx, ctx.key as Id<'payment'>, { ...input, credit_account_id }),
    'read committed',
  )
  return pursuePayment(ctx, begun, (settled) => ctx.conclude(settled, answered))
}

/** The gift card whose code is told; wrong codes are counted, and a code is never stored. */
async function accountOf(ctx: ProcessContext, { payment_method, code }: CreatePayment) {
  if (payment_method !== 'gift_card') return undefined
  if (code === undefined) throw invalidField('code', 'is required for a gift card')
  return (await cardByGuess(ctx, code)).id
}

/**
 * Asks the provider for what `beginPayment` has stored, and settles the answer in `conclude`. One
 * that was begun before goes on where it was; one that is decided is concluded as it is.
 */
export async function pursuePayment<T>(
  ctx: ProcessContext,
  { begun, ...asked }: BegunPayment,
  conclude: Commit<T>,
): Promise<T> {
  if (begun) return perform(ctx, asked, conclude)
  if (asked.open) return resolve(ctx, asked, { again: true, commit: conclude })
  return conclude(async () => asked.payment)
}

/** A declined payment stays in the books, but its caller is told no. */
export function answered(payment: PaymentRow): Payment {
  if (payment.status !== 'failed') return printPayment(payment)
  const { id, failure_code, failure_message } = payment
  throw paymentErrors.declined({
    reason: failure_message ?? failure_code ?? 'no reason was given.',
    payment_id: id,
    decline_code: failure_code,
  })
}

/** A payment with the request that the provider is to be asked; `begun` says that it is new. */
export type BegunPayment = Asked & { begun: boolean; open: boolean }

/** What is to be paid: all that the order still owes, unless an amount is named. */
export type Wanted = Omit<CreatePayment, 'amount' | 'code'> &
  Partial<Pick<CreatePayment, 'amount'>> & {
    /** The gift card or store credit that pays; without one, what the order's customer has. */
    credit_account_id?: Id<'credit_account'> | undefined
    /**
     * The order, if this very transaction has placed it: then nobody else can know it, and there is
     * nothing to wait for or to read.
     */
    placed_now?: Payable
  }

/**
 * Stores a payment and the request for it, under the order's lock, with `id` as the provider's key;
 * finds both if they are stored already. Nobody is asked yet: that is `pursuePayment`, after the
 * commit. Throws what `payments.create` answers.
 */
export async function beginPayment(
  ctx: Context,
  id: Id<'payment'>,
  input: Wanted,
): Promise<BegunPayment> {
  const { order_id, placed_now } = input
  const { payable, payments } = placed_now
    ? { payable: placed_now, payments: [] }
    : await lockOrder(ctx, order_id)
  if (payments.some((payment) => payment.id === id)) return continued(ctx, id)
  if (!payable || isForeign(ctx, payable)) throw paymentErrors.order_not_found({ order_id })
  const provider = providerFor(ctx, input)
  const due = dueAmount(input, payable, payments)
  const { means, most } = await tenderFor(ctx, input, payable)
  const amount = checkAmount(input, payable, { due, most })
  const payment = paymentRow(ctx, { id, input, payable, provider, means, amount })
  const request = requestRow(ctx, payment, {
    id: id as string as Id<'payment_request'>,
    operation: payment.capture_method === 'automatic' ? 'sale' : 'authorize',
    amount,
    state: 'sent',
  })
  await writeTogether(ctx, {
    payment: insertPayment.bind(ctx, payment),
    request: insertRequest.bind(ctx, request),
  })
  return { payment, request, begun: true, open: true }
}

async function continued(ctx: Context, id: Id<'payment'>): Promise<BegunPayment> {
  const requests = await requestsOfPayment(ctx, { payment_id: id })
  const first = requests.find((request) => (request.id as string) === id) as RequestRow
  return { ...(await askedAgain(ctx, first)), begun: false }
}

/** What the order still owes, in minor units. Refuses where nothing can be paid now. */
function dueAmount(input: Wanted, payable: Payable, payments: PaymentRow[]): number {
  const { order_id } = input
  const { currency } = payable
  if (input.currency !== undefined && parseCurrency(input.currency) !== currency) {
    throw paymentErrors.currency_differs({ currency })
  }
  if (!payable.open) throw paymentErrors.order_closed({ order_id })
  const undecided = payments.find(({ processed_at }) => processed_at === null)
  if (undecided) throw paymentErrors.in_progress({ payment_id: undecided.id, order_id })
  const due = payable.total_amount - coveredAmount(payments)
  if (due <= 0)
    throw paymentErrors.already_paid({ order_id, held: sumOf(payments, heldAmount) > 0 })
  return due
}

/** The amount in minor units: what the order still owes, or the part of it that was asked for. */
function checkAmount(
  input: Wanted,
  { currency }: Payable,
  { due, most }: { due: number; most: number | undefined },
): number {
  const all = Math.min(due, most ?? due)
  if (input.amount === undefined && all > 0) return all
  const amount = input.amount === undefined ? due : parseMoney(input.amount, currency)
  const owed = formatMoney(due, currency)
  if (input.partial !== true && amount !== due) {
    throw paymentErrors.amount_differs({ expected: owed, currency, field: 'amount' })
  }
  if (amount <= 0 || amount > due) {
    throw paymentErrors.more_than_owed({ owed, currency, field: 'amount' })
  }
  if (most !== undefined && amount > most) {
    throw creditErrors.insufficient({ available: formatMoney(most, currency), currency })
  }
  return amount
}

type NewPayment = {
  id: Id<'payment'>
  input: Wanted
  payable: Payable
  provider: PaymentProvider
  means: string | null
  amount: number
}

const paymentRow = (
  ctx: Context,
  { id, input, payable, provider, means, amount }: NewPayment,
): PaymentRow => ({
  ...newPayment(ctx),
  id,
  order_id: input.order_id,
  customer_id: payable.customer_id,
  provider: provider.name,
  provider_ref: null,
  method: input.payment_method,
  payment_method_id: storedMeans(ctx, means),
  capture_method: input.capture ?? 'automatic',
  description: input.description ?? null,
  currency: payable.currency,
  amount,
  processed_at: null,
})
