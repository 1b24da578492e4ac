import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import type { Problem } from '#platform/imports/cells'
import { definePort } from '#platform/ports'

/** A row as it waits: its cells stand in the order of the file's columns. */
export type StagedRow = {
  group_no: number
  line: number
  group_key: string
  row_key: string
  cells: string[]
}

/** What tells rows apart, for looking up others of the same file. */
export type RowKeys = { group_key: string; row_key: string; other_key: string | null }

/** As much of an import as its rows are read by. */
export type ImportedFile = { id: Id<'import'>; columns: string[]; currency: string }

/** What a batch has done. */
export type Done = Partial<
  Record<'products_created' | 'products_updated' | 'levels_changed', number>
>

export type Judged = {
  problems: readonly Problem[]
  /** The groups that have a problem. */
  invalid: Set<number>
  /** Writes what the others say. */
  apply: () => Promise<Done>
}

/** What a module says of the files that it takes in; the rest is the same for all. */
export type ImportKind = {
  /** `products`: what its rows are called, and its template. */
  name: string
  /** Where its files come in. */
  path: string
  /** The name of its job. */
  job: string
  /** The columns that a first line names, as we call them. Throws `wrong_columns`. */
  readHeader: (cells: readonly string[]) => string[]
  keysOf: (columns: readonly string[]) => (cells: readonly string[]) => RowKeys
  group: {
    /** A group with more rows is refused. */
    rows_max: number
    /** What the row of this number in its group is called: «variant 3 of its product». */
    one: (nth: number) => string
  }
  /** The tables that a large file fills: their statistics are renewed while it does. */
  grows: readonly string[]
  /** A file with a line that shows how. */
  template: () => string
  /**
   * Compares whole groups with what is there and with the rest of the file; the same for a dry run
   * and before writing. A fixed number of statements.
   */
  judge: (ctx: Context, file: ImportedFile, rows: readonly StagedRow[]) => Promise<Judged>
}

/** All kinds of files that the house takes in. */
export const importKinds = definePort<readonly ImportKind[]>('kinds of imports')

/** The kind of this name. */
export function kindOf(ctx: Pick<Context, 'process'>, name: string): ImportKind {
  const kind = importKinds.of(ctx).find((one) => one.name === name)
  if (!kind) throw new Error(`nobody imports ${name}`)
  return kind
}
