import { invalidField } from '#platform/operations'
import type { ProcessContext } from '#platform/processes'
import { accessChanges } from '../actor-cache.ts'
import { proveCurrentPassword } from '../current-password.ts'
import { accessErrors } from '../errors.ts'
import { checkPassword } from '../password-policy.ts'
import { hashPassword } from '../passwords.ts'
import { findUser, visibleUser } from '../queries.ts'
import type { ChangePassword } from '../schemas.ts'
import { writePassword } from './update-user.ts'

/** Changes one's own password and ends one's other sessions. Others' are changed by updateUser. */
export async function changePassword(
  ctx: ProcessContext,
  input: ChangePassword,
): Promise<{ message: string }> {
  const { actor } = ctx
  const id = input.id ?? actor.user_id
  if (actor.kind !== 'user' || !actor.user_id) throw accessErrors.needs_user()
  if (id !== actor.user_id) throw accessErrors.user_not_found()
  if (input.confirm_password !== undefined && input.confirm_password !== input.new_password) {
    throw invalidField('confirm_password', 'is not the new password')
  }
  const user = await ctx.read((tx) => visibleUser(tx, id, 'users:update'))
  await proveCurrentPassword(ctx, user, input.current_password)
  checkPassword(input.new_password, { email: user.email, own_only: actor.own_only })
  const password_hash = await hashPassword(input.new_password, ctx.settings)
  await ctx.transaction(async (tx) => {
    const now = await findUser.first(tx, { id })
    // Someone else changed it meanwhile: what was proven is no longer the password.
    if (now?.password_hash !== user.password_hash) throw accessErrors.wrong_password()
    await writePassword(tx, id, password_hash)
    await accessChanges(tx, `user:${id}`)
  })
  return { message: 'Password changed; other sessions are logged out' }
}
