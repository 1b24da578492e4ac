import { CsvError, type CsvRecord, readCsv } from '#kit/csv'
import type { Id } from '#kit/ids'
import { parseCurrency } from '#kit/money'
import type { Context } from '#platform/context'
import { importErrors } from '#platform/imports/errors'
import type { ImportKind, RowKeys } from '#platform/imports/kind'
import { errorOf, insertErrors } from '#platform/imports/problems'
import { db } from '#platform/imports/tables'
import type { ProcessContext } from '#platform/processes'
import { insertRows } from '#platform/tables'

/** A file may not be longer. */
export const BYTES_MAX = 1024 * 1024 * 1024
const BATCH = 1_000

export type ImportOptions = {
  dry_run?: boolean | undefined
  skip_invalid?: boolean | undefined
  file_name?: string | undefined
  fingerprint?: string | undefined
  /** Of rows that name none; the shop's own unless said. */
  currency?: string | undefined
}
type Source = AsyncIterable<Uint8Array>
export type Staging = {
  kind: ImportKind
  whenIn: (tx: Context, id: Id<'import'>) => Promise<void>
  onRows?: (rows: number, bytes: number) => void
}

/**
 * Takes a file in as it arrives, a thousand rows at a time, and keeps its rows as they are. What
 * comes faster than the database takes it waits. A file that is no CSV or has unknown columns is
 * refused; `whenIn` is done in the transaction that says that all rows are in.
 */
export async function stageImport(
  ctx: ProcessContext,
  source: Source,
  options: ImportOptions,
  { kind, whenIn, onRows }: Staging,
): Promise<Id<'import'>> {
  const measured = new Measured(source)
  const records = readCsv(measured)
  const columns = await headerOf(records, kind)
  const id = await ctx.transaction(
    (tx) => openImport(tx, { kind, columns, options }),
    'read committed',
  )
  const stager = new Stager(id, columns, kind)
  try {
    for await (const record of records) {
      stager.add(record)
      if (stager.isFull) {
        await ctx.transaction((tx) => stager.write(tx, measured.bytes), 'read committed')
        stager.forget()
        onRows?.(stager.rows, measured.bytes)
      }
    }
    await ctx.transaction(async (tx) => {
      await stager.write(tx, measured.bytes)
      await concludeReading(tx, id)
      await whenIn(tx, id)
    }, 'read committed')
  } catch (error) {
    await ctx.transaction((tx) => refuseReading(tx, id, problemOf(error)), 'read committed')
    throw error instanceof CsvError ? importErrors.unreadable({ problem: error.message }) : error
  }
  return id
}

const problemOf = (error: unknown): string =>
  error instanceof Error ? error.message.slice(0, 500) : String(error)

/** Counts what passes, and ends what is too much. */
class Measured implements AsyncIterable<Uint8Array> {
  readonly #source: Source
  bytes = 0
  constructor(source: Source) {
    this.#source = source
  }
  async *[Symbol.asyncIterator]() {
    for await (const piece of this.#source) {
      this.bytes += piece.length
      if (this.bytes > BYTES_MAX) throw importErrors.too_large({ bytes: BYTES_MAX })
      yield piece
    }
  }
}

async function headerOf(records: AsyncGenerator<CsvRecord>, kind: ImportKind): Promise<string[]> {
  try {
    const first = await records.next()
    if (first.done) throw importErrors.unreadable({ problem: 'The file is empty.' })
    return kind.readHeader(first.value.cells)
  } catch (error) {
    if (error instanceof CsvError) throw importErrors.unreadable({ problem: error.message })
    throw error
  }
}

type Opening = { kind: ImportKind; columns: readonly string[]; options: ImportOptions }

async function openImport(
  ctx: Context,
  { kind, columns, options }: Opening,
): Promise<Id<'import'>> {
  const { dry_run, skip_invalid, file_name, fingerprint, currency } = options
  const id = ctx.newId('import')
  await db(ctx)
    .insertInto('imports')
    .values({
      id,
      kind: kind.name,
      status: 'reading',
      dry_run: dry_run ?? false,
      skip_invalid: skip_invalid ?? false,
      file_name: file_name ?? null,
      fingerprint: fingerprint ?? null,
      currency: parseCurrency(currency ?? ctx.settings.default_currency),
      columns: [...columns],
      ...NOTHING_YET,
      actor: ctx.actor.id,
      phase_at: ctx.now,
      created_at: ctx.now,
      updated_at: ctx.now,
    })
    .execute()
  return id
}

const NOTHING_YET = {
  bytes_read: 0,
  rows_read: 0,
  rows_checked: 0,
  rows_invalid: 0,
  rows_applied: 0,
  products_created: 0,
  products_updated: 0,
  levels_changed: 0,
  errors_count: 0,
  position: 0,
  problem: null,
  finished_at: null,
}

type Row = RowKeys & {
  import_id: Id<'import'>
  group_no: number
  line: number
  cells: string[]
  is_valid: boolean
}

const insertStaged = insertRows(db, 'import_rows')

/** Numbers the groups and gathers rows. */
class Stager {
  readonly #id: Id<'import'>
  readonly #kind: ImportKind
  readonly #keysOf: (cells: readonly string[]) => RowKeys
  readonly #columns: number
  #batch: Row[] = []
  #wrong: { line: number; message: string }[] = []
  #group_no = 0
  #group_key = ''
  #rowsOfGroup = 0
  #errors = 0
  rows = 0

  constructor(id: Id<'import'>, columns: readonly string[], kind: ImportKind) {
    this.#id = id
    this.#kind = kind
    this.#keysOf = kind.keysOf(columns)
    this.#columns = columns.length
  }

  get isFull(): boolean {
    return this.#batch.length >= BATCH
  }

  add({ line, cells }: CsvRecord): void {
    const keys = this.#keysOf(cells)
    const { group_key } = keys
    const isNext = this.#group_no === 0 || group_key === '' || group_key !== this.#group_key
    if (isNext) {
      this.#group_no++
      this.#group_key = group_key
      this.#rowsOfGroup = 0
    }
    this.#rowsOfGroup++
    this.rows++
    const surplus = cells.slice(this.#columns).some((cell) => cell.trim() !== '')
    const { rows_max, one } = this.#kind.group
    const message = surplus
      ? `has ${cells.length} cells, but there are ${this.#columns} columns`
      : this.#rowsOfGroup > rows_max
        ? `is ${one(this.#rowsOfGroup)}; ${rows_max} is the most`
        : undefined
    if (message) this.#wrong.push({ line, message })
    this.#batch.push({
      import_id: this.#id,
      group_no: this.#group_no,
      line,
      ...keys,
      cells: cells.slice(0, this.#columns),
      is_valid: message === undefined,
    })
  }

  /** Writes what has gathered; throws `unreadable` if someone has cancelled the import. */
  async write(ctx: Context, bytes_read: number): Promise<void> {
    const [rows, wrong] = [this.#batch, this.#wrong]
    if (rows.length > 0) await insertStaged.run(ctx, { rows })
    const errors = wrong.map(({ line, message }, nth) => {
      const problem = { line, column: null, code: 'ROW_WRONG', message, value: null }
      return errorOf(this.#id, this.#errors + nth + 1, problem)
    })
    if (errors.length > 0) await insertErrors.run(ctx, { rows: errors })
    const { numUpdatedRows } = await db(ctx)
      .updateTable('imports')
      .set((eb) => ({
        rows_read: eb('rows_read', '+', rows.length),
        errors_count: eb('errors_count', '+', errors.length),
        bytes_read,
        updated_at: ctx.now,
      }))
      .where('id', '=', this.#id)
      .where('status', '=', 'reading')
      .executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n) throw importErrors.unreadable({ problem: 'It was cancelled.' })
  }

  /** Once they are committed, and not before: a transaction may be run again. */
  forget(): void {
    this.#errors += this.#wrong.length
    this.#batch = []
    this.#wrong = []
  }
}

async function concludeReading(ctx: Context, id: Id<'import'>): Promise<void> {
  await db(ctx)
    .updateTable('imports')
    .set({ status: 'checking', phase_at: ctx.now, updated_at: ctx.now })
    .where('id', '=', id)
    .where('status', '=', 'reading')
    .execute()
}

async function refuseReading(ctx: Context, id: Id<'import'>, problem: string): Promise<void> {
  await db(ctx)
    .updateTable('imports')
    .set({ status: 'refused', problem, finished_at: ctx.now, updated_at: ctx.now })
    .where('id', '=', id)
    .where('status', '=', 'reading')
    .execute()
}
