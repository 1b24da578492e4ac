import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { accessChanges } from '../actor-cache.ts'
import { accessErrors } from '../errors.ts'
import { apiKeyEvents } from '../events.ts'
import { db } from '../tables.ts'

/** Refuses a key from now on, in every process. One's own, or anyone's with `users:update`. */
export async function revokeApiKey(ctx: Context, { id }: { id: Id<'api_key'> }): Promise<void> {
  const key = await db(ctx)
    .selectFrom('api_keys')
    .select(['user_id', 'revoked_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  const mayRevoke = key && (key.user_id === ctx.actor.user_id || ctx.actor.may('users:update'))
  if (!mayRevoke) throw accessErrors.api_key_not_found()
  if (key.revoked_at !== null) return
  await db(ctx).updateTable('api_keys').set({ revoked_at: ctx.now }).where('id', '=', id).execute()
  await accessChanges(ctx, `key:${id}`)
  emit(ctx, apiKeyEvents.revoked({ api_key_id: id, user_id: key.user_id }))
}
