import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { afterId, type Page, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { customerPlaces } from './places.ts'
import { type StoredUser, USER_COLUMNS } from './queries.ts'
import type { ListUsers, User } from './schemas.ts'
import { roleKey, statusKey, userSearch } from './search-index.ts'
import { db } from './tables.ts'

const USERS_SORT = 'users'

/** Users, newest first; each filter narrows. A search reaches the newest thousand that match. */
export async function listUsers(ctx: Context, { skip, ...input }: ListUsers): Promise<Page<User>> {
  const start = pageStart(skip === undefined ? input : { offset: skip, ...input }, USERS_SORT)
  const found = filtered(ctx, input)
  const after = afterId<'user'>(start)
  const from = after ? found.where('id', '<', after) : found.offset(start.offset)
  const rows = await from
    .select(USER_COLUMNS)
    .orderBy('id', 'desc')
    .limit(start.limit + 1)
    .execute()
  const total = await countUpTo(ctx, found)
  const ids = rows.map(({ id }) => id)
  const roles = ids.length === 0 ? [] : await rolesOfUsers(ctx, ids)
  const totp = new Set(ids.length === 0 ? [] : (await totpOfUsers(ctx, ids)).map((t) => t.user_id))
  const item = ({ password_hash: _, ...user }: StoredUser): User => ({
    ...user,
    roles: roles.filter(({ user_id }) => user_id === user.id).map(({ role }) => role),
    totp_enabled: totp.has(user.id),
  })
  return pageOf({ start, sort: USERS_SORT, rows, key: ({ id }) => [id], item, total })
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
