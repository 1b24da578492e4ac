import type { ProcessContext } from '#platform/processes'
import { proveCurrentPassword } from '../current-password.ts'
import { accessErrors } from '../errors.ts'
import { visibleUser } from '../queries.ts'
import type { TotpEnrolment } from '../schemas.ts'
import { findTotp } from '../second-factor.ts'
import { db } from '../tables.ts'
import { newTotpSecret, otpauthUrl } from '../totp.ts'

/**
 * Gives the caller a secret for an authenticator app. It asks for the password, because a stolen
 * token must not lock its owner out. Nothing is asked at login before `confirmTotp`.
 */
export async function enrolTotp(
  ctx: ProcessContext,
  input: { current_password: string },
): Promise<TotpEnrolment> {
  const { kind, user_id } = ctx.actor
  if (kind !== 'user' || !user_id) throw accessErrors.needs_user()
  const user = await ctx.read((tx) => visibleUser(tx, user_id, 'users:update'))
  await proveCurrentPassword(ctx, user, input.current_password)
  const secret = newTotpSecret()
  await ctx.transaction(async (tx) => {
    const known = await findTotp.first(tx, { user_id })
    if (known?.confirmed_at) throw accessErrors.totp_already_on()
    const row = { secret, last_step: 0, created_at: tx.now, confirmed_at: null }
    await db(tx)
      .insertInto('totp_secrets')
      .values({ user_id, ...row })
      .onConflict((conflict) => conflict.column('user_id').doUpdateSet(row))
      .execute()
  })
  return { secret, otpauth_url: otpauthUrl(secret, user.email) }
}
