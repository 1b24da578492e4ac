import { invalidField } from '#platform/operations'
import type { ProcessContext } from '#platform/processes'
import { accessErrors } from './errors.ts'
import { forgetAttempts, inTurn, takeAttempt } from './login-attempts.ts'
import { verifyPassword } from './passwords.ts'
import type { StoredUser } from './queries.ts'

/**
 * Proves that whoever holds the token also knows the password. Counted like a login, so that a
 * stolen token does not open a way to guess. Throws PASSWORD_WRONG (403).
 */
export async function proveCurrentPassword(
  ctx: ProcessContext,
  user: StoredUser,
  password: string | undefined,
): Promise<void> {
  if (password === undefined) throw invalidField('current_password', 'is required')
  await inTurn(ctx, user.email, async () => {
    await ctx.transaction((tx) => takeAttempt(tx, user.email), 'read committed')
    if (!(await verifyPassword(password, user.password_hash))) throw accessErrors.wrong_password()
    await ctx.transaction((tx) => forgetAttempts(tx, user.email), 'read committed')
  })
}
