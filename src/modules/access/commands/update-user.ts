import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { isDuplicate } from '#platform/database/duplicates'
import { emit } from '#platform/events'
import { requestErrors } from '#platform/operations'
import type { ProcessContext } from '#platform/processes'
import { requireVersion } from '#platform/versions'
import { accessChanges } from '../actor-cache.ts'
import { proveCurrentPassword } from '../current-password.ts'
import { accessErrors } from '../errors.ts'
import { userEvents } from '../events.ts'
import { checkPassword } from '../password-policy.ts'
import { hashPassword } from '../passwords.ts'
import { findUser, type StoredUser, visibleUser, wireUser } from '../queries.ts'
import { normalEmail, type UpdateUser, type User } from '../schemas.ts'
import { indexUsers } from '../search-index.ts'
import { revokeSessions, rolesOfUser } from '../sessions.ts'
import { db } from '../tables.ts'
import { checkMayManage, checkRolesToGive, replaceRoles } from '../user-roles.ts'

/**
 * Changes a user: oneself (a new e-mail or password asks for the current password), or another one
 * with `users:update`, as long as they may no more than the caller. A new password ends the user's
 * other sessions. Hashes are computed before the transaction.
 */
export async function updateUser(ctx: ProcessContext, input: UpdateUser): Promise<User> {
  const target = await ctx.read(async (tx) => {
    const user = await visibleUser(tx, input.id, 'users:update')
    await checkMayChange(tx, user, input)
    return { ...user, own_only: (await rolesOfUser(tx, { user_id: user.id })).every(isCustomer) }
  })
  const email = input.email === undefined ? target.email : normalEmail(input.email)
  const isSensitive = input.password !== undefined || email !== target.email
  if (isSensitive && isSelf(ctx, target)) {
    await proveCurrentPassword(ctx, target, input.current_password)
  }
  if (input.password !== undefined) checkPassword(input.password, { ...target, email })
  const password_hash =
    input.password === undefined ? undefined : await hashPassword(input.password, ctx.settings)
  return ctx.transaction((tx) => store(tx, input, { email, password_hash }))
}

const isCustomer = ({ name }: { name: string }) => name === 'customer'

const isSelf = ({ actor }: ProcessContext, { id }: StoredUser) =>
  actor.kind === 'user' && actor.user_id === id

/** A key of one's own is not oneself: it changes users only where it is allowed to. */
async function checkMayChange(ctx: Context, user: StoredUser, input: UpdateUser): Promise<void> {
  const { actor } = ctx
  if (actor.kind === 'api_key' && !actor.may('users:update')) throw accessErrors.needs_user()
  await checkMayManage(ctx, user.id)
  if (input.roles === undefined) return
  if (!actor.may('roles:assign')) throw requestErrors.forbidden({ permission: 'roles:assign' })
  await checkRolesToGive(ctx, input.roles)
}

async function store(
  ctx: Context,
  input: UpdateUser,
  made: { email: string; password_hash: string | undefined },
): Promise<User> {
  const user = await findUser.first(ctx, { id: input.id })
  if (!user) throw accessErrors.user_not_found()
  requireVersion(ctx, user.version)
  await checkMayChange(ctx, user, input)
  const fresh = await writeProfile(ctx, user, { ...input, email: made.email })
  if (made.password_hash !== undefined) await writePassword(ctx, user.id, made.password_hash)
  if (input.roles !== undefined) await replaceRoles(ctx, user.id, input.roles)
  await indexUsers(ctx, [user.id])
  await accessChanges(ctx, `user:${user.id}`)
  return wireUser(ctx, fresh)
}

export type Profile = Partial<Pick<StoredUser, 'email' | 'first_name' | 'last_name' | 'phone'>>
const MEMBERS = ['email', 'first_name', 'last_name', 'phone'] as const

/** Writes what is known of a person. Throws USER_EMAIL_TAKEN (409); the unique index decides. */
export async function writeProfile(
  ctx: Context,
  user: StoredUser,
  profile: Profile & { roles?: unknown },
): Promise<StoredUser> {
  const fresh = { ...user, version: user.version + 1, updated_at: ctx.now }
  for (const member of MEMBERS) {
    if (profile[member] !== undefined) Object.assign(fresh, { [member]: profile[member] })
  }
  const { email, first_name, last_name, phone, version, updated_at } = fresh
  await db(ctx)
    .updateTable('users')
    .set({ email, first_name, last_name, phone, version, updated_at })
    .where('id', '=', user.id)
    .execute()
    .catch((error) => {
      if (!isDuplicate(error, { index: 'users_by_email', columns: 'users.email' })) throw error
      throw accessErrors.email_taken({ field: 'email' })
    })
  const changed: string[] = MEMBERS.filter((member) => fresh[member] !== user[member])
  if (profile.roles !== undefined) changed.push('roles')
  if (changed.length > 0) {
    emit(ctx, userEvents.updated({ user_id: user.id, changed }))
  }
  return fresh
}

/** Writes a password and ends every session but the caller's own. */
export async function writePassword(
  ctx: Context,
  id: Id<'user'>,
  password_hash: string,
): Promise<void> {
  await db(ctx).updateTable('users').set({ password_hash }).where('id', '=', id).execute()
  const { user_id, session_id } = ctx.actor
  const except = user_id === id && session_id ? { except: session_id } : {}
  await revokeSessions(ctx, { user_id: id, because: 'password changed', ...except })
  emit(ctx, userEvents.password_changed({ user_id: id }))
}
