import { type TSchema, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { defineLifecycle } from '#kit/lifecycle'
import { Instant, Json, Nullable } from '#kit/schemas'
import type { Settings } from '#platform/config/settings'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { defineTables, insertRows } from '#platform/tables'

export const jobLifecycle = defineLifecycle('job', {
  states: {
    waiting: 'Runs when its time has come.',
    running: 'A process works on it; taken up again if that process dies.',
    done: 'Finished.',
    failed: 'Given up after the last try.',
  },
  moves: {
    start: { from: ['waiting', 'running'], to: 'running', when: 'A process takes it up.' },
    finish: { from: ['running'], to: 'done', when: 'It returned.' },
    postpone: { from: ['running'], to: 'waiting', when: 'It failed and has tries left.' },
    give_up: { from: ['running'], to: 'failed', when: 'It failed for the last time.' },
    retry: { from: ['failed'], to: 'waiting', when: 'An operator asks for another try.' },
  },
})

export const db = defineTables({
  jobs: Type.Object({
    id: IdSchema('job'),
    name: Type.String(),
    payload: Json(Type.Object({})),
    status: jobLifecycle.schema,
    attempts: Type.Integer(),
    /** When it is due; while it is running, when the lease of that process ends. */
    run_at: Instant,
    finished_at: Nullable(Instant),
    error: Nullable(Type.String()),
    created_at: Instant,
  }),
  /** When each recurring task is due next; the row is what processes race for. */
  schedules: Type.Object({
    name: Type.String(),
    next_at: Instant,
  }),
})

/** Work that is done after the commit that asked for it, once in effect. */
export type Job<P = Record<string, unknown>> = {
  name: string
  payload: TSchema
  /** Tries before it is given up; 8 unless said. */
  attempts_max?: number
  /** How long one try may take before its process is taken for dead; 5 minutes unless said. */
  lease_ms?: number
  run: (ctx: ProcessContext, payload: P) => Promise<void>
}

/**
 * Work that comes back: one process at a time does it. A run lost to a crash is not made up for.
 */
export type Schedule = {
  name: string
  /** Milliseconds from the start of one run to the start of the next. */
  every_ms: number | ((settings: Settings) => number)
  run: (ctx: ProcessContext) => Promise<void>
  /** Whether a house with these settings has it; every one, unless said. */
  wanted?: (settings: Settings) => boolean
}

const insertJobs = insertRows(db, 'jobs')

/**
 * Asks for a job in the caller's transaction; it runs at `run_at` (now unless said) or soon after.
 */
export async function enqueue(
  ctx: Context,
  job: { name: string },
  work: { payload: Record<string, unknown>; run_at?: string },
): Promise<void> {
  const row = {
    id: ctx.newId('job'),
    name: job.name,
    payload: work.payload,
    status: 'waiting' as const,
    attempts: 0,
    run_at: work.run_at ?? ctx.now,
    created_at: ctx.now,
  }
  await insertJobs(ctx, { rows: [row] })
  if (row.run_at <= ctx.now) ctx.leaves.work = true
}
