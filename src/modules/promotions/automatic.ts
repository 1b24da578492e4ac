import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared, rawQuery } from '#platform/database/prepared'
import { promotionErrors } from './errors.ts'
import { AUTOMATIC_MAX } from './standing.ts'
import { db } from './tables.ts'

const activeOnes = prepared(db, (open, _: object) =>
  rawQuery(
    open,
    sql<{ count: number }>`select count(*) as count from promotions
      where automatic = true and status = 'active'`,
  ),
)

/**
 * Refuses one more active automatic promotion than every cart can be asked to look at. Whoever
 * activates one waits here for the others, so the caller must be READ COMMITTED.
 */
export async function requireRoomForAutomatic(ctx: Context): Promise<void> {
  await lockEntity(ctx, 'coupon', 'automatic')
  const found = await activeOnes.first(ctx, {})
  if ((found?.count ?? 0) >= AUTOMATIC_MAX) {
    throw promotionErrors.too_many_automatic({ most: AUTOMATIC_MAX })
  }
}
