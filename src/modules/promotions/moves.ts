import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { promotionEvents } from './events.ts'
import type { PromotionRow } from './find.ts'
import { promotionLifecycle } from './lifecycle.ts'
import { withFacts } from './queries.ts'
import type { Promotion } from './schemas.ts'
import { db } from './tables.ts'

/** Makes one move of the lifecycle; refuses (409) one that is not open. The lock is held. */
export async function movePromotion(
  ctx: Context,
  known: PromotionRow,
  move: keyof typeof promotionLifecycle.moves,
): Promise<Promotion> {
  const status = promotionLifecycle.next(known.status, move)
  const change = {
    status,
    archived_at: status === 'archived' ? ctx.now : null,
    version: known.version + 1,
    updated_at: ctx.now,
  }
  const { id: promotion_id, status: old_status } = known
  await db(ctx).updateTable('promotions').set(change).where('id', '=', promotion_id).execute()
  emit(ctx, promotionEvents.status_changed({ promotion_id, old_status, new_status: status }))
  return (await withFacts(ctx, [{ ...known, ...change }]))[0] as Promotion
}
