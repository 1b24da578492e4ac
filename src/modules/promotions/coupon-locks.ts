import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { lockingRows } from '#platform/database/locks'
import { prepared, rawQuery } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { db } from './tables.ts'

type Many = { promotions: readonly Id<'promotion'>[] }

const lockRows = prepared(db, (open, p: Many, engine) =>
  rawQuery(
    open,
    sql<{ id: string }>`select p.id from promotions as p
      where p.id in ${listOf(engine, p.promotions, 'uuid')}
      order by p.id ${lockingRows(engine, 'p')}`,
  ),
)

/**
 * Locks a promotion's row until the commit. Coupons are the last in the order of locks: whoever
 * holds them waits for nothing else.
 */
export async function lockPromotion(ctx: Context, id: Id<'promotion'>): Promise<void> {
  await lockRows(ctx, { promotions: [id] })
}

const touchLimited = prepared(db, (open, p: Many, engine) =>
  rawQuery(
    open,
    sql<never>`update promotions set version = version
      where id in ${listOf(engine, p.promotions, 'uuid')}
        and (usage_limit is not null or usage_limit_per_customer is not null
          or exists (select 1 from promotion_codes as c
            where c.promotion_id = promotions.id and c.usage_limit is not null))`,
  ),
)

/**
 * Locks promotions in the order of their ids and then runs `write`, which travels with the lock and
 * begins when all are held; sees to it that what it counts is not older than the lock. Under READ
 * COMMITTED that goes by itself. The snapshot of a SERIALIZABLE transaction may be older, and
 * PostgreSQL does not tell it of whoever is READ COMMITTED: there the lock fails (and all is tried
 * again) where terms changed since the snapshot, and those with limits are written as they are, so
 * that it fails likewise where somebody redeemed.
 */
export async function underLocks<T>(
  ctx: Context,
  promotions: readonly Id<'promotion'>[],
  write: () => Promise<T>,
): Promise<T> {
  const locking = lockRows(ctx, { promotions })
  const touching = touchLimited(ctx, { promotions })
  const writing = write()
  // The first that fails says why; those behind it only that the transaction is over.
  for (const one of [locking, touching, writing]) one.catch(() => {})
  await locking
  await touching
  return writing
}
