import { type Context, perProcess } from '#platform/context'

/** Whoever wants to know at once that this process committed events. */
const listeners = perProcess(() => new Set<() => void>())

type Holder = Pick<Context, 'process'>

/** Calls `listener` after each commit of this process that left events; answers how to end that. */
export function onCommittedEvents(holder: Holder, listener: () => void): () => void {
  const all = listeners(holder)
  all.add(listener)
  return () => void all.delete(listener)
}

/** Events were committed here. Those of other processes are found by looking. */
export function tellCommittedEvents(holder: Holder): void {
  for (const listener of listeners(holder)) listener()
}
