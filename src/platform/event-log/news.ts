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

/** Much less than a human notices, and enough for a crowd to come together. */
const SOON_MS = 50

/** Calls `wake` a moment after this process committed such events; answers how to end that. */
export function soonAfter(holder: Holder, names: readonly string[], wake: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  const end = onCommittedEvents(holder, (events) => {
    if (timer || !events.some(({ name }) => names.includes(name))) return
    timer = setTimeout(() => {
      timer = undefined
      wake()
    }, SOON_MS)
  })
  return () => {
    end()
    clearTimeout(timer)
  }
}
