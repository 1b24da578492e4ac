import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { insertRows } from '#platform/tables'
import { permissionsOf } from './built-in-roles.ts'
import { accessErrors } from './errors.ts'
import { rolesOfUser } from './sessions.ts'
import { db } from './tables.ts'

const insertUserRoles = insertRows(db, 'user_roles')

/** Gives roles to a user who does not hold them yet. */
export async function giveRoles(
  ctx: Context,
  user_id: Id<'user'>,
  roles: readonly string[],
): Promise<void> {
  const rows = roles.map((role) => ({ user_id, role, granted_at: ctx.now }))
  if (rows.length > 0) await insertUserRoles(ctx, { rows })
}

/** Makes `roles` the roles of a user. Refuses to leave the house without an administrator. */
export async function replaceRoles(
  ctx: Context,
  user_id: Id<'user'>,
  roles: readonly string[],
): Promise<void> {
  const held = (await rolesOfUser(ctx, { user_id })).map(({ name }) => name)
  if (held.includes('admin') && !roles.includes('admin'))
    await refuseLastAdministrator(ctx, user_id)
  const gone = held.filter((role) => !roles.includes(role))
  if (gone.length > 0) {
    await db(ctx)
      .deleteFrom('user_roles')
      .where('user_id', '=', user_id)
      .where('role', 'in', gone)
      .execute()
  }
  await giveRoles(
    ctx,
    user_id,
    roles.filter((role) => !held.includes(role)),
  )
}

/** Refuses roles that do not exist, and roles that allow more than the caller may. */
export async function checkRolesToGive(ctx: Context, roles: readonly string[]): Promise<void> {
  if (roles.length === 0) return
  const known = await db(ctx)
    .selectFrom('roles')
    .select(['name', 'permissions'])
    .where('name', 'in', roles)
    .execute()
  const unknown = roles.find((role) => !known.some(({ name }) => name === role))
  if (unknown) throw accessErrors.unknown_role({ role: unknown })
  checkCovered(ctx, permissionsOfStaff(known))
}

/**
 * Refuses to act on a user who may more than the caller: a manager resets no administrator, and a
 * narrow API key does not turn into its owner. Oneself, logged in, one may always manage.
 */
export async function checkMayManage(ctx: Context, user_id: Id<'user'>): Promise<void> {
  if (ctx.actor.kind === 'user' && ctx.actor.user_id === user_id) return
  checkCovered(ctx, permissionsOfStaff(await rolesOfUser(ctx, { user_id })))
}

/** Customers reach only what is their own, so anyone may give that role and manage who holds it. */
const permissionsOfStaff = (roles: readonly Parameters<typeof permissionsOf>[0][]) =>
  roles.filter(({ name }) => name !== 'customer').flatMap(permissionsOf)

/** Refuses when a permission is not held by the caller. */
export function checkCovered(ctx: Context, permissions: readonly string[]): void {
  const permission = permissions.find((wanted) => !ctx.actor.may(wanted))
  if (permission) throw accessErrors.beyond_own_permissions({ permission })
}

/** Whether someone other than `user_id` is an active administrator. */
export async function hasAdministrator(ctx: Context, but?: Id<'user'>): Promise<boolean> {
  let admins = db(ctx)
    .selectFrom('user_roles')
    .innerJoin('users', 'users.id', 'user_roles.user_id')
    .select('users.id')
    .where('user_roles.role', '=', 'admin')
    .where('users.status', '=', 'active')
    .limit(1)
  if (but) admins = admins.where('users.id', '!=', but)
  return (await admins.executeTakeFirst()) !== undefined
}

/** Throws USER_LAST_ADMINISTRATOR (409) if this user is an administrator and the only one. */
export async function refuseLastAdministrator(ctx: Context, user_id: Id<'user'>): Promise<void> {
  const roles = await rolesOfUser(ctx, { user_id })
  const isOne = roles.some(({ name }) => name === 'admin')
  if (isOne && !(await hasAdministrator(ctx, user_id))) throw accessErrors.last_administrator()
}
