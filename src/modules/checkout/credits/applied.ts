import { usableAmounts } from '#modules/credit'
import { coveredAmount, type PaymentRow } from '#modules/payments'
import type { Context } from '#platform/context'
import type { AppliedCredit, SessionRow } from '../tables.ts'

/** How many gift cards and accounts pay one checkout together at most. */
export const CREDITS_MAX = 10

/** What each of several credits pays of a total, and what remains to be paid; minor units. */
export type Split = { parts: readonly (AppliedCredit & { amount: number })[]; due_amount: number }

/** The only function that says how much credit pays: one after another, as they were applied. */
export function splitByCredit(total_amount: number, credits: readonly AppliedCredit[]): Split {
  let due_amount = total_amount
  const parts = credits.map((credit) => {
    const amount = Math.min(credit.balance_amount, due_amount)
    due_amount -= amount
    return { ...credit, amount }
  })
  return { parts, due_amount }
}

/** What is left to pay by other means, in minor units. */
export const dueBeside = (total_amount: number, credits: readonly AppliedCredit[]): number =>
  splitByCredit(total_amount, credits).due_amount

/** The payment by which a credit pays an order, or is about to; undefined if there is none. */
export const paymentBy = (
  { account_id }: Pick<AppliedCredit, 'account_id'>,
  payments: readonly PaymentRow[],
): PaymentRow | undefined =>
  payments.find(
    (one) =>
      isCreditPayment(one) &&
      one.payment_method_id === account_id &&
      (one.processed_at === null || coveredAmount([one]) > 0),
  )

/**
 * The newest payment of these that is told of an order: by the payment method, if any is. Its id
 * may be older than those of the credit that paid before it.
 */
export const newestOf = (payments: readonly PaymentRow[]): PaymentRow | undefined =>
  payments.findLast((one) => !isCreditPayment(one)) ?? payments.at(-1)

/** Whether the house's own books pay it. */
export const isCreditPayment = ({ provider }: Pick<PaymentRow, 'provider'>): boolean =>
  provider === 'credit'

/**
 * The credits of a checkout with what can be used of each now; one that has paid counts for what it
 * paid. One read, and none where there is no credit.
 */
export async function creditsNow(
  ctx: Context,
  { credits }: Pick<SessionRow, 'credits'>,
  payments: readonly PaymentRow[] = [],
): Promise<AppliedCredit[]> {
  if (credits.length === 0) return credits
  const usable = await usableAmounts(
    ctx,
    credits.map(({ account_id }) => account_id),
  )
  return credits.map((credit) => {
    const paid = paymentBy(credit, payments)
    const balance_amount = paid ? paid.amount : (usable.get(credit.account_id) ?? 0)
    return { ...credit, balance_amount }
  })
}
