import { StatementSync } from 'node:sqlite'
import pg from 'pg'
import type { Engine } from '#platform/database/database'

/**
 * `statements` leaves out begin, commit, savepoints, and what is not asked for one request: SQLite
 * tells its own count of commits once a millisecond and the length of its log once a commit of a
 * whole crowd. An insert that answers is one statement, though SQLite is told to insert and to read
 * back. `waits` counts round trips.
 */
export type Count = { statements: string[]; waits: number }

let counting: Count | undefined
const FRAME =
  /^\s*(begin|commit|rollback|savepoint|release|start transaction|pragma (data_v|wal_check))/i
const READ_BACK = /^select .* where rowid = \?$/i

/** What reaches the database while `body` runs, counted where the driver hands it over. */
export async function counted(engine: Engine, body: () => Promise<unknown>): Promise<Count> {
  const restore = engine === 'postgres' ? watchPostgres() : watchSqlite()
  const count: Count = { statements: [], waits: 0 }
  counting = count
  try {
    await body()
    return count
  } finally {
    counting = undefined
    restore()
  }
}

function note(sql: string): void {
  if (FRAME.test(sql) || READ_BACK.test(sql)) return
  counting?.statements.push(sql)
}

function watchSqlite(): () => void {
  const { run, all, get } = StatementSync.prototype
  const watched = <F extends (this: StatementSync, ...values: never[]) => unknown>(call: F) =>
    function (this: StatementSync, ...values: Parameters<F>) {
      note(this.sourceSQL)
      return call.apply(this, values)
    } as unknown as F
  Object.assign(StatementSync.prototype, {
    run: watched(run),
    all: watched(all),
    get: watched(get),
  })
  return () => Object.assign(StatementSync.prototype, { run, all, get })
}

type Query = (...args: unknown[]) => unknown

/** A wait begins when a connection that waits for nothing is handed a statement. */
function watchPostgres(): () => void {
  const outstanding = new WeakMap<object, number>()
  const original = pg.Client.prototype.query as Query
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const before = outstanding.get(this) ?? 0
    outstanding.set(this, before + 1)
    if (before === 0 && counting) counting.waits++
    note(String((args[0] as { text?: string }).text ?? args[0]))
    const done = () => outstanding.set(this, (outstanding.get(this) ?? 1) - 1)
    const last = args.at(-1)
    if (typeof last === 'function') {
      const told = (...answer: unknown[]) => {
        done()
        return last(...answer)
      }
      return original.apply(this, [...args.slice(0, -1), told])
    }
    const answer = original.apply(this, args) as Promise<unknown>
    answer.then(done, done)
    return answer
  } as never
  return () => {
    pg.Client.prototype.query = original as never
  }
}
