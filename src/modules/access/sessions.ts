import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { accessChanges } from './actor-cache.ts'
import { permissionsTogether } from './built-in-roles.ts'
import type { TokenPair } from './schemas.ts'
import { db } from './tables.ts'
import { type Claims, signToken } from './tokens.ts'

type Holder = {
  id: Id<'user'>
  email: string
  first_name: string
  last_name: string
}

const insertSession = prepared(
  db,
  (open, p: { id: Id<'session'>; user_id: Id<'user'>; now: string; expires_at: string }) =>
    open.insertInto('sessions').values({
      id: p.id,
      user_id: p.user_id,
      rotation: 0,
      created_at: p.now,
      refreshed_at: p.now,
      expires_at: p.expires_at,
      revoked_at: null,
      revoked_because: null,
    }),
)

export const rolesOfUser = prepared(db, (open, p: { user_id: Id<'user'> }) =>
  open
    .selectFrom('user_roles')
    .innerJoin('roles', 'roles.name', 'user_roles.role')
    .select(['roles.name', 'roles.permissions'])
    .where('user_roles.user_id', '=', p.user_id)
    .orderBy('roles.name'),
)

/** A new session of a user whose credentials have been proven: its first two tokens. */
export async function startSession(ctx: Context, user: Holder): Promise<TokenPair> {
  const id = ctx.newId('session')
  const expires_at = refreshExpiry(ctx)
  await insertSession.run(ctx, { id, user_id: user.id, now: ctx.now, expires_at })
  return tokenPair(ctx, user, { id, rotation: 0 })
}

/** When a refresh token made now expires. */
export const refreshExpiry = (ctx: Context): string =>
  new Date(Date.parse(ctx.now) + ctx.settings.refresh_token_expiration * 1000).toISOString()

/** The access token, and the one refresh token that the session will take next. */
export async function tokenPair(
  ctx: Context,
  user: Holder,
  session: { id: Id<'session'>; rotation: number },
): Promise<TokenPair> {
  const { auth_audience, auth_issuer, jwt_expiration, refresh_token_expiration } = ctx.settings
  const held = await rolesOfUser(ctx, { user_id: user.id })
  const permissions = permissionsTogether(held)
  const iat = Math.floor(Date.parse(ctx.now) / 1000)
  const common = {
    sub: user.id,
    sid: session.id,
    iat,
    nbf: iat,
    iss: auth_issuer,
    aud: auth_audience,
  }
  const access: Claims = {
    token_type: 'access',
    ...common,
    jti: ctx.newId('token'),
    exp: iat + jwt_expiration,
    name: `${user.first_name} ${user.last_name}`,
    email: user.email,
    roles: held.map(({ name }) => name),
    permissions,
    scope: permissions.join(' '),
  }
  const refresh: Claims = {
    token_type: 'refresh',
    ...common,
    jti: ctx.newId('token'),
    exp: iat + refresh_token_expiration,
    rotation: session.rotation,
  }
  return {
    access_token: signToken(ctx, access),
    refresh_token: signToken(ctx, refresh),
    token_type: 'Bearer',
    expires_in: jwt_expiration,
    refresh_expires_in: refresh_token_expiration,
  }
}

/** Ends one session: its access tokens and refresh tokens are refused everywhere. */
export async function revokeSession(
  ctx: Context,
  { id, because }: { id: Id<'session'>; because: string },
): Promise<void> {
  await db(ctx)
    .updateTable('sessions')
    .set({ revoked_at: ctx.now, revoked_because: because })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute()
  await accessChanges(ctx, `session:${id}`)
}

/** Ends every session of a user, but for one if `except` says so. */
export async function revokeSessions(
  ctx: Context,
  { user_id, because, except }: { user_id: Id<'user'>; because: string; except?: Id<'session'> },
): Promise<void> {
  let update = db(ctx)
    .updateTable('sessions')
    .set({ revoked_at: ctx.now, revoked_because: because })
    .where('user_id', '=', user_id)
    .where('revoked_at', 'is', null)
  if (except) update = update.where('id', '!=', except)
  await update.execute()
  await accessChanges(ctx, `user:${user_id}`)
}
