import { type SelectQueryBuilder, sql } from 'kysely'
import { TOTAL_EXACT_MAX } from '#kit/pages'
import type { Context } from '#platform/context'

/**
 * How many rows a list has: exact up to `TOTAL_EXACT_MAX`, then that number marked as an estimate,
 * so that a list of millions costs what a list of a thousand costs.
 */
export async function countUpTo<DB, TB extends keyof DB, O>(
  ctx: Context,
  rows: SelectQueryBuilder<DB, TB, O>,
): Promise<{ total: number; total_is_estimate: boolean }> {
  const some = rows
    .clearSelect()
    .clearOrderBy()
    .select(sql.lit(1).as('n'))
    .limit(TOTAL_EXACT_MAX + 1)
  const counted = sql<{ total: number }>`select count(*) as total from (${some}) as counted`
  const { rows: found } = await ctx.session.run<{ total: number }>(
    counted.compile(ctx.session.kysely),
  )
  const total = found[0]?.total ?? 0
  if (total <= TOTAL_EXACT_MAX) return { total, total_is_estimate: false }
  return { total: TOTAL_EXACT_MAX, total_is_estimate: true }
}
