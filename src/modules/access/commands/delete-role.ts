import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { accessErrors } from '../errors.ts'
import { roleEvents } from '../events.ts'
import { getRole } from '../role-queries.ts'
import { db } from '../tables.ts'
import { checkCovered } from '../user-roles.ts'

/** Deletes a role that nobody holds. The foreign key decides if someone is just being given it. */
export async function deleteRole(ctx: Context, input: { name: string }): Promise<void> {
  const role = await getRole(ctx, input)
  requireVersion(ctx, role.version)
  if (role.built_in) throw accessErrors.role_built_in({ role: role.name })
  checkCovered(ctx, role.permissions)
  const holder = await db(ctx)
    .selectFrom('user_roles')
    .select('user_id')
    .where('role', '=', role.name)
    .limit(1)
    .executeTakeFirst()
  if (holder) throw accessErrors.role_in_use({ role: role.name })
  await db(ctx).deleteFrom('roles').where('name', '=', role.name).execute()
  emit(ctx, roleEvents.deleted({ role: role.name }))
}
