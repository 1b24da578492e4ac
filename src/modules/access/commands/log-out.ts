import type { Context } from '#platform/context'
import { accessErrors } from '../errors.ts'
import { revokeSession } from '../sessions.ts'

/** Ends the session of the token that asks: all its tokens are refused, in every process. */
export async function logOut(ctx: Context): Promise<{ message: string }> {
  const { session_id } = ctx.actor
  if (!session_id) throw accessErrors.needs_user()
  await revokeSession(ctx, { id: session_id, because: 'logged out' })
  return { message: 'Successfully logged out' }
}
