import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { accessChanges } from '../actor-cache.ts'
import { accessErrors } from '../errors.ts'
import { userEvents } from '../events.ts'
import { userLifecycle } from '../lifecycle.ts'
import { findUser, type StoredUser, visibleUser, wireUser } from '../queries.ts'
import type { User } from '../schemas.ts'
import { indexUsers } from '../search-index.ts'
import { revokeSessions } from '../sessions.ts'
import { db } from '../tables.ts'
import { checkMayManage, refuseLastAdministrator } from '../user-roles.ts'

type Named = { id: Id<'user'> }

/** Locks a user out: sessions end, keys are refused, logging in is too. */
export async function suspendUser(ctx: Context, input: Named): Promise<User> {
  const user = await managed(ctx, input, 'users:update')
  return wireUser(ctx, await moveUser(ctx, user, 'suspend'))
}

/** Lets a suspended user in again. */
export async function activateUser(ctx: Context, input: Named): Promise<User> {
  const user = await managed(ctx, input, 'users:update')
  return wireUser(ctx, await moveUser(ctx, user, 'activate'))
}

/** Closes an account: one's own, or another one with `users:delete`. The e-mail is free again. */
export async function deleteUser(ctx: Context, input: Named): Promise<void> {
  const user = await managed(ctx, input, 'users:delete')
  await moveUser(ctx, user, 'delete')
}

async function managed(ctx: Context, { id }: Named, permission: string): Promise<StoredUser> {
  const { actor } = ctx
  const user = await visibleUser(ctx, id, permission)
  // One closes one's own account, logged in; locking it is for others.
  const isAllowed =
    actor.may(permission) || (permission === 'users:delete' && actor.kind === 'user')
  if (!isAllowed) throw accessErrors.user_not_found()
  await checkMayManage(ctx, id)
  requireVersion(ctx, user.version)
  return user
}

/** Moves a user along the lifecycle, without asking who asks. Never the last administrator away. */
export async function moveUser(
  ctx: Context,
  user: StoredUser,
  move: 'suspend' | 'activate' | 'delete',
): Promise<StoredUser> {
  const status = userLifecycle.next(user.status, move)
  if (move !== 'activate') {
    await refuseLastAdministrator(ctx, user.id)
    await revokeSessions(ctx, { user_id: user.id, because: `user ${status}` })
  }
  const fresh = { ...user, status, version: user.version + 1, updated_at: ctx.now }
  const { version, updated_at } = fresh
  const change = move === 'delete' ? { customer_id: null } : {}
  await db(ctx)
    .updateTable('users')
    .set({ status, version, updated_at, ...change })
    .where('id', '=', user.id)
    .execute()
  if (move === 'delete') await removeCredentials(ctx, user.id)
  await indexUsers(ctx, [user.id])
  await accessChanges(ctx, `user:${user.id}`)
  emit(ctx, MOVED[move]({ user_id: user.id }))
  return { ...fresh, ...change }
}

const MOVED = {
  suspend: userEvents.suspended,
  activate: userEvents.activated,
  delete: userEvents.deleted,
}

/** The same for a module above, which knows a user by id only. Deleted ones stay as they are. */
export async function moveUserById(
  ctx: Context,
  id: Id<'user'>,
  move: 'suspend' | 'activate' | 'delete',
): Promise<void> {
  const user = await findUser.first(ctx, { id })
  if (user && userLifecycle.movesFrom(user.status).includes(move)) await moveUser(ctx, user, move)
}

async function removeCredentials(ctx: Context, user_id: Id<'user'>): Promise<void> {
  const open = db(ctx)
  await open.deleteFrom('user_roles').where('user_id', '=', user_id).execute()
  await open.deleteFrom('recovery_codes').where('user_id', '=', user_id).execute()
  await open.deleteFrom('totp_secrets').where('user_id', '=', user_id).execute()
  await open
    .updateTable('api_keys')
    .set({ revoked_at: ctx.now })
    .where('user_id', '=', user_id)
    .where('revoked_at', 'is', null)
    .execute()
}
