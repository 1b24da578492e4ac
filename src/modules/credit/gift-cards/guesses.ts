import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import type { ProcessContext } from '#platform/processes'
import { clearing, HOUR_MS, type Old } from '#platform/retention'
import { creditErrors } from '../errors.ts'
import { db } from '../tables.ts'
import { cardOfCode, type StoredCard, statusNow } from './find.ts'

/** How long wrong codes are counted together. */
const WINDOW_MS = 60 * 60 * 1000
/** Wrong codes of one caller in a window. */
const WRONG_MAX = 20
/** Wrong codes of all strangers in a window: they cannot be told apart behind their addresses. */
const STRANGERS_WRONG_MAX = 2_000

/**
 * The gift card with this code, for whoever says it: the only way in which a code is looked up.
 * Wrong codes of a caller are counted together, whatever they were said for, and who has said many
 * is refused for the rest of an hour, also with a right one. The guess is remembered in a
 * transaction of its own. Throws `code_unknown`, `too_many_guesses`.
 */
export async function cardByGuess(ctx: ProcessContext, code: string): Promise<StoredCard> {
  const found = await ctx.transaction((tx) => lookUp(tx, code), 'read committed')
  // Refused only after the commit, because the guess has to be remembered.
  if (!found) throw creditErrors.code_unknown()
  return found
}

const guessesOf = prepared(db, (open, p: { caller: string }) =>
  open.selectFrom('gift_card_guesses').selectAll().where('caller', '=', p.caller),
)

const countGuess = prepared(db, (open, p: { caller: string; now: string; window_from: string }) => {
  const isOver = sql`gift_card_guesses.window_started_at <= ${p.window_from}`
  return open
    .insertInto('gift_card_guesses')
    .values({ caller: p.caller, wrong_count: 1, window_started_at: p.now })
    .onConflict((conflict) =>
      conflict.column('caller').doUpdateSet({
        wrong_count: sql`case when ${isOver} then 1 else gift_card_guesses.wrong_count + 1 end`,
        window_started_at: sql`case when ${isOver} then ${p.now}
          else gift_card_guesses.window_started_at end`,
      }),
    )
})

async function lookUp(ctx: Context, code: string): Promise<StoredCard | undefined> {
  const { id: caller, kind } = ctx.actor
  const now_ms = Date.parse(ctx.now)
  const guesses = await guessesOf.first(ctx, { caller })
  const ends_ms = guesses ? Date.parse(guesses.window_started_at) + WINDOW_MS : 0
  const most = kind === 'anonymous' ? STRANGERS_WRONG_MAX : WRONG_MAX
  if (guesses && ends_ms > now_ms && guesses.wrong_count >= most) {
    throw creditErrors.too_many_guesses({ retry_after: Math.ceil((ends_ms - now_ms) / 1000) })
  }
  const card = await cardOfCode(ctx, code)
  if (!card) {
    const window_from = new Date(now_ms - WINDOW_MS).toISOString()
    await countGuess.run(ctx, { caller, now: ctx.now, window_from })
    return undefined
  }
  return { ...card, status: statusNow(ctx, card) }
}

const purgeGuesses = prepared(db, (open, { before, limit }: Old) =>
  rawQuery(
    open,
    sql`delete from gift_card_guesses where caller in (
      select caller from gift_card_guesses where window_started_at < ${before}
      order by window_started_at limit ${limit})`,
  ),
)

/** Forgets whose window is over. */
export const guessPurge = clearing({
  name: 'credit.purge_guesses',
  every_ms: HOUR_MS,
  kept_ms: () => 2 * WINDOW_MS,
  clear: async (ctx, old) => (await purgeGuesses.run(ctx, old)).affected,
})
