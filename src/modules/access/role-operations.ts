import { Type } from 'typebox'
import { command, Nothing, query, requestErrors } from '#platform/operations'
import { createRole } from './commands/create-role.ts'
import { deleteRole } from './commands/delete-role.ts'
import { updateRole } from './commands/update-role.ts'
import { accessErrors } from './errors.ts'
import { getRole, listRoles } from './role-queries.ts'
import { CreateRole, Role, RoleName, UpdateRole } from './schemas.ts'

const ByName = Type.Object({ name: RoleName })

/** Roles: four are built in, the shop adds its own. */
export const roleOperations = [
  query('access.list_roles', {
    rest: 'GET /api/v1/roles',
    permission: 'roles:read',
    summary: 'List roles and what they allow',
    input: Type.Object({}),
    output: Type.Array(Role),
    example: {},
    run: (ctx) => listRoles(ctx),
  }),
  query('access.get_role', {
    rest: 'GET /api/v1/roles/:name',
    permission: 'roles:read',
    summary: 'Read a role',
    input: ByName,
    output: Role,
    errors: [accessErrors.role_not_found],
    example: { name: 'staff' },
    run: getRole,
  }),
  command('access.create_role', {
    rest: 'POST /api/v1/roles',
    permission: 'roles:create',
    status: 201,
    summary: 'Make a role of your own',
    description:
      'Permissions are `area:action`, `area:*` or `*`. A role allows no more than its maker may.',
    input: CreateRole,
    output: Role,
    errors: [accessErrors.role_exists, accessErrors.beyond_own_permissions],
    example: { name: 'picker', permissions: ['orders:read', 'inventory:*'] },
    run: createRole,
  }),
  command('access.update_role', {
    rest: 'PUT /api/v1/roles/:name',
    permission: 'roles:update',
    summary: 'Change what a role allows',
    description: 'It holds at once, for tokens and API keys in use too.',
    input: UpdateRole,
    output: Role,
    errors: [
      accessErrors.role_not_found,
      accessErrors.role_built_in,
      accessErrors.beyond_own_permissions,
      requestErrors.version_changed,
    ],
    example: { name: 'picker', permissions: ['orders:read'] },
    run: updateRole,
  }),
  command('access.delete_role', {
    rest: 'DELETE /api/v1/roles/:name',
    permission: 'roles:delete',
    status: 204,
    summary: 'Delete a role that nobody holds',
    input: ByName,
    output: Nothing,
    errors: [
      accessErrors.role_not_found,
      accessErrors.role_built_in,
      accessErrors.role_in_use,
      accessErrors.beyond_own_permissions,
      requestErrors.version_changed,
    ],
    example: { name: 'picker' },
    run: async (ctx, input) => void (await deleteRole(ctx, input)),
  }),
]
