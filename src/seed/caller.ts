import { randomUUID } from 'node:crypto'
import type { App } from '#platform/app'
import { systemActor } from '#platform/context'
import { execute } from '#platform/execute'

/**
 * A year passes in seconds, while what tidies up in the background looks at the real clock. So what
 * is opened a year ago must not be over today, or it would be tidied away between two steps of it.
 */
const PATIENT = { checkout_lifetime_minutes: 1_000_000, cart_lifetime_days: 3650 }

/** Calls operations as the platform itself, as if at the instant `at` (ISO 8601, UTC). */
export type Caller = {
  call(operation: string, input: Record<string, unknown>, at: string): Promise<Record<string, any>>
  /**
   * Fills young tables. Side by side on SQLite, where a crowd shares one durable commit. One after
   * another on PostgreSQL, where serializable transactions that fill the same tables would mostly
   * undo each other.
   */
  each<T>(items: Iterable<T>, work: (item: T) => Promise<unknown>): Promise<void>
}

/** A caller on an app; it goes through the one door like everyone else. */
export function callerOf(app: App): Caller {
  const patient = Object.freeze({ ...app.settings, ...PATIENT })
  const operations = new Map(app.operations.map((operation) => [operation.name, operation]))
  return {
    async call(name, input, at) {
      const operation = operations.get(name)
      if (!operation) throw new Error(`there is no operation ${name}`)
      const instant = new Date(at)
      const then: App = Object.create(app, {
        clock: { value: () => instant },
        settings: { value: patient },
      })
      const request = { actor: systemActor, input, request_id: randomUUID(), log: app.log }
      const { output } = await execute(then, operation, request)
      return output as Record<string, any>
    },
    each(items, work) {
      const alone = app.database.engine === 'postgres'
      return inCrowds(items, work, (item) => alone || item)
    },
  }
}

/** How many calls wait for one durable commit together. */
const CROWD = 16

/** Runs `work` on every item, a crowd at a time. Items of one `thread` never run side by side. */
export async function inCrowds<T>(
  items: Iterable<T>,
  work: (item: T) => Promise<unknown>,
  thread: (item: T) => unknown = (item) => item,
): Promise<void> {
  let crowd = new Map<unknown, T>()
  const run = async () => {
    await Promise.all([...crowd.values()].map(work))
    crowd = new Map()
  }
  for (const item of items) {
    if (crowd.size === CROWD || crowd.has(thread(item))) await run()
    crowd.set(thread(item), item)
  }
  await run()
}
