import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { customerPlaces } from './places.ts'
import { type StoredUser, USER_COLUMNS } from './queries.ts'
import type { ListUsers, User } from './schemas.ts'
import { roleKey, statusKey, userSearch } from './search-index.ts'
import { db } from './tables.ts'

/** Users, newest first; each filter narrows. A search reaches the newest thousand that match. */
export function listUsers(ctx: Context, { skip, ...input }: ListUsers): Promise<Page<User>> {
  return pageById(ctx, skip === undefined ? input : { offset: skip, ...input }, {
    name: 'users',
    rows: filtered(ctx, input).select(USER_COLUMNS),
    tell: (rows) => usersAsTold(ctx, rows),
  })
}

async function usersAsTold(ctx: Context, rows: readonly StoredUser[]): Promise<User[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const roles = await rolesOfUsers(ctx, ids)
  const totp = new Set((await totpOfUsers(ctx, ids)).map(({ user_id }) => user_id))
  return rows.map(({ password_hash: _, ...user }) => ({
    ...user,
    roles: roles.filter(({ user_id }) => user_id === user.id).map(({ role }) => role),
    totp_enabled: totp.has(user.id),
  }))
}

function filtered(ctx: Context, { search, status, role, city, country }: ListUsers) {
  const { engine } = ctx.session
  let found = db(ctx).selectFrom('users').where('status', '<>', 'deleted')
  if (status) found = found.where('status', '=', status)
  if (role) {
    found = found.where('id', 'in', (eb) =>
      eb.selectFrom('user_roles').select('user_id').where('role', '=', role),
    )
  }
  if (search !== undefined) {
    const keys = [...(status ? [statusKey(status)] : []), ...(role ? [roleKey(role)] : [])]
    const query = userSearch.query(engine, search, keys)
    if (!query) return found.where(sql<boolean>`1 = 0`)
    const matches = userSearch.matches(engine, query)
    found = found.where(sql<boolean>`number in (select number from ${matches} as m)`)
  }
  if (city === undefined && country === undefined) return found
  const there = customerPlaces.of(ctx).customersAt({ city, country })
  return found.where('customer_id', 'in', there)
}

const rolesOfUsers = (ctx: Context, ids: readonly Id<'user'>[]) =>
  db(ctx)
    .selectFrom('user_roles')
    .select(['user_id', 'role'])
    .where('user_id', 'in', ids)
    .orderBy('role')
    .execute()

const totpOfUsers = (ctx: Context, ids: readonly Id<'user'>[]) =>
  db(ctx)
    .selectFrom('totp_secrets')
    .select('user_id')
    .where('user_id', 'in', ids)
    .where('confirmed_at', 'is not', null)
    .execute()
