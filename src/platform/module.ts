import type { FastifyInstance } from 'fastify'
import type { TObject } from 'typebox'
import type { ErrorCatalogue } from '#kit/errors'
import type { Lifecycle } from '#kit/lifecycle'
import type { App } from '#platform/app'
import type { Background } from '#platform/background'
import type { Migration } from '#platform/database/migrations'
import type { AnyEventType } from '#platform/events'
import type { Invariant } from '#platform/invariants'
import type { Job, Schedule } from '#platform/jobs'
import type { Operation } from '#platform/operations'
import type { Reaction } from '#platform/reactions'
import type { AnyRemembered } from '#platform/remembered'

/** Everything a module adds to the house. */
export type Module = {
  name: string
  tables: Record<string, TObject>
  migrations: Record<string, Migration>
  operations: readonly Operation[]
  errors?: readonly ErrorCatalogue[]
  events?: readonly Record<string, AnyEventType>[]
  reactions?: readonly Reaction[]
  jobs?: readonly Job[]
  schedules?: readonly Schedule[]
  /** What every process does all the time: started with its background, stopped with it. */
  workers?: readonly ((app: App) => Background)[]
  invariants?: readonly Invariant[]
  lifecycles?: readonly Lifecycle[]
  /** What every process keeps in memory; see `remember`. */
  remembers?: readonly AnyRemembered[]
  /** Parts of this server's health, by name; none of them is required for it to be ready. */
  health?: Record<string, (app: App) => Promise<{ well: boolean; message: string }>>
  /** What is not an operation (a webhook with a raw body, a stream): a plain Fastify plugin. */
  plugins?: readonly ((http: FastifyInstance, app: App) => Promise<void>)[]
}
