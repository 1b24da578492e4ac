import { type Context, perProcess } from '#platform/context'

type Names = readonly { name: string }[]
type Listener = (events: Names) => void

/** Whoever wants to know at once that this process committed events. */
const listeners = perProcess(() => new Set<Listener>())

type Holder = Pick<Context, 'process'>

/** Calls `listener` after each commit of this process that left events; answers how to end that. */
export function onCommittedEvents(holder: Holder, listener: Listener): () => void {
  const all = listeners(holder)
  all.add(listener)
  return () => void all.delete(listener)
}

/** Events were committed here. Those of other processes are found by looking. */
export function tellCommittedEvents(holder: Holder, events: Names): void {
  for (const listener of listeners(holder)) listener(events)
}
