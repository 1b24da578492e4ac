import type { Static } from 'typebox'
import type { Context } from '#platform/context'
import { expireReservations } from '../release.ts'
import type { CleanedUp } from '../schemas.ts'

const ROUNDS_MAX = 20

/** Ends promises whose time is over (at most 10,000 a call) and gives their units back. */
export async function cleanupReservations(ctx: Context): Promise<Static<typeof CleanedUp>> {
  let expired_count = 0
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const ended = await expireReservations(ctx)
    expired_count += ended
    if (ended < 500) break
  }
  return { expired_count, already_expired_count: 0, cleaned_at: ctx.now }
}
