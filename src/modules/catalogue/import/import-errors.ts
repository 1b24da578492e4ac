import type { Id } from '#kit/ids'
import { insertRows } from '#platform/tables'
import { db } from '../tables.ts'
import type { Problem } from './cells.ts'

export const insertErrors = insertRows(db, 'import_errors')

/** A problem as the row that is kept of it. */
export const errorOf = (import_id: Id<'import'>, number: number, problem: Problem) => {
  const { line, column, code, message, value } = problem
  return { import_id, number, line, column_name: column, code, message, value }
}
