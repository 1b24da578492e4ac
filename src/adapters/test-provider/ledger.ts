import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { FactOperation, Outcome } from '#modules/payments'

/** One object of the provider as it is now: a charge, or a capture, void or refund of one. */
export type Entry = {
  /** The caller's idempotency key; the same key is the same object for ever. */
  key: string
  ref: string
  charge_ref: string
  operation: FactOperation
  outcome: Outcome
  amount: number
  currency: string
  payment_method_id: string | null
  code: string | null
  message: string | null
  sequence: number
  occurred_at: string
}

const COLUMNS = [
  'key',
  'ref',
  'charge_ref',
  'operation',
  'outcome',
  'amount',
  'currency',
  'payment_method_id',
  'code',
  'message',
  'sequence',
  'occurred_at',
] as const

/**
 * The provider's own books: a SQLite file of its own, written outside every transaction of the
 * house, so that it remembers what it has done when the house dies in the middle, as a real one
 * does. It survives the death of the process, not a power cut; no money depends on it.
 */
export class Ledger {
  readonly #sqlite: DatabaseSync
  readonly #insert: StatementSync
  readonly #update: StatementSync
  readonly #byKey: StatementSync
  readonly #done: StatementSync
  readonly #all: StatementSync

  constructor(file: string) {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true })
    this.#sqlite = new DatabaseSync(file, { timeout: 5000 })
    this.#sqlite.exec('pragma journal_mode = wal; pragma synchronous = off')
    this.#sqlite.exec(`create table if not exists entries (
      key text primary key, ref text not null, charge_ref text not null, operation text not null,
      outcome text not null, amount integer not null, currency text not null,
      payment_method_id text,
      code text, message text, sequence integer not null, occurred_at text not null
    ) without rowid`)
    this.#sqlite.exec(`create index if not exists entries_of_charge on entries (charge_ref)
      where ref <> charge_ref`)
    const slots = COLUMNS.map(() => '?').join(', ')
    this.#insert = this.#sqlite.prepare(
      `insert into entries (${COLUMNS.join(', ')}) values (${slots}) on conflict (key) do nothing`,
    )
    this.#update = this.#sqlite.prepare(
      'update entries set outcome = ?, code = ?, message = ?, sequence = ?, occurred_at = ? where key = ?',
    )
    this.#byKey = this.#sqlite.prepare('select * from entries where key = ?')
    this.#done = this.#sqlite.prepare(
      `select coalesce(sum(amount), 0) as total from entries
       where charge_ref = ? and operation = ? and outcome in ('pending', 'succeeded') and ref <> charge_ref`,
    )
    this.#all = this.#sqlite.prepare('select * from entries order by occurred_at')
  }

  /** Adds an entry unless its key is known; answers the entry that counts and whether it is new. */
  add(entry: Entry): { entry: Entry; fresh: boolean } {
    const { changes } = this.#insert.run(...COLUMNS.map((column) => entry[column]))
    if (Number(changes) === 1) return { entry, fresh: true }
    return { entry: this.byKey(entry.key) as Entry, fresh: false }
  }

  /** Writes how an object goes on; each change has the next number. */
  change(entry: Entry): void {
    const { outcome, code, message, sequence, occurred_at, key } = entry
    this.#update.run(outcome, code, message, sequence, occurred_at, key)
  }

  byKey(key: string): Entry | undefined {
    return this.#byKey.get(key) as Entry | undefined
  }

  byRef(ref: string): Entry | undefined {
    return this.byKey(ref.slice(ref.indexOf('_') + 1))
  }

  /** What captures, voids or refunds of a charge amount to, in minor units. */
  total(charge_ref: string, operation: FactOperation): number {
    return (this.#done.get(charge_ref, operation) as { total: number }).total
  }

  /** Every entry, oldest first: for comparing both sides' books. */
  all(): Entry[] {
    return this.#all.all() as Entry[]
  }
}
