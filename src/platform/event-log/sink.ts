import { type Context, perProcess } from '#platform/context'
import type { LoggedEvent } from '#platform/event-log/read'

/** Somewhere outside where every event goes. */
export type EventSink = {
  /** Names its cursor and its part of the health: `nats`. */
  name: string
  /**
   * Hands over events, those of one entity in order, each at least once. Answers how many of them,
   * from the first on, are safe out there; throws only if it knows of none.
   */
  publish(events: readonly LoggedEvent[]): Promise<number>
  /** Resolves if it answers. */
  ping(): Promise<void>
  close(): Promise<void>
}

const given = perProcess(() => ({ sinks: [] as readonly EventSink[] }))

type Holder = Pick<Context, 'process'>

/** Where events are published: nowhere, unless the composition says so. */
export const eventSinks = {
  provide(holder: Holder, sinks: readonly EventSink[]): void {
    given(holder).sinks = sinks
  },
  of: (holder: Holder): readonly EventSink[] => given(holder).sinks,
}
