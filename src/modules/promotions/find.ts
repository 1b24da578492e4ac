import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { requireVersion } from '#platform/versions'
import { lockPromotion } from './coupon-locks.ts'
import { promotionErrors } from './errors.ts'
import { db } from './tables.ts'

export type PromotionRow = Static<(typeof db.tables)['promotions']>

const byId = prepared(db, (open, p: { id: Id<'promotion'> }) =>
  open.selectFrom('promotions').selectAll().where('id', '=', p.id),
)

/** The promotion of this id, archived ones too; throws `not_found`. */
export async function findPromotion(ctx: Context, id: Id<'promotion'>): Promise<PromotionRow> {
  const found = await byId.first(ctx, { id })
  if (!found) throw promotionErrors.not_found({ promotion_id: id })
  return found
}

/**
 * The promotion, locked until the commit, at the version that the caller means. The lock keeps
 * redemptions out, so that what is counted under it stays true: the command must be READ COMMITTED,
 * or it would count on a snapshot that is older than its lock.
 */
export async function promotionToChange(ctx: Context, id: Id<'promotion'>): Promise<PromotionRow> {
  await lockPromotion(ctx, id)
  const promotion = await findPromotion(ctx, id)
  requireVersion(ctx, promotion.version)
  return promotion
}
