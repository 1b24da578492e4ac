import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { promotionEvents } from './events.ts'
import { db } from './tables.ts'

const giveBackAll = prepared(db, (open, p: { order_id: Id<'order'>; now: string }) =>
  open
    .updateTable('promotion_redemptions')
    .set({ given_back_at: p.now })
    .where('order_id', '=', p.order_id)
    .where('given_back_at', 'is', null)
    .returning(['id', 'promotion_id', 'code', 'customer_id', 'currency', 'amount']),
)

/**
 * Gives every promotion that an order used back, when the order is withdrawn. A second time gives
 * nothing back: the guarded update touches each redemption once. It takes no coupon's lock, because
 * fewer uses break no limit.
 */
export async function giveBack(
  ctx: Context,
  { order_id }: { order_id: Id<'order'> },
): Promise<void> {
  const given = await giveBackAll(ctx, { order_id, now: ctx.now })
  for (const { id: redemption_id, ...facts } of given) {
    emit(ctx, promotionEvents.given_back({ redemption_id, order_id, ...facts }))
  }
}
