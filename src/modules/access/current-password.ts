import { invalidField } from '#platform/operations'
import type { ProcessContext } from '#platform/processes'
import { accessErrors } from './errors.ts'
import { forgetAttempts, inTurn, takeAttempt } from './login-attempts.ts'
import { verifyPassword } from './passwords.ts'
import { findUser, type StoredUser } from './queries.ts'

/**
 * Proves that the caller, logged in, knows the password of their own account. Throws
 * PASSWORD_WRONG (403); AUTH_MISSING_TOKEN (401) for an API key.
 */
export async function proveOwnPassword(
  ctx: ProcessContext,
  password: string | undefined,
): Promise<void> {
  const { kind, user_id } = ctx.actor
  if (kind !== 'user' || !user_id) throw accessErrors.needs_user()
  const user = await ctx.read((tx) => findUser.first(tx, { id: user_id }))
  if (!user) throw accessErrors.needs_user()
  await proveCurrentPassword(ctx, user, password)
}

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
