import type { Schedule } from '#platform/jobs'
import { pruneAttempts } from './login-attempts.ts'
import { db } from './tables.ts'

const HOUR_MS = 3_600_000
/** How long ended sessions are kept, so that a late reuse of an old token is still told as one. */
const KEPT_MS = 30 * 24 * HOUR_MS

/** Forgets sessions that ended long ago and logins that failed long ago. */
export const pruneAccess: Schedule = {
  name: 'access.prune',
  every_ms: HOUR_MS,
  run: (ctx) =>
    ctx.transaction(async (tx) => {
      await pruneAttempts(tx)
      const before = new Date(Date.parse(tx.now) - KEPT_MS).toISOString()
      await db(tx).deleteFrom('sessions').where('expires_at', '<', before).execute()
    }, 'read committed'),
}
