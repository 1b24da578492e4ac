import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf } from '#kit/pages'
import { command, Nothing, process, query, requestErrors } from '#platform/operations'
import { changePassword } from './commands/change-password.ts'
import { activateUser, deleteUser, suspendUser } from './commands/change-user-status.ts'
import { resetTotp } from './commands/disable-totp.ts'
import { updateUser } from './commands/update-user.ts'
import { accessErrors } from './errors.ts'
import { listUsers } from './list-users.ts'
import { getMe, getUser, getUserByEmail } from './queries.ts'
import { ChangePassword, Email, ListUsers, Me, UpdateMe, UpdateUser, User } from './schemas.ts'

const ById = Type.Object({ id: IdSchema('user') })
const id = '019aa5c0-0000-7000-8000-000000000001'

/** Users and one's own profile. Making users is a matter of the customers module, above. */
export const userOperations = [
  query('access.list_users', {
    rest: 'GET /api/v1/users',
    permission: 'users:read',
    summary: 'List users',
    description: 'Newest first. Every word of `search` must be in a name or in the e-mail.',
    input: ListUsers,
    output: PageOf(User),
    example: { search: 'ada', limit: 20 },
    run: listUsers,
  }),
  query('access.get_me', {
    rest: 'GET /api/v1/users/me',
    aliases: ['GET /api/v1/users/profile', 'GET /api/v1/auth/me', 'GET /auth/me'],
    permission: 'signed_in',
    summary: 'Read your own profile and permissions',
    input: Type.Object({}),
    output: Me,
    errors: [accessErrors.needs_user],
    example: {},
    run: (ctx) => getMe(ctx),
  }),
  process('access.update_me', {
    rest: 'PUT /api/v1/users/me',
    aliases: ['PUT /api/v1/users/profile'],
    permission: 'signed_in',
    summary: 'Change your own profile',
    description: 'A new e-mail or password asks for `current_password`.',
    input: UpdateMe,
    output: User,
    errors: [
      accessErrors.email_taken,
      accessErrors.weak_password,
      accessErrors.wrong_password,
      accessErrors.too_many_attempts,
      accessErrors.needs_user,
      requestErrors.version_changed,
    ],
    example: { first_name: 'Ada', last_name: 'King' },
    run: async (ctx, input) => {
      const { user_id } = ctx.actor
      if (!user_id) throw accessErrors.needs_user()
      // Members that are not ours are carried along: nobody gives roles to themselves here.
      const { roles: _, ...own } = input as UpdateMe & { roles?: unknown }
      return updateUser(ctx, { ...own, id: user_id })
    },
  }),
  process('access.change_password', {
    rest: 'POST /api/v1/users/me/change-password',
    aliases: ['POST /api/v1/users/:id/change-password'],
    permission: 'signed_in',
    summary: 'Change your own password',
    description: 'Your other sessions end.',
    input: ChangePassword,
    output: Type.Object({ message: Type.String() }),
    errors: [
      accessErrors.weak_password,
      accessErrors.wrong_password,
      accessErrors.too_many_attempts,
      accessErrors.needs_user,
      accessErrors.user_not_found,
    ],
    example: { current_password: 'the-old-one-was-fine', new_password: 'the-new-one-is-better' },
    run: changePassword,
  }),
  query('access.get_user_by_email', {
    rest: 'GET /api/v1/users/email/:email',
    permission: 'users:read',
    summary: 'Find a user by e-mail',
    input: Type.Object({ email: Email }),
    output: User,
    errors: [accessErrors.user_not_found],
    example: { email: 'ada@example.com' },
    run: getUserByEmail,
  }),
  query('access.get_user', {
    rest: 'GET /api/v1/users/:id',
    permission: 'signed_in',
    summary: 'Read a user',
    description: 'Yourself, or anyone with `users:read`.',
    input: ById,
    output: User,
    errors: [accessErrors.user_not_found],
    example: { id },
    run: getUser,
  }),
  process('access.update_user', {
    rest: 'PUT /api/v1/users/:id',
    permission: 'signed_in',
    summary: 'Change a user',
    description:
      'Yourself, or anyone with `users:update` who may no more than you. `roles` needs `roles:assign`, and gives no more than you hold.',
    input: UpdateUser,
    output: User,
    errors: [
      accessErrors.user_not_found,
      accessErrors.email_taken,
      accessErrors.weak_password,
      accessErrors.wrong_password,
      accessErrors.too_many_attempts,
      accessErrors.unknown_role,
      accessErrors.beyond_own_permissions,
      accessErrors.last_administrator,
      requestErrors.version_changed,
    ],
    example: { id, first_name: 'Ada', roles: ['staff'] },
    run: updateUser,
  }),
  command('access.suspend_user', {
    rest: 'POST /api/v1/users/:id/suspend',
    permission: 'users:update',
    summary: 'Lock a user out',
    description: 'Sessions end, API keys are refused, logging in is refused.',
    input: ById,
    output: User,
    errors: [
      accessErrors.user_not_found,
      accessErrors.beyond_own_permissions,
      accessErrors.last_administrator,
      requestErrors.version_changed,
    ],
    example: { id },
    run: suspendUser,
  }),
  command('access.activate_user', {
    rest: 'POST /api/v1/users/:id/activate',
    permission: 'users:update',
    summary: 'Let a suspended user in again',
    input: ById,
    output: User,
    errors: [
      accessErrors.user_not_found,
      accessErrors.beyond_own_permissions,
      requestErrors.version_changed,
    ],
    example: { id },
    run: activateUser,
  }),
  command('access.delete_user', {
    rest: 'DELETE /api/v1/users/:id',
    permission: 'signed_in',
    status: 204,
    summary: 'Close an account',
    description: 'Your own, or another one with `users:delete`. What the user did remains.',
    input: ById,
    output: Nothing,
    errors: [
      accessErrors.user_not_found,
      accessErrors.beyond_own_permissions,
      accessErrors.last_administrator,
      requestErrors.version_changed,
    ],
    example: { id },
    run: async (ctx, input) => void (await deleteUser(ctx, input)),
  }),
  command('access.reset_totp', {
    rest: 'DELETE /api/v1/users/:id/totp',
    permission: 'users:update',
    status: 204,
    summary: 'Turn off the second factor of a user who lost it',
    input: ById,
    output: Nothing,
    errors: [
      accessErrors.user_not_found,
      accessErrors.beyond_own_permissions,
      accessErrors.totp_not_on,
    ],
    example: { id },
    run: async (ctx, input) => void (await resetTotp(ctx, input)),
  }),
]
