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
    .where((eb) => eb.or([eb('order_id', '=', p.order_id), eb('merged_into_id', '=', p.order_id)]))
    .where('given_back_at', 'is', null)
    .returning(['id', 'order_id', 'promotion_id', 'code', 'customer_id', 'currency', 'amount']),
)

/**
 * Gives every promotion that an order used back, when the order is withdrawn, also those of orders
 * that became part of it. A second time gives nothing back: the guarded update touches each
 * redemption once. It takes no coupon's lock, because fewer uses break no limit.
 */
export async function giveBack(
  ctx: Context,
  { order_id }: { order_id: Id<'order'> },
): Promise<void> {
  const given = await giveBackAll(ctx, { order_id, now: ctx.now })
  for (const { id: redemption_id, ...facts } of given) {
    emit(ctx, promotionEvents.given_back({ redemption_id, ...facts }))
  }
}

const moveAll = prepared(db, (open, p: { from: Id<'order'>; to: Id<'order'> }) =>
  open
    .updateTable('promotion_redemptions')
    .set({ merged_into_id: p.to })
    .where((eb) => eb.or([eb('order_id', '=', p.from), eb('merged_into_id', '=', p.from)]))
    .where('given_back_at', 'is', null),
)

/**
 * Makes what an order used of promotions something that another one has, because it became part of
 * it: whoever cancels that gives it back. The row stays that of the order that redeemed it, so two
 * orders with the same coupon can be merged. The caller holds the locks of both.
 */
export async function moveRedemptions(
  ctx: Context,
  move: { from: Id<'order'>; to: Id<'order'> },
): Promise<void> {
  await moveAll.run(ctx, move)
}
