import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { accessErrors } from '../errors.ts'
import { revokeSession } from '../sessions.ts'
import { db } from '../tables.ts'

/** Ends one of the caller's own sessions, on whatever device it is. */
export async function endSession(ctx: Context, { id }: { id: Id<'session'> }): Promise<void> {
  const { user_id, kind } = ctx.actor
  if (!user_id || kind !== 'user') throw accessErrors.needs_user()
  const session = await db(ctx)
    .selectFrom('sessions')
    .select('id')
    .where('id', '=', id)
    .where('user_id', '=', user_id)
    .executeTakeFirst()
  if (!session) throw accessErrors.session_not_found()
  await revokeSession(ctx, { id, because: 'ended by the user' })
}
