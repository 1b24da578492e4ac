import type { Settings } from '#platform/config/settings'
import type { Actor, Context } from '#platform/context'
import type { Isolation } from '#platform/database/database'
import type { Log } from '#platform/log'

/**
 * What a process may touch: the outside world directly, the database only in named transactions.
 * Nothing it does may depend on coming to its end: what it has asked of the outside is stored
 * first, under `key`, and a sweeper finishes what a crash left open.
 */
export type ProcessContext = {
  readonly actor: Actor
  readonly request_id: string
  readonly log: Log
  readonly settings: Settings
  /**
   * The same for every retry with one Idempotency-Key; a fresh UUID where there is none. The first
   * transaction claims it: ask for it inside one.
   */
  readonly key: string
  readonly expected_version: number | undefined
  readonly process: Map<symbol, unknown>
  transaction<T>(body: (ctx: Context) => Promise<T>, isolation?: Isolation): Promise<T>
  /**
   * The last transaction. `answer` says what the process answers for what the body returned (or
   * throws the refusal it answers): under an Idempotency-Key that is kept in this very transaction.
   */
  conclude<T, A>(body: (ctx: Context) => Promise<T>, answer: (value: T) => A): Promise<A>
  read<T>(body: (ctx: Context) => Promise<T>): Promise<T>
}
