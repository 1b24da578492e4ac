import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { updateEach } from '#platform/database/each-row'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { warehouseErrors } from '../errors.ts'
import { db } from '../tables.ts'
import type { LineRow } from './find-count.ts'

const linesById = prepared(db, (open, p: { count_id: string; ids: readonly string[] }, engine) =>
  open
    .selectFrom('count_lines')
    .selectAll()
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' }))
    .where('count_id', '=', p.count_id as Id<'cycle_count'>),
)

/** These lines of a count, by id; throws `count_line_not_found`. */
export async function findLines(
  ctx: Context,
  count_id: Id<'cycle_count'>,
  ids: readonly Id<'count_line'>[],
): Promise<Map<Id<'count_line'>, LineRow>> {
  const rows = await linesById(ctx, { count_id, ids })
  const found = new Map(rows.map((row) => [row.id, row]))
  const line = ids.find((id) => !found.has(id))
  if (line) throw warehouseErrors.count_line_not_found({ line })
  return found
}

type Changed = Omit<
  LineRow,
  'count_id' | 'number' | 'item_id' | 'sku' | 'location_id' | 'bin_id' | 'lot_id' | 'spot'
>

const KINDS = {
  id: 'uuid',
  status: 'text',
  expected_quantity: 'bigint',
  counted_quantity: 'bigint',
  counted_sequence: 'bigint',
  counted_serials: 'json',
  missing_serials: 'json',
  counted_by: 'text',
  counted_at: 'timestamptz',
  times_counted: 'bigint',
  adjusted_quantity: 'bigint',
  posted_sequence: 'bigint',
  problem: 'text',
  updated_at: 'timestamptz',
} as const

// The count's lock is held, so nobody else changes its lines.
const updateLines = updateEach<Changed, unknown>(db as never, KINDS as never, {
  table: 'count_lines',
  key: ['id'],
  set: ({ id: _, ...row }) => row as never,
  where: () => sql`count_lines.status not in ('posted', 'superseded', 'skipped')`,
})

/** Writes lines as they are to be; none of them may be settled. */
export async function changeLines(ctx: Context, lines: readonly LineRow[]): Promise<void> {
  if (lines.length === 0) return
  const rows = lines.map((line) => {
    const own = line as unknown as Record<string, unknown>
    const changed = Object.fromEntries(Object.keys(KINDS).map((name) => [name, own[name] ?? null]))
    return { ...changed, updated_at: ctx.now } as unknown as Changed
  })
  const { affected } = await updateLines.run(ctx, { rows })
  if (affected !== rows.length) throw new TryAgain('a line of this count was settled meanwhile')
}
