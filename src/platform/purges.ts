import { sql } from 'kysely'
import { prepared, rawQuery } from '#platform/database/prepared'
import { db as events } from '#platform/events'
import { db as keys } from '#platform/idempotency'
import { db as jobs, type Schedule } from '#platform/jobs'
import { clearing, DAY_MS, HOUR_MS, type Old } from '#platform/retention'

const purgeKeys = prepared(keys, (open, { before, limit }: Old) =>
  rawQuery(
    open,
    sql`delete from idempotency_keys where scope in (
      select scope from idempotency_keys where created_at < ${before}
      order by created_at limit ${limit})`,
  ),
)

const purgeJobs = prepared(jobs, (open, { before, limit }: Old) =>
  rawQuery(
    open,
    sql`delete from jobs where id in (
      select id from jobs where status = 'done' and finished_at < ${before}
      order by finished_at limit ${limit})`,
  ),
)

// Whatever may be tried again, however old, still needs to know what is done.
const purgeReactions = prepared(events, (open, { before_id, limit }: Old) =>
  rawQuery(
    open,
    sql`delete from event_reactions where (event_id, reaction) in (
      select r.event_id, r.reaction from event_reactions as r join events as e on e.id = r.event_id
      where r.event_id < ${before_id} and e.status in ('delivered', 'discarded')
      order by r.event_id, r.reaction limit ${limit})`,
  ),
)

/** What the platform itself clears away. Events are never among it: they are the audit trail. */
export const purges: readonly Schedule[] = [
  clearing({
    name: 'platform.purge_idempotency_keys',
    every_ms: 10_000,
    kept_ms: (settings) => settings.idempotency_keys_kept_hours * HOUR_MS,
    clear: async (ctx, old) => (await purgeKeys.run(ctx, old)).affected,
  }),
  clearing({
    name: 'platform.purge_finished_jobs',
    every_ms: HOUR_MS,
    kept_ms: (settings) => settings.finished_jobs_kept_days * DAY_MS,
    clear: async (ctx, old) => (await purgeJobs.run(ctx, old)).affected,
  }),
  clearing({
    name: 'platform.purge_event_reactions',
    every_ms: 60_000,
    kept_ms: (settings) => settings.event_reactions_kept_days * DAY_MS,
    clear: async (ctx, old) => (await purgeReactions.run(ctx, old)).affected,
  }),
]
