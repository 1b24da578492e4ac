import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import type { ProcessContext } from '#platform/processes'
import { accessErrors } from '../errors.ts'
import { sessionEvents } from '../events.ts'
import { findUser } from '../queries.ts'
import type { Refresh, TokenPair } from '../schemas.ts'
import { refreshExpiry, revokeSession, tokenPair } from '../sessions.ts'
import { db } from '../tables.ts'
import { readToken } from '../tokens.ts'

type Shown = { id: Id<'session'>; rotation: number }

/** The whole decision: of any number that show the same token at once, one moves the session on. */
const rotate = prepared(db, (open, p: Shown & { next: number; now: string; expires_at: string }) =>
  open
    .updateTable('sessions')
    .set({ rotation: p.next, refreshed_at: p.now, expires_at: p.expires_at })
    .where('id', '=', p.id)
    .where('rotation', '=', p.rotation)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', p.now)
    .returning('user_id'),
)

const findSession = prepared(db, (open, p: { id: Id<'session'> }) =>
  open.selectFrom('sessions').selectAll().where('id', '=', p.id),
)

/**
 * Trades a refresh token for a new pair. A token that was traded before means that two hold a copy,
 * and nobody can tell which of them is the user: the session ends for both. That must be committed,
 * so the refusal is thrown after the transaction, not in it.
 */
export async function refresh(ctx: ProcessContext, input: Refresh): Promise<TokenPair> {
  const outcome = await ctx.transaction(async (tx) => {
    const now_ms = Date.parse(tx.now)
    const claims = readToken(tx, input.refresh_token, { token_type: 'refresh', now_ms })
    const shown = { id: claims.sid as Id<'session'>, rotation: claims.rotation ?? -1 }
    return (await moveOn(tx, shown)) ?? endIfReused(tx, shown)
  }, 'read committed')
  if (outcome === 'refused') throw accessErrors.revoked_token()
  return outcome
}

async function moveOn(ctx: Context, { id, rotation }: Shown): Promise<TokenPair | undefined> {
  const next = rotation + 1
  const expires_at = refreshExpiry(ctx)
  const moved = await rotate.first(ctx, { id, rotation, next, now: ctx.now, expires_at })
  if (!moved) return undefined
  const user = await findUser.first(ctx, { id: moved.user_id })
  if (user?.status !== 'active') throw accessErrors.revoked_token()
  return tokenPair(ctx, user, { id, rotation: next })
}

async function endIfReused(ctx: Context, { id, rotation }: Shown): Promise<'refused'> {
  const session = await findSession.first(ctx, { id })
  if (session && session.revoked_at === null && session.rotation > rotation) {
    await revokeSession(ctx, { id, because: 'refresh token used twice' })
    emit(ctx, sessionEvents.reuse_detected({ session_id: id, user_id: session.user_id }))
  }
  return 'refused'
}
