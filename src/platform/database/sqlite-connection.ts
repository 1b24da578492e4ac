import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { Kysely } from 'kysely'
import type { Result, Session, Statement } from '#platform/database/database'
import { kyselyOn } from '#platform/database/dialect'
import { QueryStats } from '#platform/database/query-stats'
import { readBackOf } from '#platform/database/read-back'
import { spellOut } from '#platform/database/spell-out'

type Prepared = {
  statement: StatementSync
  /** What makes rows of its answer, if it has one. */
  read: ((rows: unknown[][]) => unknown[]) | undefined
}

type Kept = Prepared & {
  /** Whether it may write; said of more statements than do. */
  writes: boolean
  /** Answers instead, given the rowid that was inserted. */
  readBack: Prepared | undefined
}

const STATEMENTS_MAX = 500
/** A statement that answers rows and writes: `insert … returning`, also behind a `with`. */
const WRITES = /\b(insert|update|delete|replace|pragma)\b/i
/**
 * SQLite plans with the value of a bare `limit ?` in mind, and so compiles the statement anew
 * whenever a value is bound: that costs more than to run it. It does not look into an expression.
 */
const PLANNED_LIMIT = /\blimit \?/gi

/** One SQLite connection: prepares each SQL text once and reads rows by their declared types. */
export class SqliteConnection implements Session {
  readonly engine = 'sqlite'
  readonly pipelines = false
  readonly sqlite: DatabaseSync
  readonly kysely: Kysely<never>
  readonly #kept = new Map<string, Kept>()
  readonly #queries: QueryStats
  #writes = 0

  constructor(path: string, pragmas: readonly string[], queries = new QueryStats()) {
    this.#queries = queries
    this.sqlite = new DatabaseSync(path, { timeout: 5000 })
    for (const pragma of pragmas) this.sqlite.exec(`pragma ${pragma}`)
    this.kysely = kyselyOn('sqlite', () => this)
  }

  async run<R>(statement: Statement): Promise<Result<R>> {
    return this.runNow<R>(statement)
  }

  runNow<R>(statement: Statement): Result<R> {
    const started = performance.now()
    try {
      return this.#run<R>(statement)
    } catch (error) {
      this.#queries.errors++
      throw error
    } finally {
      this.#queries.ended(started)
    }
  }

  /** SQLite answers at once, so a failure is thrown here and need not wait for the commit. */
  send(statement: Statement): void {
    this.runNow(statement)
  }

  /** How many statements that may write were run. */
  get writes(): number {
    return this.#writes
  }

  #run<R>({ sql, parameters, each }: Statement): Result<R> {
    const kept = this.#keep(sql)
    if (kept.writes) this.#writes++
    if (!each) return runOnce(kept, parameters)
    const all: Result<R> = { rows: [], affected: 0 }
    for (const values of each) {
      const { rows, affected } = runOnce<R>(kept, values)
      all.affected += affected
      if (rows.length > 0) all.rows.push(...rows)
    }
    return all
  }

  close(): void {
    this.#kept.clear()
    this.sqlite.close()
  }

  #keep(sql: string): Kept {
    const kept = this.#kept.get(sql)
    if (kept) return kept
    const fresh = this.#prepareBoth(sql)
    if (this.#kept.size >= STATEMENTS_MAX) {
      const oldest = this.#kept.keys().next().value
      if (oldest !== undefined) this.#kept.delete(oldest)
    }
    this.#kept.set(sql, fresh)
    return fresh
  }

  #prepareBoth(sql: string): Kept {
    const both = readBackOf(sql)
    const readBack = both && this.#prepareByRowid(both.query)
    if (readBack) return { ...this.#prepare(both.insert), writes: true, readBack }
    const text = spellOut(sql).replace(PLANNED_LIMIT, 'limit cast(? as integer)')
    const prepared = this.#prepare(text)
    return { ...prepared, writes: !prepared.read || WRITES.test(sql), readBack: undefined }
  }

  #prepare(text: string): Prepared {
    const statement = this.sqlite.prepare(text)
    const columns = statement.columns()
    if (columns.length === 0) return { statement, read: undefined }
    statement.setReturnArrays(true)
    return { statement, read: rowReader(columns) }
  }

  /** Nothing for a table `without rowid`. */
  #prepareByRowid(query: string): Prepared | undefined {
    try {
      return this.#prepare(query)
    } catch {
      return undefined
    }
  }
}

function runOnce<R>(kept: Kept, parameters: readonly unknown[]): Result<R> {
  const values = new Array<SQLInputValue>(parameters.length)
  for (let nth = 0; nth < values.length; nth++) values[nth] = toSqlite(parameters[nth])
  const { readBack } = kept
  if (kept.read) return readAll(kept, values)
  const { changes, lastInsertRowid } = kept.statement.run(...values)
  if (readBack && changes > 0) return readAll(readBack, [lastInsertRowid])
  return { rows: [], affected: Number(changes) }
}

function readAll<R>({ statement, read }: Prepared, values: SQLInputValue[]): Result<R> {
  const answer = statement.all(...values) as unknown as unknown[][]
  const rows = (read ? read(answer) : answer) as R[]
  return { rows, affected: rows.length }
}

function toSqlite(value: unknown): SQLInputValue {
  if (value === undefined) return null
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    return JSON.stringify(value)
  }
  return value as SQLInputValue
}

/**
 * Makes the function that turns value arrays into rows, converting what SQLite has no type for.
 * It is compiled, because rows built by a literal are twice as fast as rows built by a loop: on a
 * list of products that is a quarter of the whole request. Names come from our own SQL, quoted.
 */
function rowReader(columns: { name: string; type: string | null }[]) {
  const fields = columns.map(({ name, type }, index) => {
    const value = `row[${index}]`
    return `${JSON.stringify(name)}: ${convert(type?.toLowerCase(), value)}`
  })
  return new Function(
    'rows',
    `for (let i = 0; i < rows.length; i++) { const row = rows[i]; rows[i] = { ${fields.join(', ')} } }; return rows`,
  ) as (rows: unknown[][]) => unknown[]
}

function convert(type: string | undefined, value: string): string {
  if (type === 'boolean') return `${value} === null ? null : ${value} === 1`
  if (type === 'json_text') return `${value} === null ? null : JSON.parse(${value})`
  return value
}
