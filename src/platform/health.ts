import type { App } from '#platform/app'
import { migrationStatus } from '#platform/database/migrate'
import { readCursor } from '#platform/event-log/cursor'
import { eventsAfter } from '#platform/event-log/read'
import { type EventSink, eventSinks } from '#platform/event-log/sink'
import { readAsSystem } from '#platform/execute'
import { outboxBacklog } from '#platform/outbox'
import { RedisCheck } from '#platform/redis-check'

/** `down` is for a part that does not answer; `degraded` for one that works but wants a look. */
export type Check = { status: 'up' | 'degraded' | 'down'; latency_ms: number; message: string }

export type Health = {
  /** `down` if a required part is down, `degraded` if anything else is not as it should be. */
  status: 'up' | 'degraded' | 'down'
  checks: Record<string, Check>
  response_time_ms: number
}

type Part = { required: boolean; check: () => Promise<Finding> }
type Finding = { well: boolean; message: string }

/** How long one part may take to answer before it counts as down, in milliseconds. */
const TIMEOUT_MS = 2_000
/** The tables do not change under a running server, so they are looked at this seldom. */
const SCHEMA_KEPT_MS = 60_000
const BACKLOG_COUNTED_MAX = 10_000
/** Events that waited longer than this say that the relay does not keep up. */
const LAG_MAX_MS = 5 * 60_000

/** Looks at every part that this server needs. Questions that come meanwhile share the answer. */
export class HealthChecks {
  readonly #parts: Record<string, Part>
  readonly #redis: RedisCheck | undefined
  #running: Promise<Health> | undefined

  constructor(app: App) {
    const { redis_url } = app.settings
    this.#redis = redis_url === undefined ? undefined : new RedisCheck(redis_url)
    const redis = this.#redis
    this.#parts = {
      database: { required: true, check: () => answers(() => app.database.ping()) },
      schema: { required: true, check: schemaCheck(app) },
      outbox: { required: false, check: () => checkOutbox(app) },
      ...(redis && { redis: { required: false, check: () => answers(() => redis.ping()) } }),
      ...sinkParts(app),
      ...moduleParts(app),
    }
  }

  run(): Promise<Health> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  close(): void {
    this.#redis?.close()
  }

  async #run(): Promise<Health> {
    const started = performance.now()
    const found = await Promise.all(
      Object.entries(this.#parts).map(async ([name, part]) => [name, await look(part)] as const),
    )
    const isDown = found.some(
      ([name, { status }]) => status === 'down' && this.#parts[name]?.required,
    )
    const isWell = found.every(([, { status }]) => status === 'up')
    return {
      status: isDown ? 'down' : isWell ? 'up' : 'degraded',
      checks: Object.fromEntries(found),
      response_time_ms: since(started),
    }
  }
}

/** The reason is for the log of whoever runs the server, not for everyone who may ask. */
async function look({ check }: Part): Promise<Check> {
  const started = performance.now()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('late')), TIMEOUT_MS)
  })
  try {
    const { well, message } = await Promise.race([check(), late])
    return { status: well ? 'up' : 'degraded', latency_ms: since(started), message }
  } catch {
    return { status: 'down', latency_ms: since(started), message: 'It does not answer.' }
  } finally {
    clearTimeout(timer)
  }
}

const since = (started: number): number => Math.round((performance.now() - started) * 100) / 100

async function answers(ask: () => Promise<void>): Promise<Finding> {
  await ask()
  return { well: true, message: 'It answers.' }
}

function schemaCheck(app: App): () => Promise<Finding> {
  const owned = app.modules.map((module) => module.migrations)
  let good_until = 0
  return async () => {
    if (performance.now() < good_until) return { well: true, message: 'It is up to date.' }
    const { pending, schema_matches } = await migrationStatus(app.database, owned)
    const well = pending.length === 0 && schema_matches
    if (!well) return { well, message: 'The tables are not those of this version.' }
    good_until = performance.now() + SCHEMA_KEPT_MS
    return { well, message: 'It is up to date.' }
  }
}

async function checkOutbox(app: App): Promise<Finding> {
  const [backlog] = await readAsSystem(app, (ctx) =>
    outboxBacklog(ctx, { limit: BACKLOG_COUNTED_MAX }),
  )
  const { waiting = 0, failed = 0, oldest_at = null } = backlog ?? {}
  const lag_ms = oldest_at === null ? 0 : app.clock().getTime() - Date.parse(oldest_at)
  const message = `${waiting} events wait, ${failed} are dead letters.`
  return { well: failed === 0 && lag_ms < LAG_MAX_MS, message }
}

const moduleParts = (app: App): Record<string, Part> =>
  Object.fromEntries(
    app.modules
      .flatMap(({ health = {} }) => Object.entries(health))
      .map(([name, check]) => [name, { required: false, check: () => check(app) }]),
  )

const sinkParts = (app: App): Record<string, Part> =>
  Object.fromEntries(
    eventSinks
      .of(app)
      .map((sink) => [sink.name, { required: false, check: () => checkSink(app, sink) }]),
  )

async function checkSink(app: App, sink: EventSink): Promise<Finding> {
  await sink.ping()
  const [oldest] = await readAsSystem(app, async (ctx) => {
    const cursor = await readCursor(ctx, sink.name)
    return cursor ? eventsAfter(ctx, { after: cursor.after_event_id, limit: 1 }) : []
  })
  const lag_ms = oldest ? app.clock().getTime() - Date.parse(oldest.occurred_at) : 0
  const well = lag_ms < LAG_MAX_MS
  return { well, message: well ? 'It answers.' : 'It answers, and is far behind the events.' }
}
