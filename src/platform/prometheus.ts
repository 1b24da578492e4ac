import { collectDefaultMetrics, type Metric, Registry } from 'prom-client'
import type { App } from '#platform/app'
import type { DatabaseStats } from '#platform/database/database'
import { readAsSystem } from '#platform/execute'
import { DURATION_BOUNDS_MS, type Histogram } from '#platform/histogram'
import { COUNTERS, type CounterName } from '#platform/metrics'
import { outboxBacklog } from '#platform/outbox'

type Labels = Record<string, string | number>
type Value = { value: number; labels: Labels; metricName?: string }
type Kind = 'counter' | 'gauge' | 'histogram'
type Read = () => readonly Value[] | Promise<readonly Value[]>

/**
 * What this process has counted, for Prometheus. Made when someone first asks: it is 100 ms of
 * modules.
 */
export class Prometheus {
  readonly #registry = new Registry()
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE

  constructor(app: App) {
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: 20 })
    this.#addProcessorTime()
    this.#addRequests(app)
    this.#addDatabase(app)
    this.#addOutbox(app)
    const { counters, eventCounters, business } = app.metrics
    for (const [name, { help }] of Object.entries(COUNTERS)) {
      const none = COUNTERS[name as CounterName].labels.length === 0 ? [one(0)] : []
      this.#add(name, 'counter', help, () => [...(counters.get(name)?.values() ?? none)])
    }
    for (const { name, help } of eventCounters) {
      this.#add(name, 'counter', help, () => [one(business.get(name) ?? 0)])
    }
  }

  /** The text exposition format. */
  text(): Promise<string> {
    return this.#registry.metrics()
  }

  /** `{counters, gauges, histograms}`: sums over all labels, by name. */
  async json(): Promise<object> {
    const sums: Record<Kind, Record<string, unknown>> = { counter: {}, gauge: {}, histogram: {} }
    for (const metric of await this.#registry.getMetricsAsJSON()) {
      const { name, type, values } = metric as unknown as {
        name: string
        type: string
        values: Value[]
      }
      const sum = (suffix: string) =>
        values.reduce(
          (n, { metricName = name, value }) => n + (metricName === name + suffix ? value : 0),
          0,
        )
      if (type === 'histogram') {
        sums.histogram[name] = { count: sum('_count'), sum: sum('_sum') }
      } else if (type === 'counter' || type === 'gauge') {
        sums[type][name] = sum('')
      }
    }
    return { counters: sums.counter, gauges: sums.gauge, histograms: sums.histogram }
  }

  /** From the start of the process; the client's own begin when it is loaded. */
  #addProcessorTime(): void {
    const times: Record<string, (usage: NodeJS.CpuUsage) => number> = {
      process_cpu_user_seconds_total: ({ user }) => user,
      process_cpu_system_seconds_total: ({ system }) => system,
      process_cpu_seconds_total: ({ user, system }) => user + system,
    }
    for (const [name, microseconds] of Object.entries(times)) {
      this.#registry.removeSingleMetric(name)
      const read = () => [one(microseconds(process.cpuUsage()) / 1_000_000)]
      this.#add(name, 'counter', 'Processor time of this process, in seconds.', read)
    }
  }

  #addRequests({ metrics }: App): void {
    const all = () =>
      metrics.requests.map(({ kind, status, durations }) => ({
        labels: { ...kind, status },
        durations,
      }))
    this.#add('http_requests_total', 'counter', 'Requests answered.', () =>
      all().map(({ labels, durations }) => ({ labels, value: durations.count })),
    )
    this.#add(
      'errors_total',
      'counter',
      'Requests answered with a fault of this server (5xx).',
      () => [
        one(
          all().reduce(
            (n, { labels, durations }) => n + (labels.status >= 500 ? durations.count : 0),
            0,
          ),
        ),
      ],
    )
    this.#addHistogram(
      'http_request_duration_ms',
      'How long requests took, in milliseconds.',
      1,
      all,
    )
    this.#addHistogram('http_request_duration_seconds', 'How long requests took.', 1000, all)
  }

  #addDatabase({ database, metrics }: App): void {
    const add = (name: string, kind: Kind, help: string, read: (stats: DatabaseStats) => number) =>
      this.#add(name, kind, help, () => [one(read(database.stats()))])
    add('database_connections_active', 'gauge', 'Connections in use.', ({ active }) => active)
    add('db_connections_active', 'gauge', 'Connections in use.', ({ active }) => active)
    add('db_connections_idle', 'gauge', 'Connections open and not in use.', ({ idle }) => idle)
    add(
      'db_connection_pool_size',
      'gauge',
      'The most connections there may be.',
      ({ size }) => size,
    )
    add(
      'db_transaction_retries_total',
      'counter',
      'Lost races, tried again.',
      ({ retries }) => retries,
    )
    add('db_queries_total', 'counter', 'Statements run.', ({ queries }) => queries.durations.count)
    add(
      'db_query_errors_total',
      'counter',
      'Statements that failed.',
      ({ queries }) => queries.errors,
    )
    add(
      'db_slow_queries_total',
      'counter',
      'Statements over 100 ms.',
      ({ queries }) => queries.slow,
    )
    this.#add('database_connections', 'gauge', 'Connections by state.', () => {
      const { active, idle } = database.stats()
      return [
        { labels: { state: 'active' }, value: active },
        { labels: { state: 'idle' }, value: idle },
      ]
    })
    this.#addHistogram('db_query_duration_seconds', 'How long statements took.', 1000, () => [
      { labels: {}, durations: database.stats().queries.durations },
    ])
    const { transactions } = metrics
    this.#add('db_transactions_total', 'counter', 'Transactions committed.', () => [
      one(transactions.count),
    ])
    const help = 'How long transactions took, waiting for their turn included.'
    this.#addHistogram('db_transaction_duration_seconds', help, 1000, () => [
      { labels: {}, durations: transactions },
    ])
  }

  /** Nothing while the database is away: the other metrics are needed most just then. */
  #addOutbox(app: App): void {
    this.#add(
      'outbox_events',
      'gauge',
      'Events not delivered, by state; counted up to 10,000.',
      async () => {
        const backlog = await readAsSystem(app, (ctx) =>
          outboxBacklog(ctx, { limit: 10_000 }),
        ).catch(() => [])
        return backlog.flatMap(({ waiting, failed }) => [
          { labels: { status: 'waiting' }, value: waiting },
          { labels: { status: 'failed' }, value: failed },
        ])
      },
    )
  }

  #addHistogram(
    name: string,
    help: string,
    unit: number,
    read: () => readonly { labels: Labels; durations: Histogram }[],
  ): void {
    this.#add(name, 'histogram', help, () =>
      read().flatMap(({ labels, durations }) => histogramValues(name, unit, labels, durations)),
    )
  }

  #add(name: string, type: Kind, help: string, read: Read): void {
    const get = async () => ({ name, type, help, aggregator: 'sum', values: await read() })
    this.#registry.registerMetric({ name, get } as unknown as Metric)
  }
}

const one = (value: number): Value => ({ labels: {}, value })

function histogramValues(
  name: string,
  unit: number,
  labels: Labels,
  durations: Histogram,
): Value[] {
  let below = 0
  const buckets = DURATION_BOUNDS_MS.map((bound, nth) => {
    below += durations.counts[nth] as number
    return { metricName: `${name}_bucket`, labels: { ...labels, le: bound / unit }, value: below }
  })
  return [
    ...buckets,
    { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: durations.count },
    { metricName: `${name}_sum`, labels, value: durations.sum / unit },
    { metricName: `${name}_count`, labels, value: durations.count },
  ]
}
