import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { accessChanges } from '../actor-cache.ts'
import { accessErrors } from '../errors.ts'
import { roleEvents } from '../events.ts'
import { getRole } from '../role-queries.ts'
import type { Role, UpdateRole } from '../schemas.ts'
import { db } from '../tables.ts'
import { checkCovered } from '../user-roles.ts'

/** Changes what a role of the shop's own allows; it holds at once, for tokens in use too. */
export async function updateRole(ctx: Context, input: UpdateRole): Promise<Role> {
  const role = await getRole(ctx, input)
  requireVersion(ctx, role.version)
  if (role.built_in) throw accessErrors.role_built_in({ role: role.name })
  checkCovered(ctx, role.permissions)
  if (input.permissions) checkCovered(ctx, input.permissions)
  const change = {
    description: input.description ?? role.description,
    permissions: input.permissions ?? role.permissions,
    version: role.version + 1,
    updated_at: ctx.now,
  }
  await db(ctx).updateTable('roles').set(change).where('name', '=', role.name).execute()
  await accessChanges(ctx, '*')
  emit(ctx, roleEvents.updated({ role: role.name, permissions: change.permissions }))
  return { ...role, ...change }
}
