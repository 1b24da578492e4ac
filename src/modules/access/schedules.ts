import { sql } from 'kysely'
import { prepared, rawQuery } from '#platform/database/prepared'
import type { Schedule } from '#platform/jobs'
import { clearing, DAY_MS, HOUR_MS, type Old } from '#platform/retention'
import { ATTEMPTS_COUNT_MS } from './login-attempts.ts'
import { db } from './tables.ts'

const purgeSessions = prepared(db, (open, { before, limit }: Old) =>
  rawQuery(
    open,
    sql`delete from sessions where id in (
      select id from sessions where expires_at < ${before} order by expires_at limit ${limit})`,
  ),
)

const purgeAttempts = prepared(db, (open, { before, limit }: Old) =>
  rawQuery(
    open,
    sql`delete from login_attempts where email in (
      select email from login_attempts where window_started_at < ${before}
      order by window_started_at limit ${limit})`,
  ),
)

/** Forgets sessions that ended long ago, and failed logins whose window and lock are over. */
export const accessPurges: readonly Schedule[] = [
  clearing({
    name: 'access.purge_sessions',
    every_ms: HOUR_MS,
    kept_ms: (settings) => settings.ended_sessions_kept_days * DAY_MS,
    clear: async (ctx, old) => (await purgeSessions.run(ctx, old)).affected,
  }),
  clearing({
    name: 'access.purge_login_attempts',
    every_ms: HOUR_MS,
    kept_ms: () => ATTEMPTS_COUNT_MS,
    clear: async (ctx, old) => (await purgeAttempts.run(ctx, old)).affected,
  }),
]
