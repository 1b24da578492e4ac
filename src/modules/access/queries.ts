import type { Id } from '#kit/ids'
import type { Page, PageQuery } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { prepared } from '#platform/database/prepared'
import { permissionsTogether } from './built-in-roles.ts'
import { accessErrors } from './errors.ts'
import { type ApiKey, type Me, normalEmail, type Session, type User } from './schemas.ts'
import { findTotp } from './second-factor.ts'
import { rolesOfUser } from './sessions.ts'
import { db } from './tables.ts'

const { number: _, ...known } = db.tables.users.properties
/** All that is known of a user but the number, which is the search index's own. */
export const USER_COLUMNS = Object.keys(known) as (keyof typeof known)[]

/** A user not deleted, by the normal form of the e-mail; the password hash included. */
export const findUserByEmail = prepared(db, (open, p: { email: string }) =>
  open
    .selectFrom('users')
    .select(USER_COLUMNS)
    .where('email', '=', p.email)
    .where('status', '<>', 'deleted'),
)

export const findUser = prepared(db, (open, p: { id: Id<'user'> }) =>
  open
    .selectFrom('users')
    .select(USER_COLUMNS)
    .where('id', '=', p.id)
    .where('status', '<>', 'deleted'),
)
export type StoredUser = NonNullable<Awaited<ReturnType<typeof findUser.first>>>

/**
 * A user whom the caller may see or change: themselves, or anyone with the permission. A foreign
 * one is AUTH_USER_NOT_FOUND (404) like none.
 */
export async function visibleUser(
  ctx: Context,
  id: Id<'user'>,
  permission: string,
): Promise<StoredUser> {
  const { user_id, own_only } = ctx.actor
  const maySee = user_id === id || (!own_only && ctx.actor.may(permission))
  const user = maySee ? await findUser.first(ctx, { id }) : undefined
  if (!user) throw accessErrors.user_not_found()
  return user
}

/** One user as the wire shows them: without the hash. */
export async function getUser(ctx: Context, { id }: { id: Id<'user'> }): Promise<User> {
  return wireUser(ctx, await visibleUser(ctx, id, 'users:read'))
}

/** A user by e-mail, for whoever may read users. */
export async function getUserByEmail(ctx: Context, { email }: { email: string }): Promise<User> {
  const user = await findUserByEmail.first(ctx, { email: normalEmail(email) })
  if (!user) throw accessErrors.user_not_found()
  return wireUser(ctx, user)
}

/** Who asks, and what they may do. */
export async function getMe(ctx: Context): Promise<Me> {
  const { user_id } = ctx.actor
  if (!user_id) throw accessErrors.needs_user()
  const user = await getUser(ctx, { id: user_id })
  const held = await rolesOfUser(ctx, { user_id })
  return { ...user, permissions: permissionsTogether(held) }
}

/** The wire form of a stored user. */
export async function wireUser(ctx: Context, stored: StoredUser): Promise<User> {
  const { password_hash: _, ...user } = stored
  const roles = await rolesOfUser(ctx, { user_id: user.id })
  const totp = await findTotp.first(ctx, { user_id: user.id })
  return {
    ...user,
    roles: roles.map(({ name }) => name),
    totp_enabled: totp !== undefined && totp.confirmed_at !== null,
  }
}

/** API keys, newest first: one's own, or those of another user for whoever may read users. */
export async function listApiKeys(
  ctx: Context,
  input: PageQuery & { user_id?: Id<'user'> },
): Promise<Page<ApiKey>> {
  const { user_id: mine } = ctx.actor
  const user_id = input.user_id ?? mine
  if (!user_id || (user_id !== mine && !ctx.actor.may('users:read'))) {
    throw accessErrors.user_not_found()
  }
  const rows = db(ctx)
    .selectFrom('api_keys')
    .select(['id', 'user_id', 'name', 'prefix', 'permissions', 'created_at'])
    .select(['expires_at', 'last_used_at', 'revoked_at'])
    .where('user_id', '=', user_id)
  return pageById(ctx, input, { name: 'api_keys', rows, tell: (keys) => keys })
}

/** The caller's open sessions, newest first. */
export async function listSessions(ctx: Context, input: PageQuery): Promise<Page<Session>> {
  const { user_id, session_id } = ctx.actor
  if (!user_id) throw accessErrors.needs_user()
  const rows = db(ctx)
    .selectFrom('sessions')
    .select(['id', 'created_at', 'refreshed_at', 'expires_at'])
    .where('user_id', '=', user_id)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', ctx.now)
  return pageById(ctx, input, {
    name: 'sessions',
    rows,
    tell: (found) => found.map((row) => ({ ...row, is_current: row.id === session_id })),
  })
}
