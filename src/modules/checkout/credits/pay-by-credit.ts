import { DomainError } from '#kit/errors'
import { formatMoney } from '#kit/money'
import { creditErrors } from '#modules/credit'
import { type OrderRow, orderOfMoney } from '#modules/orders'
import {
  type BegunPayment,
  beginPayment,
  type PaymentRow,
  paymentsOfOrder,
} from '#modules/payments'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { lockEntity } from '#platform/database/entity-lock'
import { asOwner } from '../as-owner.ts'
import { checkoutErrors } from '../errors.ts'
import { type CheckoutRef, lockedSession, saveSession } from '../sessions.ts'
import type { AppliedCredit, SessionRow } from '../tables.ts'
import { creditsNow, dueBeside, isCreditPayment, paymentBy, splitByCredit } from './applied.ts'

type Payable = Pick<OrderRow, 'id' | 'customer_id' | 'currency' | 'total_amount'>

/** The credit that pays next: the first that would pay something and has not begun to. */
export const nextCredit = (
  { total_amount }: Pick<OrderRow, 'total_amount'>,
  credits: readonly AppliedCredit[],
  payments: readonly PaymentRow[] = [],
): AppliedCredit | undefined =>
  splitByCredit(total_amount, credits).parts.find(
    (part) => part.amount > 0 && !paymentBy(part, payments),
  )

/** Why a credit that could pay when it was looked at cannot any more. */
const CHANGED = new Set(
  [creditErrors.insufficient, creditErrors.disabled, creditErrors.expired].map(
    ({ spec }) => spec.code as string,
  ),
)

/**
 * Writes down that a credit will be asked for what the order still owes, or for all that is on it:
 * a payment of its own, as `payments.create` makes it. Tries all again if the credit was used or
 * stopped since it was looked at, so that its buyer is shown what is due now.
 */
export async function beginCredit(
  ctx: Context,
  order: Payable,
  { credit, placed_now = false }: { credit: AppliedCredit; placed_now?: boolean },
): Promise<BegunPayment> {
  const { id: order_id, customer_id, currency, total_amount } = order
  const payable = { customer_id, currency, total_amount, open: true }
  const wanted = {
    order_id,
    currency,
    payment_method: credit.kind,
    credit_account_id: credit.account_id,
    ...(placed_now && { placed_now: payable }),
  }
  try {
    return await beginPayment(asOwner(ctx, customer_id), ctx.newId('payment'), wanted)
  } catch (error) {
    if (!(error instanceof DomainError) || !CHANGED.has(error.code)) throw error
    throw new TryAgain(`credit ${credit.account_id} changed at this very moment`)
  }
}

/**
 * Goes on with a payment by credit that an earlier call has begun; nobody else need wait for it.
 */
export function continueCredit(
  ctx: Context,
  { customer_id, currency }: Payable,
  payment: PaymentRow,
): Promise<BegunPayment> {
  const { id, order_id, method } = payment
  return beginPayment(asOwner(ctx, customer_id), id, {
    order_id,
    currency,
    payment_method: method,
  })
}

/** The payment by credit whose outcome is open; the next step is to learn it. */
export const openCredit = (payments: readonly PaymentRow[]): PaymentRow | undefined =>
  payments.find((one) => one.processed_at === null && isCreditPayment(one))

type Shown = { total_amount: number; payments?: readonly PaymentRow[] }

/**
 * Refuses if credit pays another part than its buyer was shown, because a card was used elsewhere,
 * stopped or topped up; from now on that is shown. Compared with what the checkout remembers.
 */
export async function changedCredit(
  ctx: Context,
  session: SessionRow,
  { total_amount, payments }: Shown,
): Promise<DomainError | undefined> {
  if (session.credits.length === 0) return undefined
  const credits = await creditsNow(ctx, session, payments)
  const old_due = dueBeside(total_amount, session.credits)
  const new_due = dueBeside(total_amount, credits)
  if (old_due === new_due) return undefined
  await saveSession(ctx, session, { change: { credits } })
  return creditChanged(session, { old_due, new_due })
}

/**
 * A credit could not pay what was asked of it, because others were faster: what it can pay now is
 * shown, and the order waits to be paid. Answers the refusal to throw after the commit.
 */
export async function creditRefused(ctx: Context, ref: CheckoutRef): Promise<DomainError> {
  const { session } = await lockedSession(ctx, ref)
  const { order_id } = session
  if (!order_id) throw new Error(`checkout ${session.id} has no order that credit could pay`)
  await lockEntity(ctx, 'order', order_id)
  const { total_amount } = await orderOfMoney(ctx, order_id)
  const payments = await paymentsOfOrder(ctx, { order_id })
  const credits = await creditsNow(ctx, session, payments)
  const old_due = dueBeside(total_amount, session.credits)
  const new_due = dueBeside(total_amount, credits)
  await saveSession(ctx, session, { change: { credits } })
  return creditChanged(session, { old_due, new_due })
}

const creditChanged = (
  { currency, order_id }: SessionRow,
  { old_due, new_due }: { old_due: number; new_due: number },
): DomainError =>
  checkoutErrors.credit_changed({
    old_due: formatMoney(old_due, currency),
    new_due: formatMoney(new_due, currency),
    currency,
    order_id,
  })
