import type { Context } from '#platform/context'
import { BUILT_IN_ROLES, type BuiltInRole, permissionsOf } from './built-in-roles.ts'
import { accessErrors } from './errors.ts'
import type { Role } from './schemas.ts'
import { db } from './tables.ts'

/** One role with what it allows. */
export async function getRole(ctx: Context, { name }: { name: string }): Promise<Role> {
  const role = await db(ctx)
    .selectFrom('roles')
    .selectAll()
    .where('name', '=', name)
    .executeTakeFirst()
  if (!role) throw accessErrors.role_not_found({ role: name })
  return wireRole(role)
}

/** All roles by name: a shop has a handful, so there are no pages to turn. */
export async function listRoles(ctx: Context): Promise<Role[]> {
  const roles = await db(ctx)
    .selectFrom('roles')
    .selectAll()
    .orderBy('name')
    .limit(ROLES_MAX)
    .execute()
  return roles.map(wireRole)
}

const ROLES_MAX = 1000

const wireRole = (role: Role): Role => ({
  ...role,
  description: BUILT_IN_ROLES[role.name as BuiltInRole]?.description ?? role.description,
  permissions: [...permissionsOf(role)],
})
