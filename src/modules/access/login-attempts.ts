import { sql } from 'kysely'
import { type Context, perProcess } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { accessErrors } from './errors.ts'
import { db } from './tables.ts'

/** Five failures within five minutes lock an account for fifteen (operations API, section 8). */
export const ATTEMPTS_MAX = 5
const WINDOW_MS = 5 * 60_000
const LOCK_MS = 15 * 60_000
/** After this long a failed login counts for nothing. */
export const ATTEMPTS_COUNT_MS = WINDOW_MS + LOCK_MS

const countAttempt = prepared(
  db,
  (open, p: { email: string; now: string; window_from: string; lock_ends_at: string }) => {
    const isOver = sql`login_attempts.window_started_at <= ${p.window_from}`
    return open
      .insertInto('login_attempts')
      .values({
        email: p.email,
        attempts: 1,
        window_started_at: p.now,
        lock_ends_at: p.lock_ends_at,
      })
      .onConflict((conflict) =>
        conflict
          .column('email')
          .doUpdateSet({
            attempts: sql`case when ${isOver} then 1 else login_attempts.attempts + 1 end`,
            window_started_at: sql`case when ${isOver} then excluded.window_started_at
              else login_attempts.window_started_at end`,
            lock_ends_at: sql.ref('excluded.lock_ends_at'),
          })
          .where((eb) =>
            eb.or([
              eb('login_attempts.attempts', '<', ATTEMPTS_MAX),
              eb('login_attempts.lock_ends_at', '<=', p.now),
            ]),
          ),
      )
  },
)

const findLock = prepared(db, (open, p: { email: string }) =>
  open.selectFrom('login_attempts').select('lock_ends_at').where('email', '=', p.email),
)

const giveBack = prepared(db, (open, p: { email: string }) =>
  open
    .updateTable('login_attempts')
    .set({ attempts: sql`attempts - 1` })
    .where('email', '=', p.email)
    .where('attempts', '>', 0),
)

const forget = prepared(db, (open, p: { email: string }) =>
  open.deleteFrom('login_attempts').where('email', '=', p.email),
)

/**
 * Takes one of the attempts that an e-mail has, before the password is looked at, so that a
 * thousand guesses at once are five guesses. What is proven gives it back. Attempts are counted
 * for unknown e-mails too: the refusal must not tell which ones exist.
 * Throws AUTH_TOO_MANY_ATTEMPTS (429).
 */
export async function takeAttempt(ctx: Context, email: string): Promise<void> {
  const now_ms = Date.parse(ctx.now)
  const { affected } = await countAttempt.run(ctx, {
    email,
    now: ctx.now,
    window_from: new Date(now_ms - WINDOW_MS).toISOString(),
    lock_ends_at: new Date(now_ms + LOCK_MS).toISOString(),
  })
  if (affected === 1) return
  const found = await findLock.first(ctx, { email })
  const left_ms = found ? Date.parse(found.lock_ends_at) - now_ms : 0
  const retry_after = Math.max(1, Math.ceil(left_ms / 1000))
  throw accessErrors.too_many_attempts({ retry_after })
}

/** The password was right and no code was guessed: this attempt does not count. */
export const returnAttempt = (ctx: Context, email: string) => giveBack.run(ctx, { email })

/** All was right: the e-mail starts afresh. */
export const forgetAttempts = (ctx: Context, email: string) => forget.run(ctx, { email })

const turns = perProcess(() => new Map<string, Promise<unknown>>())

/**
 * Runs the logins of one e-mail one after another within this process, so that several right ones
 * at once do not use up each other's attempts.
 */
export async function inTurn<T>(
  ctx: { process: Map<symbol, unknown> },
  email: string,
  work: () => Promise<T>,
): Promise<T> {
  const waiting = turns(ctx)
  const mine = (waiting.get(email) ?? Promise.resolve()).then(work, work)
  waiting.set(email, mine)
  try {
    return await mine
  } finally {
    if (waiting.get(email) === mine) waiting.delete(email)
  }
}
