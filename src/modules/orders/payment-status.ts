import type { PaymentStatus } from './lifecycle.ts'

/** What the payments of one order come to, in minor units of its currency. */
export type PaidSums = {
  authorized: number
  captured: number
  refunded: number
  /** The latest attempt was declined and none is open. */
  failed: boolean
}

/**
 * The one function that says how an order stands with its money. What costs nothing is paid as soon
 * as it is placed.
 */
export function paymentStatus(total: number, paid: PaidSums): PaymentStatus {
  const { captured, refunded, authorized, failed } = paid
  if (captured > 0 && refunded >= captured) return 'refunded'
  if (refunded > 0) return 'partially_refunded'
  if (captured > 0) return captured >= total ? 'paid' : 'partially_paid'
  if (total === 0) return 'paid'
  if (authorized > 0) return 'authorized'
  return failed ? 'failed' : 'pending'
}
