import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { accessErrors } from '../errors.ts'
import { roleEvents } from '../events.ts'
import type { CreateRole, Role } from '../schemas.ts'
import { db } from '../tables.ts'
import { checkCovered } from '../user-roles.ts'

const insertRole = prepared(db, (open, p: Role) =>
  open
    .insertInto('roles')
    .values({
      name: p.name,
      description: p.description,
      permissions: p.permissions,
      built_in: p.built_in,
      version: p.version,
      created_at: p.created_at,
      updated_at: p.updated_at,
    })
    .onConflict((conflict) => conflict.column('name').doNothing()),
)

/** Makes a role of the shop's own, which allows no more than its maker may. */
export async function createRole(ctx: Context, input: CreateRole): Promise<Role> {
  const { name, permissions } = input
  checkCovered(ctx, permissions)
  const role: Role = {
    name,
    description: input.description ?? '',
    permissions,
    built_in: false,
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  const { affected } = await insertRole.run(ctx, role)
  if (affected === 0) throw accessErrors.role_exists({ role: name })
  emit(ctx, roleEvents.created({ role: name, permissions }))
  return role
}
