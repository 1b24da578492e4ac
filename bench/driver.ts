import { fork } from 'node:child_process'
import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Connection, openConnection } from './connection.ts'
import { cpuSeconds } from './processes.ts'
import { type Answered, bareRoute, type Fixture, type Scenario, scenarios } from './scenarios.ts'

/** One measurement: who is asked what, by how many clients, and whose CPU is watched. */
export type Job = {
  scenario: string
  fixture: Fixture
  port: number
  clients: number
  warm_up_seconds: number
  seconds: number
  server_pid?: number | undefined
  /** The postmaster; its children are counted with it. */
  database_pid?: number | undefined
}

/** What came out. An operation is one whole run of the scenario's steps; times are milliseconds. */
export type Measured = {
  operations: number
  per_second: number
  p50_ms: number
  p99_ms: number
  max_ms: number
  /** CPU microseconds an operation; undefined where the system does not tell. */
  server_cpu_us: number | undefined
  database_cpu_us: number | undefined
  driver_cpu_us: number
  /** Share of the machine, 0 to 1, that went to processes which have no part in this. */
  others_share: number
  failures: number
  first_failure: string | undefined
}

const NOTHING: Answered = { data: {} }
const DRAIN_SECONDS_MAX = 10

/** Runs a job in a process of its own, so that its work is not counted as anybody else's. */
export function measure(job: Job): Promise<Measured> {
  const child = fork(fileURLToPath(import.meta.url), { serialization: 'advanced' })
  const limit = (job.warm_up_seconds + job.seconds + 2 * DRAIN_SECONDS_MAX) * 1000
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), limit)
    child.once('message', (measured) => resolve(measured as Measured))
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      reject(new Error(`the driver of ${job.scenario} ended without a result: ${signal ?? code}`))
    })
    child.send(job)
  })
}

type Run = {
  job: Job
  scenario: Scenario
  phase: 'warming' | 'measuring' | 'ending'
  /** Milliseconds an operation, unsorted: exact percentiles for the price of one push. */
  latencies: number[]
  failures: number
  first_failure: string | undefined
  active: number
}

/** Closed loop: each client sends its next request when the last one is answered. */
async function drive(job: Job): Promise<Measured> {
  const scenario = job.scenario === 'bare-route' ? bareRoute : scenarios[job.scenario]
  if (!scenario) throw new Error(`there is no scenario ${job.scenario}`)
  const run: Run = {
    job,
    scenario,
    phase: 'warming',
    latencies: [],
    failures: 0,
    first_failure: undefined,
    active: 0,
  }
  const clients = Array.from({ length: job.clients }, () => startClient(run))
  await sleep(job.warm_up_seconds * 1000)

  const before = usage(job)
  run.phase = 'measuring'
  await sleep(job.seconds * 1000)
  run.phase = 'ending'
  const after = usage(job)

  const drainUntil = Date.now() + DRAIN_SECONDS_MAX * 1000
  while (run.active > 0 && Date.now() < drainUntil) await sleep(5)
  for (const client of clients) client.close()
  return summary(run, before, after)
}

/** Starts one client; it lives until the run ends, on a new connection if the server drops one. */
function startClient(run: Run): { close(): void } {
  const steps = run.scenario.script(run.job.fixture)
  const last = steps.length - 1
  let connection: Connection
  let step = 0
  let startedAt = 0

  const begin = (): void => {
    if (run.phase === 'ending') {
      run.active -= 1
      return
    }
    step = 0
    startedAt = performance.now()
    send(NOTHING)
  }
  const send = (answered: Answered): void => {
    connection.send((steps[step] as (typeof steps)[number])(answered), step < last)
  }
  const onAnswer = (status: number, body: Buffer | undefined): void => {
    if (status < 200 || status > 299) {
      fail(run, `${status} ${body?.toString('utf8')}`)
      begin()
    } else if (step < last) {
      step += 1
      send(JSON.parse((body as Buffer).toString('latin1')) as Answered)
    } else {
      if (run.phase === 'measuring') run.latencies.push(performance.now() - startedAt)
      begin()
    }
  }
  const onLost = (error: Error | undefined): void => {
    fail(run, `connection lost: ${error?.message ?? 'closed by the server'}`)
    // A pause, so that a dead server is not asked a million times.
    setTimeout(open, 50)
  }
  const open = (): void => {
    connection = openConnection({ host: '127.0.0.1', port: run.job.port }, onAnswer, onLost)
    begin()
  }

  run.active += 1
  open()
  return { close: () => connection.close() }
}

function fail(run: Run, what: string): void {
  run.failures += 1
  run.first_failure ??= what.slice(0, 600)
}

type Usage = {
  at: number
  server: number | undefined
  database: number | undefined
  driver: number
  /** Seconds that all cores together were busy, and were there. */
  busy: number
  total: number
}

function usage({ server_pid, database_pid }: Job): Usage {
  const { user, system } = process.cpuUsage()
  return {
    server: server_pid ? cpuSeconds(server_pid, 'alone') : undefined,
    database: database_pid ? cpuSeconds(database_pid, 'with children') : undefined,
    driver: (user + system) / 1e6,
    ...machineSeconds(),
    at: performance.now(),
  }
}

function machineSeconds(): { busy: number; total: number } {
  let busy = 0
  let total = 0
  for (const { times } of cpus()) {
    const working = times.user + times.nice + times.sys + times.irq
    busy += working / 1000
    total += (working + times.idle) / 1000
  }
  return { busy, total }
}

function summary(run: Run, before: Usage, after: Usage): Measured {
  const sorted = Float64Array.from(run.latencies).sort()
  const operations = sorted.length
  const percentile = (share: number): number =>
    sorted[Math.min(operations - 1, Math.floor(operations * share))] ?? Number.NaN
  const each = (from?: number, to?: number): number | undefined =>
    from === undefined || to === undefined ? undefined : ((to - from) * 1e6) / operations
  return {
    operations,
    per_second: (operations * 1000) / (after.at - before.at),
    p50_ms: percentile(0.5),
    p99_ms: percentile(0.99),
    max_ms: percentile(1),
    server_cpu_us: each(before.server, after.server),
    database_cpu_us: each(before.database, after.database),
    driver_cpu_us: each(before.driver, after.driver) as number,
    others_share: Math.max(
      0,
      (after.busy - before.busy - ours(before, after)) / (after.total - before.total),
    ),
    failures: run.failures,
    first_failure: run.first_failure,
  }
}

/** CPU seconds of everybody who has a part in the measurement. */
function ours(before: Usage, after: Usage): number {
  const spent = (who: 'server' | 'database' | 'driver'): number =>
    (after[who] ?? 0) - (before[who] ?? 0)
  return spent('server') + spent('database') + spent('driver')
}

if (import.meta.main) {
  process.once('message', async (job) => {
    process.send?.(await drive(job as Job))
    process.disconnect?.()
  })
}
