import { sql } from 'kysely'
import type { TSchema } from 'typebox'
import { type Checker, checker } from '#kit/checker'
import type { App } from '#platform/app'
import { failureText, instantIn, retryPauseMs } from '#platform/back-off'
import { passOverLocked } from '#platform/database/pass-over'
import { prepared, rawQuery } from '#platform/database/prepared'
import { rowset } from '#platform/database/rowset'
import { systemProcess, transactAsSystem } from '#platform/execute'
import { db, type Job } from '#platform/jobs'
import { Worker } from '#platform/worker'

const LEASE_MS = 5 * 60_000
const ATTEMPTS_MAX = 8
/** Jobs that one process does at once. */
const JOBS_AT_ONCE = 4

type ClaimedJob = {
  id: string
  name: string
  payload: Record<string, unknown>
  attempts: number
  run_at: string
}
type Known = { name: string; lease: string }

// A job whose name this version does not know is left for the one that does.
const claimJobs = prepared(
  db,
  (open, p: { now: string; known: readonly Known[]; limit: number }, engine) => {
    const known = rowset<Known>(engine, p.known, { name: 'text', lease: 'timestamptz' })
    return rawQuery<ClaimedJob>(
      open,
      sql`with due as materialized (
        select j.id from jobs as j
        where j.status in ('waiting', 'running') and j.run_at <= ${p.now}
          and j.name in (select name from ${known} as k)
        order by j.run_at, j.id limit ${p.limit} ${passOverLocked(engine, 'j')})
      update jobs set status = 'running', attempts = attempts + 1,
        run_at = (select k.lease from ${known} as k where k.name = jobs.name)
      where id in (select id from due) returning id, name, payload, attempts, run_at`,
    )
  },
)

type End = {
  id: string
  lease: string
  status: 'done' | 'waiting' | 'failed'
  run_at: string
  finished_at: string | null
  error: string | null
}

const endJob = prepared(db, (open, p: End) =>
  open
    .updateTable('jobs')
    .set({ status: p.status, run_at: p.run_at, finished_at: p.finished_at, error: p.error })
    .where('id', '=', p.id as never)
    .where('status', '=', 'running')
    .where('run_at', '=', p.lease),
)

/** Does the jobs that commands asked for, a few at a time. */
export class JobRunner {
  readonly #app: App
  readonly #jobs: ReadonlyMap<string, Job & { check: Checker<TSchema> }>
  readonly #worker: Worker
  readonly #running = new Set<Promise<void>>()

  constructor(app: App) {
    this.#app = app
    const jobs = app.modules.flatMap((module) => module.jobs ?? [])
    this.#jobs = new Map(jobs.map((job) => [job.name, { ...job, check: checker(job.payload) }]))
    this.#worker = new Worker({ name: 'job runner', log: app.log, turn: () => this.#turn() })
  }

  start(): void {
    if (this.#jobs.size > 0) this.#worker.start()
  }

  wake(): void {
    this.#worker.wake()
  }

  /** Takes no other job and waits for those that run. */
  async stop(): Promise<void> {
    await this.#worker.stop()
    await Promise.all(this.#running)
  }

  async #turn(): Promise<number> {
    const { settings, clock } = this.#app
    const limit = JOBS_AT_ONCE - this.#running.size
    // Whoever finishes looks again, so a full house need not.
    if (limit <= 0) return settings.outbox_poll_interval_ms
    const known = [...this.#jobs.values()].map(({ name, lease_ms = LEASE_MS }) => ({
      name,
      lease: instantIn(clock, lease_ms),
    }))
    const claimed = await transactAsSystem(
      this.#app,
      (ctx) => claimJobs(ctx, { now: ctx.now, known, limit }),
      'read committed',
    )
    for (const job of claimed) this.#begin(job)
    return claimed.length === limit ? 0 : settings.outbox_poll_interval_ms
  }

  #begin(job: ClaimedJob): void {
    const doing: Promise<void> = this.#do(job)
      .catch((error) => {
        // What it did is done; its row says running until the lease ends, and it is tried again.
        this.#app.log.warn({ job_id: job.id, job: job.name, err: error }, 'a job lost its record')
      })
      .finally(() => {
        this.#running.delete(doing)
        this.#worker.wake()
      })
    this.#running.add(doing)
  }

  async #do(claimed: ClaimedJob): Promise<void> {
    const { clock, log, metrics } = this.#app
    const { id, name, attempts } = claimed
    const job = this.#jobs.get(name) as Job & { check: Checker<TSchema> }
    const error = await this.#attempt(job, claimed)
    const now = instantIn(clock, 0)
    const dead = error !== undefined && attempts >= (job.attempts_max ?? ATTEMPTS_MAX)
    const again = error !== undefined && !dead
    const end: End = {
      id,
      lease: claimed.run_at,
      status: error === undefined ? 'done' : dead ? 'failed' : 'waiting',
      run_at: again ? instantIn(clock, retryPauseMs(attempts)) : now,
      finished_at: again ? null : now,
      error: error ?? null,
    }
    await transactAsSystem(this.#app, (ctx) => endJob(ctx, end), 'read committed')
    metrics.count('jobs_total', { job: name, outcome: end.status })
    if (dead) log.error({ job_id: id, job: name, error }, 'a job was given up')
  }

  /** What went wrong, if anything did. */
  async #attempt(
    job: Job & { check: Checker<TSchema> },
    claimed: ClaimedJob,
  ): Promise<string | undefined> {
    const { id, name, payload, attempts } = claimed
    if (attempts > (job.attempts_max ?? ATTEMPTS_MAX)) return 'the process died during the last try'
    if (!job.check.Check(payload)) return 'its payload is not what this version of the job reads'
    try {
      await job.run(systemProcess(this.#app, id), payload)
      return undefined
    } catch (error) {
      this.#app.log.warn({ job_id: id, job: name, attempts, err: error }, 'a job failed')
      return failureText(error)
    }
  }
}
