import type { DomainEvent } from '#platform/events'
import { DURATION_BOUNDS_MS, Histogram } from '#platform/histogram'

type Declared = { help: string; labels: readonly string[] }

/** Every counter that code counts directly. The names are the documented ones. */
export const COUNTERS = {
  auth_success_total: { help: 'Requests with good credentials, by their kind.', labels: ['kind'] },
  auth_failures_total: {
    help: 'Requests and logins refused for their credentials.',
    labels: ['code', 'status'],
  },
  permission_denials_total: { help: 'Requests refused for a missing permission.', labels: [] },
  api_key_usage_total: { help: 'Requests with an API key.', labels: [] },
  token_refreshes_total: { help: 'Access tokens renewed by a refresh token.', labels: [] },
  rate_limit_allowed_total: {
    help: 'Requests within their limit.',
    labels: ['key_type', 'path'],
  },
  rate_limit_denied_total: {
    help: 'Requests refused because a limit was reached.',
    labels: ['key_type', 'path'],
  },
  rate_limit_hits_total: { help: 'Requests that a limit counted.', labels: [] },
  rate_limit_exceeded_total: { help: 'Requests over a limit.', labels: [] },
  cache_hits_total: { help: 'Reads answered from a cache.', labels: ['cache'] },
  cache_misses_total: { help: 'Reads that a cache could not answer.', labels: ['cache'] },
  redis_operations_total: { help: 'Commands sent to Redis.', labels: ['operation'] },
  domain_events_total: { help: 'Events committed.', labels: ['event'] },
  outbox_deliveries_total: {
    help: 'Tries to deliver an event to its reactions.',
    labels: ['outcome'],
  },
  webhook_deliveries_total: { help: 'Tries to deliver a webhook.', labels: ['outcome'] },
  jobs_total: { help: 'Tries to do a job.', labels: ['job', 'outcome'] },
} as const satisfies Record<string, Declared>

export type CounterName = keyof typeof COUNTERS
type LabelsOf<N extends CounterName> = Record<
  (typeof COUNTERS)[N]['labels'][number],
  string | number
>

/** A business counter that follows the events of a module. */
export type EventCounter = {
  name: string
  help: string
  /** The names of the events that count. */
  on: readonly string[]
  /** How much one event counts; 1 unless said. */
  amount?: (payload: never) => number
}

export type Sample = { labels: Record<string, string | number>; value: number }
export type RequestKind = { method: string; route: string; face: string }
export type RequestSample = { kind: RequestKind; status: number; durations: Histogram }

/**
 * What this process has counted since its start. Counting is a map look-up and an addition;
 * `platform/prometheus` turns it into text when someone asks.
 */
export class Metrics {
  readonly counters = new Map<string, Map<string, Sample>>()
  readonly requests: RequestSample[] = []
  readonly transactions = new Histogram(DURATION_BOUNDS_MS)
  readonly eventCounters: readonly EventCounter[]
  readonly business = new Map<string, number>()
  readonly #byEvent: Map<string, EventCounter[]>
  readonly #byKind = new Map<RequestKind, Map<number, Histogram>>()

  constructor(eventCounters: readonly EventCounter[]) {
    this.eventCounters = eventCounters
    for (const { name } of eventCounters) this.business.set(name, 0)
    const pairs = eventCounters.flatMap((counter) =>
      counter.on.map((event) => ({ event, counter })),
    )
    const groups = Map.groupBy(pairs, ({ event }) => event)
    this.#byEvent = new Map(
      [...groups].map(([event, counters]) => [event, counters.map(({ counter }) => counter)]),
    )
  }

  /** Adds to a counter; labels are given in full. */
  count<N extends CounterName>(name: N, labels: LabelsOf<N>, by = 1): void {
    const samples = getOrMake(this.counters, name, () => new Map<string, Sample>())
    const key = Object.values(labels).join('\n')
    const known = samples.get(key)
    if (known) known.value += by
    else samples.set(key, { labels, value: by })
  }

  /** Counts events that are committed. */
  countEvents(events: readonly DomainEvent[]): void {
    for (const { name, payload } of events) {
      this.count('domain_events_total', { event: name })
      for (const { name: counted, amount } of this.#byEvent.get(name) ?? []) {
        const by = amount ? amount(payload as never) : 1
        this.business.set(counted, (this.business.get(counted) ?? 0) + by)
      }
    }
  }

  /** One answered request. `kind` is one object for each route, made when the route is. */
  observeRequest(kind: RequestKind, status: number, ms: number): void {
    const byStatus = getOrMake(this.#byKind, kind, () => new Map<number, Histogram>())
    const durations = getOrMake(byStatus, status, () => {
      const fresh = new Histogram(DURATION_BOUNDS_MS)
      this.requests.push({ kind, status, durations: fresh })
      return fresh
    })
    durations.observe(ms)
  }
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

/** Counters that start at zero, for one app. */
export const createMetrics = (eventCounters: readonly EventCounter[] = []): Metrics =>
  new Metrics(eventCounters)
