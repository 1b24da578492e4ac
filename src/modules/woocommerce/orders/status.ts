import { DomainError } from '#kit/errors'
import type { Id } from '#kit/ids'
import { hold, lockOrder, moveOrder, type OrderRow, release, setStatus } from '#modules/orders'
import type { Context } from '#platform/context'

type Standing = Pick<OrderRow, 'status' | 'payment_status'>

/** An order's state as WooCommerce says it (overlaps section 4). */
export function wooStatusOf({ status, payment_status }: Standing): string {
  if (status === 'on_hold') return 'on-hold'
  if (status === 'cancelled') return payment_status === 'refunded' ? 'refunded' : 'cancelled'
  if (status === 'refunded') return 'refunded'
  if (status === 'shipped' || status === 'delivered' || status === 'exchanged') return 'completed'
  if (PAID.has(payment_status)) return 'processing'
  return payment_status === 'failed' ? 'failed' : 'pending'
}
const PAID = new Set<string>(['paid', 'partially_refunded', 'refunded'])

/** What an order is held for, where WooCommerce is the reason. */
export const HELD = 'woocommerce'
/** Money that went back there is not booked by itself: staff looks at it. */
export const REFUNDED = 'woocommerce_refunded'

/**
 * Does here what an order's new state in WooCommerce means, as far as our own lifecycle allows.
 * Answers what could not be done, for the log.
 */
export async function followStatus(
  ctx: Context,
  order_id: Id<'order'>,
  status: string,
): Promise<string | null> {
  const order = await lockOrder(ctx, order_id)
  if (wooStatusOf(order) === status) return null
  try {
    return await follow(ctx, order, status)
  } catch (error) {
    if (!(error instanceof DomainError) || error.status >= 500) throw error
    return `${status} means nothing here: ${error.message}`
  }
}

async function follow(ctx: Context, order: OrderRow, status: string): Promise<string | null> {
  const reason = `${status} in WooCommerce`
  if (status === 'cancelled') await moveOrder(ctx, order, 'cancel', { reason })
  else if (status === 'completed') await setStatus(ctx, { id: order.id, status: 'shipped', reason })
  else if (status === 'on-hold') await hold(ctx, order, { code: HELD, note: reason })
  else if (status === 'refunded') await hold(ctx, order, { code: REFUNDED, note: reason })
  else if (status === 'processing' && order.status === 'on_hold') {
    await release(ctx, order, { code: HELD, note: reason })
  } else return `${status} means nothing here`
  return null
}
