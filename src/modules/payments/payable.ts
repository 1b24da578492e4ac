import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { definePort } from '#platform/ports'

/** What payments must know of an order before it takes money for it. */
export type Payable = {
  /** ISO 4217, upper case; the only currency in which the order can be paid. */
  currency: string
  /** What the order costs in all, in minor units. What was paid already is counted by payments. */
  total_amount: number
  /** Whose order it is; null for a guest's. */
  customer_id: Id<'customer'> | null
  /**
   * False once money that still arrives must go back: cancelled, deleted, refunded. A shipped,
   * delivered or archived order stays open, because what is held for it may be captured late.
   */
  open: boolean
}

/**
 * Orders stand above payments, so payments asks through this port, which `src/app.ts` connects.
 * `payableOf` is called inside a transaction that holds the order's lock (`lockEntity(ctx, 'order',
 * id)`); it reads, one statement at best, writes nothing, and answers undefined for an unknown id.
 */
export type PayableOrders = {
  payableOf(ctx: Context, order_id: Id<'order'>): Promise<Payable | undefined>
}

export const payableOrders = definePort<PayableOrders>('payable orders')
