import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { warehouseErrors } from '../errors.ts'
import { db } from '../tables.ts'
import type { CycleCount } from './schemas.ts'
import type { countTables } from './tables.ts'

export type CountRow = Static<typeof countTables.cycle_counts>
export type LineRow = Static<typeof countTables.count_lines>

const countById = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('cycle_counts')
    .selectAll()
    .where('id', '=', p.id as Id<'cycle_count'>),
)

/** The count of this id; throws `count_not_found`. */
export async function findCount(ctx: Context, count: Id<'cycle_count'>): Promise<CountRow> {
  const row = await countById.first(ctx, { id: count })
  if (!row) throw warehouseErrors.count_not_found({ count })
  return row
}

/** The same, while nobody else can move it on. Before the levels: see the order of locks. */
export async function lockCount(ctx: Context, count: Id<'cycle_count'>): Promise<CountRow> {
  await lockEntity(ctx, 'cycle_count', count)
  return findCount(ctx, count)
}

/** Changes a count from what was read of it; its lock is held. */
export async function changeCount(
  ctx: Context,
  row: CountRow,
  changes: Partial<CountRow>,
): Promise<CountRow> {
  const fresh = { ...row, ...changes, version: row.version + 1, updated_at: ctx.now }
  const { id: _, created_at: __, number: ___, ...columns } = fresh
  const { numUpdatedRows } = await db(ctx)
    .updateTable('cycle_counts')
    .set(columns)
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) throw new TryAgain('someone else moved this count')
  return fresh
}

/** A count as it is answered. */
export function countOf(row: CountRow): CycleCount {
  const { recount_value_amount, currency, position: _, lines_count: lines, ...rest } = row
  const { lines_counted, lines_to_recount, lines_settled } = row
  return {
    ...rest,
    recount_value:
      recount_value_amount === null ? null : formatMoney(recount_value_amount, currency as string),
    currency,
    lines,
    lines_pending: lines - lines_counted - lines_to_recount - lines_settled,
  }
}
