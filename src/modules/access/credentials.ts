import { type Id, isUuid } from '#kit/ids'
import type { Actor, Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { permissionsTogether } from './built-in-roles.ts'
import { bothGrant, grantsOf } from './permissions.ts'
import { db } from './tables.ts'

/** A row for each role of the session's user; one row without a role if there is none. */
const sessionRows = prepared(db, (open, p: { id: Id<'session'> }) =>
  open
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .leftJoin('user_roles', 'user_roles.user_id', 'users.id')
    .leftJoin('roles', 'roles.name', 'user_roles.role')
    .select([
      'sessions.revoked_at',
      'users.id as user_id',
      'users.status',
      'users.customer_id',
      'roles.name as role',
      'roles.permissions as role_permissions',
    ])
    .where('sessions.id', '=', p.id),
)

const keyRows = prepared(db, (open, p: { key_hash: string }) =>
  open
    .selectFrom('api_keys')
    .innerJoin('users', 'users.id', 'api_keys.user_id')
    .leftJoin('user_roles', 'user_roles.user_id', 'users.id')
    .leftJoin('roles', 'roles.name', 'user_roles.role')
    .select([
      'api_keys.id as key_id',
      'api_keys.permissions',
      'api_keys.expires_at',
      'api_keys.last_used_at',
      'api_keys.revoked_at',
      'users.id as user_id',
      'users.status',
      'users.customer_id',
      'roles.name as role',
      'roles.permissions as role_permissions',
    ])
    .where('api_keys.key_hash', '=', p.key_hash),
)

const touchKey = prepared(db, (open, p: { id: Id<'api_key'>; now: string; before: string }) =>
  open
    .updateTable('api_keys')
    .set({ last_used_at: p.now })
    .where('id', '=', p.id)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<=', p.before)])),
)

const keyById = prepared(db, (open, p: { id: Id<'api_key'> }) =>
  open.selectFrom('api_keys').select(['id', 'name', 'revoked_at']).where('id', '=', p.id),
)

/** An API key by its id, without what it opens; undefined if there is none. */
export const apiKeyOf = (ctx: Context, id: Id<'api_key'>) => keyById.first(ctx, { id })

/** What the ids of actors that are API keys begin with. */
const API_KEY = 'api_key:'

/** The key that an actor is; undefined for all others, and for whoever only calls itself one. */
export function apiKeyIdOf({ kind, id }: Actor): Id<'api_key'> | undefined {
  const key_id = id.slice(API_KEY.length)
  const isKey = kind === 'api_key' && id.startsWith(API_KEY) && isUuid(key_id)
  return isKey ? (key_id as Id<'api_key'>) : undefined
}

/** The session of an access token and who is behind it; undefined if there is no such session. */
export async function findSession(ctx: Context, id: Id<'session'>) {
  const rows = await sessionRows(ctx, { id })
  const [first] = rows
  if (!first) return undefined
  const { revoked_at, status } = first
  return { revoked_at, status, actor: { ...userActor(rows), session_id: id } }
}

/** The API key of this hash and who is behind it; undefined if there is no such key. */
export async function findApiKey(ctx: Context, key_hash: string) {
  const rows = await keyRows(ctx, { key_hash })
  const [first] = rows
  if (!first) return undefined
  const { key_id, permissions, ...key } = first
  const owner = userActor(rows)
  const actor: Actor = {
    ...owner,
    kind: 'api_key',
    id: API_KEY + key_id,
    may: bothGrant(grantsOf(permissions), owner.may),
  }
  return { ...key, key_id, actor }
}

/** Writes down when a key was used, if the last use known is not after `before`. */
export const writeKeyUse = (ctx: Context, id: Id<'api_key'>, before: string) =>
  touchKey.run(ctx, { id, now: ctx.now, before })

type OwnerRow = {
  user_id: Id<'user'>
  customer_id: Id<'customer'> | null
  role: string | null
  role_permissions: readonly string[] | null
}

function userActor(rows: readonly OwnerRow[]): Actor {
  const { user_id, customer_id } = rows[0] as OwnerRow
  const held = rows.flatMap(({ role, role_permissions }) =>
    role === null ? [] : [{ name: role, permissions: role_permissions ?? [] }],
  )
  const roles = held.map(({ name }) => name)
  return {
    kind: 'user',
    id: `user:${user_id}`,
    user_id,
    customer_id,
    own_only: roles.every((name) => name === 'customer'),
    roles,
    may: grantsOf(permissionsTogether(held)),
  }
}
