import { sql } from 'kysely'
import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById, pageByNumber } from '#platform/database/list-pages'
import { findImport, type ImportRow } from '#platform/imports/run'
import type { GetImport, Import, ListImportErrors, ListImports } from '#platform/imports/schemas'
import { db } from '#platform/imports/tables'

/** How far an import is. */
export const getImport = async (ctx: Context, { id }: GetImport): Promise<Import> =>
  importOf(await findImport(ctx, id), ctx.now)

/** An import as it is told at `now`. */
export function importOf(row: ImportRow, now: string): Import {
  const { errors_count, rows_checked, rows_invalid, rows_read } = row
  const { id, kind, status, dry_run, skip_invalid, file_name, bytes_read } = row
  const { rows_applied, products_created, products_updated, levels_changed } = row
  return {
    id,
    kind,
    status,
    dry_run,
    skip_invalid,
    file_name,
    bytes_read,
    rows_read,
    rows_checked,
    rows_valid: Math.max(0, rows_checked - rows_invalid),
    rows_invalid,
    rows_applied,
    products_created,
    products_updated,
    levels_changed,
    errors: errors_count,
    ...paceOf(row, now),
    problem: row.problem,
    created_at: row.created_at,
    finished_at: row.finished_at,
  }
}

function paceOf(row: ImportRow, now: string) {
  const { status, rows_read, rows_checked, rows_invalid, rows_applied } = row
  const done = { reading: rows_read, checking: rows_checked, applying: rows_applied }[
    status as 'reading'
  ]
  const seconds = (Date.parse(now) - Date.parse(row.phase_at)) / 1000
  if (done === undefined || done === 0 || seconds <= 0) {
    return { rows_per_second: null, seconds_left: null }
  }
  const pace = done / seconds
  const all = status === 'applying' ? rows_checked - rows_invalid : rows_read
  return {
    rows_per_second: Math.round(pace * 10) / 10,
    // Nobody knows how much of a file is still to come.
    seconds_left: status === 'reading' ? null : Math.max(0, Math.ceil((all - done) / pace)),
  }
}

/** Imports, newest first. */
export async function listImports(ctx: Context, query: ListImports): Promise<Page<Import>> {
  return pageById(ctx, query, {
    name: '-id',
    rows: db(ctx).selectFrom('imports').selectAll(),
    tell: (rows) => rows.map((row) => importOf(row, ctx.now)),
  })
}

/** What is wrong with the rows of an import, in the order of the file. */
export async function listImportErrors(ctx: Context, query: ListImportErrors) {
  const { id } = await findImport(ctx, query.id)
  return pageByNumber(ctx, query, {
    name: 'number',
    number: 'number',
    order: 'oldest first',
    rows: db(ctx).selectFrom('import_errors').where('import_id', '=', id).selectAll(),
    tell: (rows) =>
      rows.map(({ line, column_name: column, code, message, value }) => ({
        line,
        column,
        code,
        message,
        value,
      })),
  })
}

const ERRORS_AT_ONCE = 1_000

/** The next errors behind a number, for a file of them. */
export const errorsAfter = (ctx: Context, { id, after }: { id: string; after: number }) =>
  db(ctx)
    .selectFrom('import_errors')
    .select(['number', 'line', 'column_name', 'code', 'message', 'value'])
    .where('import_id', '=', id as never)
    .where('number', '>', after)
    .orderBy('number')
    .limit(ERRORS_AT_ONCE)
    .execute()

/** The newest import of a file, for `--resume`. */
export const importOfFile = (ctx: Context, kind: string, fingerprint: string) =>
  db(ctx)
    .selectFrom('imports')
    .selectAll()
    .where('fingerprint', '=', fingerprint)
    .where('kind', '=', kind)
    .where(sql<boolean>`not dry_run`)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
