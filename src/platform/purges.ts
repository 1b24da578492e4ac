import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { db as keys, RETENTION_MS } from '#platform/idempotency'
import { db as jobs, type Schedule } from '#platform/jobs'
import type { ProcessContext } from '#platform/processes'

const DAY_MS = 24 * 60 * 60 * 1000
/** How long a finished job is kept for whoever wonders whether it was done, in milliseconds. */
export const FINISHED_JOBS_KEPT_MS = 7 * DAY_MS
/** Rows of one delete: small, because commands wait for it on SQLite. */
const BATCH = 500
/**
 * Deletes of one run, so that a server which stops in the middle does not wait for a million rows.
 */
const BATCHES_MAX = 200

const purgeKeys = prepared(keys, (open, p: { before: string }) =>
  rawQuery(
    open,
    sql`delete from idempotency_keys where scope in (
      select scope from idempotency_keys where created_at < ${p.before} order by created_at limit ${sql.lit(BATCH)})`,
  ),
)

const purgeJobs = prepared(jobs, (open, p: { before: string }) =>
  rawQuery(
    open,
    sql`delete from jobs where id in (
      select id from jobs where status = 'done' and finished_at < ${p.before}
      order by finished_at limit ${sql.lit(BATCH)})`,
  ),
)

/** What the platform itself clears away. Events are never among it: they are the audit trail. */
export const purges: readonly Schedule[] = [
  {
    name: 'platform.purge_idempotency_keys',
    every_ms: 10_000,
    run: (process) => purge(process, purgeKeys, RETENTION_MS),
  },
  {
    name: 'platform.purge_finished_jobs',
    every_ms: 60 * 60_000,
    run: (process) => purge(process, purgeJobs, FINISHED_JOBS_KEPT_MS),
  },
]

type Purge = { run(ctx: Context, values: { before: string }): Promise<{ affected: number }> }

async function purge(process: ProcessContext, some: Purge, kept_ms: number): Promise<void> {
  const once = async (ctx: Context) => {
    const before = new Date(Date.parse(ctx.now) - kept_ms).toISOString()
    return (await some.run(ctx, { before })).affected
  }
  for (let nth = 0; nth < BATCHES_MAX; nth++) {
    if ((await process.transaction(once, 'read committed')) < BATCH) return
  }
}
