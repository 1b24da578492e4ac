import { randomUUID } from 'node:crypto'
import type { App } from '#platform/app'
import { systemActor } from '#platform/context'
import { execute } from '#platform/execute'

/** Calls operations as the platform itself, as if at the instant `at` (ISO 8601, UTC). */
export type Caller = {
  call(operation: string, input: Record<string, unknown>, at: string): Promise<Record<string, any>>
}

/** A caller on an app; it goes through the one door like everyone else. */
export function callerOf(app: App): Caller {
  const operations = new Map(app.operations.map((operation) => [operation.name, operation]))
  return {
    async call(name, input, at) {
      const operation = operations.get(name)
      if (!operation) throw new Error(`there is no operation ${name}`)
      const instant = new Date(at)
      const then: App = Object.create(app, { clock: { value: () => instant } })
      const request = { actor: systemActor, input, request_id: randomUUID(), log: app.log }
      const { output } = await execute(then, operation, request)
      return output as Record<string, any>
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
