import type { OrderRow } from './find.ts'
import type { PaymentStatus } from './lifecycle.ts'

/** What the payments of one order come to, in minor units of its currency. */
export type PaidSums = {
  authorized: number
  captured: number
  refunded: number
  /** The latest attempt was declined and none is open. */
  failed: boolean
}

/** What an order costs, and what of that was cancelled. */
export type Costs = Pick<OrderRow, 'total_amount' | 'cancelled_amount' | 'cancelled_at'>

/** What the buyer owes in all, paid or not: nothing for what was cancelled. Minor units. */
export const owedFor = ({
  total_amount,
  cancelled_amount,
}: Pick<Costs, 'total_amount' | 'cancelled_amount'>): number => total_amount - cancelled_amount

/**
 * The one function that says how an order stands with its money. What costs nothing is paid as soon
 * as it is placed. An order that was cancelled whole is measured by what it cost, so that its
 * status tells what became of its payments.
 */
export function paymentStatus(costs: Costs, paid: PaidSums): PaymentStatus {
  const { captured, refunded, authorized, failed } = paid
  const owed = costs.cancelled_at === null ? owedFor(costs) : costs.total_amount
  if (captured > 0 && refunded >= captured) return 'refunded'
  if (refunded > 0) return 'partially_refunded'
  if (captured > 0) return captured >= owed ? 'paid' : 'partially_paid'
  if (owed === 0) return 'paid'
  if (authorized > 0) return 'authorized'
  return failed ? 'failed' : 'pending'
}
