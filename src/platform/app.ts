import type { Settings } from '#platform/config/settings'
import type { Actor } from '#platform/context'
import type { Database } from '#platform/database/database'
import type { Invariant } from '#platform/invariants'
import type { Log } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import type { Module } from '#platform/module'
import type { Operation } from '#platform/operations'
import type { Reaction } from '#platform/reactions'
import type { Tracer } from '#platform/tracing'

/** What a caller shows to be recognised. */
export type Credentials = { authorization?: string | undefined; api_key?: string | undefined }

/** What the composition is given. */
export type AppParts = {
  settings: Settings
  database: Database
  log: Log
  clock?: () => Date
  tracer?: Tracer
}

/** What lives as long as the process. Made once in src/app.ts, handed to every face. */
export type App = {
  readonly settings: Settings
  readonly database: Database
  readonly log: Log
  readonly metrics: Metrics
  /** Only where traces are sent somewhere. */
  readonly tracer?: Tracer | undefined
  readonly modules: readonly Module[]
  readonly operations: readonly Operation[]
  readonly invariants: readonly Invariant[]
  /** Reactions by the name of the event they listen to. */
  readonly reactions: {
    together: ReadonlyMap<string, Reaction[]>
    later: ReadonlyMap<string, Reaction[]>
  }
  /** Topics of what is remembered, by the name of the event that makes them forgotten. */
  readonly forgotten: ReadonlyMap<string, readonly string[]>
  /** The clock of every operation. */
  readonly clock: () => Date
  /** Things of modules that live as long as the process; see `perProcess`. */
  readonly process: Map<symbol, unknown>
  /**
   * Who shows these credentials; throws a 401 if they are not good, anonymous if there are none.
   */
  authenticate(credentials: Credentials): Promise<Actor>
  /** Called after a commit that left events or jobs; the background workers set it. */
  wake: () => void
}
