import { sql } from 'kysely'
import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import { type Page, pageOf, pageStart } from '#kit/pages'
import { adminErrors } from '#platform/admin/errors'
import type { Job, JobById, ListJobs } from '#platform/admin/schemas'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { db, jobLifecycle } from '#platform/jobs'

/** Jobs, newest first. */
export async function listJobs(
  ctx: Context,
  query: Static<typeof ListJobs>,
): Promise<Page<Static<typeof Job>>> {
  const start = pageStart(query, 'jobs')
  let rows = db(ctx).selectFrom('jobs')
  // Literally, because the partial index of what was given up serves no parameter.
  if (query.status) rows = rows.where('status', '=', sql.lit(query.status))
  const total = await countUpTo(ctx, rows)
  let page = rows
    .selectAll()
    .orderBy('id', 'desc')
    .limit(start.limit + 1)
  if (start.after) page = page.where('id', '<', start.after[0] as Id<'job'>)
  else page = page.offset(start.offset)
  const found = await page.execute()
  return pageOf({ start, sort: 'jobs', rows: found, key: ({ id }) => [id], item: printed, total })
}

/** Gives a job that was given up a full set of tries from now on. */
export async function retryJob(
  ctx: Context,
  { id }: Static<typeof JobById>,
): Promise<Static<typeof Job>> {
  const job = await db(ctx).selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst()
  if (!job) throw adminErrors.job_not_found({ job_id: id })
  const change = {
    status: jobLifecycle.next(job.status, 'retry'),
    run_at: ctx.now,
    attempts: 0,
    finished_at: null,
  }
  await db(ctx).updateTable('jobs').set(change).where('id', '=', id).execute()
  ctx.leaves.work = true
  return printed({ ...job, ...change })
}

const printed = (job: Static<typeof db.tables.jobs>): Static<typeof Job> => ({
  id: job.id,
  name: job.name,
  status: job.status,
  attempts: job.attempts,
  run_at: job.run_at,
  created_at: job.created_at,
  finished_at: job.finished_at,
  error_message: job.error,
})
