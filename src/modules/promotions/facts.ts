import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { insertRows } from '#platform/tables'
import { db } from './tables.ts'
import type { CurrencyTerms, TargetRow } from './terms.ts'

type Many = { promotions: readonly Id<'promotion'>[] }

/** The amounts of some promotions, by currency. */
export const amountsOf = prepared(db, (open, p: Many, engine) =>
  open
    .selectFrom('promotion_amounts')
    .selectAll()
    .where('promotion_id', 'in', listOf(engine, p.promotions, 'uuid'))
    .orderBy('promotion_id')
    .orderBy('currency'),
)

/** Whom and what some promotions are for. */
export const targetsOf = prepared(db, (open, p: Many, engine) =>
  open
    .selectFrom('promotion_targets')
    .selectAll()
    .where('promotion_id', 'in', listOf(engine, p.promotions, 'uuid'))
    .orderBy('promotion_id')
    .orderBy('target_id'),
)

const insertAmounts = insertRows(db, 'promotion_amounts')
const insertTargets = insertRows(db, 'promotion_targets')

type Facts = { amounts: readonly CurrencyTerms[]; targets: readonly TargetRow[] }

/** Writes a promotion's amounts and targets in place of those it had. */
export async function putFacts(
  ctx: Context,
  promotion_id: Id<'promotion'>,
  { amounts, targets }: Facts,
): Promise<void> {
  for (const table of ['promotion_amounts', 'promotion_targets'] as const) {
    await db(ctx).deleteFrom(table).where('promotion_id', '=', promotion_id).execute()
  }
  if (amounts.length > 0) {
    await insertAmounts(ctx, { rows: amounts.map((row) => ({ promotion_id, ...row })) })
  }
  if (targets.length > 0) {
    await insertTargets(ctx, { rows: targets.map((row) => ({ promotion_id, ...row })) })
  }
}
