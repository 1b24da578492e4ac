import type { Id } from '#kit/ids'
import { STOCK_TABLES } from '#modules/inventory'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { renewStatistics } from '#platform/database/renew-statistics'
import { isOneOf } from '#platform/database/rowset'
import { emit } from '#platform/events'
import type { ProcessContext } from '#platform/processes'
import { db } from '../tables.ts'
import { applyPlans } from './apply.ts'
import type { Problem } from './cells.ts'
import { checkRows } from './check.ts'
import { importErrors } from './errors.ts'
import { importEvents } from './events.ts'
import { errorOf, insertErrors } from './import-errors.ts'
import { ENDED, type ImportStatus } from './lifecycle.ts'

/** Rows of one transaction: few, because on SQLite the shop waits for it. */
const ROWS_CHECKED = 1_000
const ROWS_APPLIED = 500

/** What an import may fill from nothing; looked at anew each time it has doubled. */
const GROWING = [...Object.keys(db.tables), ...STOCK_TABLES]

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
      await ctx.transaction((tx) => renewStatistics(tx, GROWING), 'read committed')
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
  await lockEntity(ctx, 'import', 'products')
  const row = await findImport(ctx, id)
  if (row.status === 'checking') await checkBatch(ctx, row)
  else if (row.status === 'applying') await applyBatch(ctx, row)
  return findImport(ctx, id)
}

const rowsAfter = prepared(db, (open, p: { id: string; position: number; limit: number }) =>
  open
    .selectFrom('import_rows')
    .select(['product_no', 'line', 'product_key', 'variant_key', 'cells', 'is_valid'])
    .where('import_id', '=', p.id as never)
    .where('product_no', '>', p.position)
    .orderBy('product_no')
    .orderBy('line')
    .limit(p.limit),
)

/** The next rows, whole products only. */
async function nextRows(ctx: Context, { id, position }: ImportRow, limit: number) {
  const rows = await rowsAfter(ctx, { id, position, limit })
  if (rows.length < limit) return rows
  const last = rows.at(-1)?.product_no
  const whole = rows.filter(({ product_no }) => product_no !== last)
  // A product that fills a batch alone has been refused while it was read.
  return whole.length > 0 ? whole : rows
}

async function checkBatch(ctx: Context, row: ImportRow): Promise<void> {
  const rows = await nextRows(ctx, row, ROWS_CHECKED)
  if (rows.length === 0) return endChecking(ctx, row)
  const { problems, invalid } = await checkRows(ctx, row, rows)
  for (const { product_no, is_valid } of rows) if (!is_valid) invalid.add(product_no)
  const wrong = rows.filter(({ product_no }) => invalid.has(product_no))
  if (invalid.size > 0) await markInvalid.run(ctx, { id: row.id, nos: [...invalid] })
  await keepErrors(ctx, row, problems)
  await move(ctx, row, {
    position: rows.at(-1)?.product_no ?? row.position,
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
    .where(isOneOf(engine, 'product_no', { values: p.nos, kind: 'bigint' })),
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
    const { id: import_id, rows_applied, products_created, products_updated } = row
    const counts = { rows_applied, products_created, products_updated }
    emit(ctx, importEvents.finished({ import_id, ...counts }))
    return
  }
  const position = rows.at(-1)?.product_no ?? row.position
  const sound = rows.filter(({ is_valid }) => is_valid)
  // Once more: since the check, the catalogue may have changed.
  const { plans, problems, invalid } = await checkRows(ctx, row, sound)
  const { created, updated } = await applyPlans(ctx, row.id, plans)
  await keepErrors(ctx, row, problems)
  await deleteRows.run(ctx, { id: row.id, position })
  const wrong = sound.filter(({ product_no }) => invalid.has(product_no)).length
  await move(ctx, row, {
    position,
    rows_applied: row.rows_applied + sound.length - wrong,
    rows_invalid: row.rows_invalid + wrong,
    errors_count: row.errors_count + problems.length,
    products_created: row.products_created + created,
    products_updated: row.products_updated + updated,
  })
}

const deleteRows = prepared(db, (open, p: { id: string; position: number }) =>
  open
    .deleteFrom('import_rows')
    .where('import_id', '=', p.id as never)
    .where('product_no', '<=', p.position),
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
