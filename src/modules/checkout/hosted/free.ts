import { convertCart, type StoredCart } from '#modules/carts'
import { placeOrder } from '#modules/orders'
import { redeem } from '#modules/promotions'
import type { Context } from '#platform/context'
import { holderOf } from '../advance.ts'
import { buyerOf } from '../buyer.ts'
import { payableUntil, saveSession } from '../sessions.ts'
import type { SessionRow } from '../tables.ts'
import { insertHosted } from './rows.ts'
import type { FrozenOrder, HostedRow } from './tables.ts'

type Free = { row: HostedRow; session: SessionRow; stored: StoredCart }

/**
 * A cart that costs nothing: no provider would open a page for it, so its order is placed at once,
 * and what its buyer is given is complete.
 */
export async function completeFree(
  ctx: Context,
  { row, session, stored }: Free,
): Promise<HostedRow> {
  const placed = row.placed as FrozenOrder
  const customer_id = await buyerOf(ctx, session)
  const order = await placeOrder(ctx, { ...placed, customer_id, holder: holderOf(session) })
  const { id: order_id, currency } = order
  const expires_at = payableUntil(ctx)
  await saveSession(ctx, session, {
    change: { customer_id, order_id, expires_at, held_until: null },
  })
  await convertCart(ctx, stored, { order_id, told: placed })
  await redeem(ctx, { order_id, customer_id, currency, discounts: placed.priced.discounts })
  const complete: HostedRow = {
    ...row,
    status: 'complete',
    payment_status: 'no_payment_required',
    ref: `cs_free_${row.id.replaceAll('-', '')}`,
    url: row.success_url,
    order_id,
  }
  await insertHosted(ctx, { rows: [complete] })
  return complete
}
