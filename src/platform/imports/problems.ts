import type { Id } from '#kit/ids'
import type { Problem } from '#platform/imports/cells'
import { db } from '#platform/imports/tables'
import { insertRows } from '#platform/tables'

export const insertErrors = insertRows(db, 'import_errors')

/** A problem as the row that is kept of it. */
export const errorOf = (import_id: Id<'import'>, number: number, problem: Problem) => {
  const { line, column, code, message, value } = problem
  return { import_id, number, line, column_name: column, code, message, value }
}
