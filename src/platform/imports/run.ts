import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { renewStatistics } from '#platform/database/renew-statistics'
import { isOneOf } from '#platform/database/rowset'
import { emit } from '#platform/events'
import type { Problem } from '#platform/imports/cells'
import { importErrors } from '#platform/imports/errors'
import { importEvents } from '#platform/imports/events'
import { kindOf } from '#platform/imports/kind'
import { ENDED, type ImportStatus } from '#platform/imports/lifecycle'
import { errorOf, insertErrors } from '#platform/imports/problems'
import { db } from '#platform/imports/tables'
import type { ProcessContext } from '#platform/processes'

/** Rows of one transaction: few, because on SQLite the shop waits for it. */
const ROWS_CHECKED = 1_000
const ROWS_APPLIED = 500

/** What an import may fill from nothing; looked at anew each time it has doubled. */
const OWN_TABLES = Object.keys(db.tables)

export type ImportRow = Awaited<ReturnType<typeof findImport>>
type Until = { isOver?: () => boolean; onBatch?: (row: ImportRow) => void }

/** The import of this id; throws `not_found`. */
export async function findImport(ctx: Context, import_id: string) {
  const row = await importById.first(ctx, { id: import_id })
  if (!row) throw importErrors.not_found({ import_id })
  return row
}
const importById = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('imports')
    .selectAll()
    .where('id', '=', p.id as never),
)

/**
 * Checks and applies an import whose rows are in, batch by batch, until it has ended or `isOver`.
 * Each batch is one transaction that also moves the import on and deletes the rows it has applied:
 * so whoever takes it up after a crash goes on behind the last commit, and of two who work on it at
 * once, one does each batch. A batch that breaks makes it `failed`. Answers where it stands.
 */
export async function runImport(
  ctx: ProcessContext,
  id: Id<'import'>,
  { isOver = () => false, onBatch }: Until = {},
): Promise<ImportRow> {
  let grown = 0
  for (;;) {
    const row = await advance(ctx, id)
    onBatch?.(row)
    if (row.rows_applied >= Math.max(ROWS_APPLIED, 2 * grown)) {
      grown = row.rows_applied
      const growing = [...OWN_TABLES, ...kindOf(ctx, row.kind).grows]
      await ctx.transaction((tx) => renewStatistics(tx, growing), 'read committed')
    }
    if (ENDED.includes(row.status) || row.status === 'reading' || isOver()) return row
  }
}

async function advance(ctx: ProcessContext, id: Id<'import'>): Promise<ImportRow> {
  try {
    return await ctx.transaction((tx) => doBatch(tx, id))
  } catch (error) {
    // Of a database that is away we shall hear again; a fault of ours would come every time.
    if ((error as { status?: number }).status === 503) throw error
    ctx.log.error({ err: error, import_id: id }, 'an import failed')
    const problem = error instanceof Error ? error.message.slice(0, 500) : String(error)
    return ctx.transaction(async (tx) => {
      const row = await findImport(tx, id)
      if (row.status !== 'checking' && row.status !== 'applying') return row
      await move(tx, row, { status: 'failed', problem })
      return findImport(tx, id)
    })
  }
}

async function doBatch(ctx: Context, id: Id<'import'>): Promise<ImportRow> {
  await lockEntity(ctx, 'import', (await findImport(ctx, id)).kind)
  const row = await findImport(ctx, id)
  if (row.status === 'checking') await checkBatch(ctx, row)
  else if (row.status === 'applying') await applyBatch(ctx, row)
  return findImport(ctx, id)
}

const rowsAfter = prepared(db, (open, p: { id: string; position: number; limit: number }) =>
  open
    .selectFrom('import_rows')
    .select(['group_no', 'line', 'group_key', 'row_key', 'cells', 'is_valid'])
    .where('import_id', '=', p.id as never)
    .where('group_no', '>', p.position)
    .orderBy('group_no')
    .orderBy('line')
    .limit(p.limit),
)

/** The next rows, whole groups only. */
async function nextRows(ctx: Context, { id, position }: ImportRow, limit: number) {
  const rows = await rowsAfter(ctx, { id, position, limit })
  if (rows.length < limit) return rows
  const last = rows.at(-1)?.group_no
  const whole = rows.filter(({ group_no }) => group_no !== last)
  // A group that fills a batch alone has been refused while it was read.
  return whole.length > 0 ? whole : rows
}

async function checkBatch(ctx: Context, row: ImportRow): Promise<void> {
  const rows = await nextRows(ctx, row, ROWS_CHECKED)
  if (rows.length === 0) return endChecking(ctx, row)
  const { problems, invalid } = await kindOf(ctx, row.kind).judge(ctx, row, rows)
  for (const { group_no, is_valid } of rows) if (!is_valid) invalid.add(group_no)
  const wrong = rows.filter(({ group_no }) => invalid.has(group_no))
  if (invalid.size > 0) await markInvalid.run(ctx, { id: row.id, nos: [...invalid] })
  await keepErrors(ctx, row, problems)
  await move(ctx, row, {
    position: rows.at(-1)?.group_no ?? row.position,
    rows_checked: row.rows_checked + rows.length,
    rows_invalid: row.rows_invalid + wrong.length,
    errors_count: row.errors_count + problems.length,
  })
}

const markInvalid = prepared(db, (open, p: { id: string; nos: readonly number[] }, engine) =>
  open
    .updateTable('import_rows')
    .set({ is_valid: false })
    .where('import_id', '=', p.id as never)
    .where(isOneOf(engine, 'group_no', { values: p.nos, kind: 'bigint' })),
)

async function keepErrors(ctx: Context, row: ImportRow, problems: readonly Problem[]) {
  const place = ({ column }: Problem) => (column === null ? -1 : row.columns.indexOf(column))
  const inOrder = problems.toSorted((a, b) => a.line - b.line || place(a) - place(b))
  const rows = inOrder.map((problem, nth) => errorOf(row.id, row.errors_count + nth + 1, problem))
  if (rows.length > 0) await insertErrors.run(ctx, { rows })
}

async function endChecking(ctx: Context, row: ImportRow): Promise<void> {
  const { dry_run, skip_invalid, errors_count } = row
  const status = dry_run
    ? 'checked'
    : errors_count > 0 && !skip_invalid
      ? 'refused'
      : ('applying' as const)
  await move(ctx, row, { status, position: 0 })
}

async function applyBatch(ctx: Context, row: ImportRow): Promise<void> {
  const rows = await nextRows(ctx, row, ROWS_APPLIED)
  if (rows.length === 0) {
    await move(ctx, row, { status: 'done' })
    const { id: import_id, kind, rows_applied } = row
    const { products_created, products_updated, levels_changed } = row
    const counts = { rows_applied, products_created, products_updated, levels_changed }
    emit(ctx, importEvents.finished({ import_id, kind, ...counts }))
    return
  }
  const position = rows.at(-1)?.group_no ?? row.position
  const sound = rows.filter(({ is_valid }) => is_valid)
  // Once more: since the check, what rows are compared with may have changed.
  const { problems, invalid, apply } = await kindOf(ctx, row.kind).judge(ctx, row, sound)
  const done = await apply()
  await keepErrors(ctx, row, problems)
  await deleteRows.run(ctx, { id: row.id, position })
  const wrong = sound.filter(({ group_no }) => invalid.has(group_no)).length
  await move(ctx, row, {
    position,
    rows_applied: row.rows_applied + sound.length - wrong,
    rows_invalid: row.rows_invalid + wrong,
    errors_count: row.errors_count + problems.length,
    products_created: row.products_created + (done.products_created ?? 0),
    products_updated: row.products_updated + (done.products_updated ?? 0),
    levels_changed: row.levels_changed + (done.levels_changed ?? 0),
  })
}

const deleteRows = prepared(db, (open, p: { id: string; position: number }) =>
  open
    .deleteFrom('import_rows')
    .where('import_id', '=', p.id as never)
    .where('group_no', '<=', p.position),
)

type Moved = Partial<Omit<ImportRow, 'id' | 'columns'>> & { status?: ImportStatus }

/**
 * Moves an import on from what was read of it. If someone else has moved it, the batch begins
 * anew.
 */
export async function move(ctx: Context, row: ImportRow, changes: Moved): Promise<void> {
  const isNew = changes.status !== undefined && changes.status !== row.status
  const hasEnded = isNew && ENDED.includes(changes.status as ImportStatus)
  const { numUpdatedRows } = await db(ctx)
    .updateTable('imports')
    .set({
      ...changes,
      ...(isNew && { phase_at: ctx.now, finished_at: hasEnded ? ctx.now : null }),
      updated_at: ctx.now,
    })
    .where('id', '=', row.id)
    .where('status', '=', row.status)
    .where('position', '=', row.position)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) throw new TryAgain('someone else moved this import')
}
