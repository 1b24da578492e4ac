import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { accessErrors } from '../errors.ts'
import { userEvents } from '../events.ts'
import { renewRecoveryCodes } from '../recovery-codes.ts'
import type { RecoveryCodes } from '../schemas.ts'
import { findTotp, takeCode } from '../second-factor.ts'
import { db } from '../tables.ts'

/** Turns the second factor on with a first code of the app, and answers the recovery codes. */
export async function confirmTotp(
  ctx: Context,
  input: { totp_code: string },
): Promise<RecoveryCodes> {
  const { kind, user_id } = ctx.actor
  if (kind !== 'user' || !user_id) throw accessErrors.needs_user()
  const totp = await findTotp.first(ctx, { user_id })
  if (!totp) throw accessErrors.totp_not_on()
  if (totp.confirmed_at) throw accessErrors.totp_already_on()
  await takeCode(ctx, totp, input)
  await db(ctx)
    .updateTable('totp_secrets')
    .set({ confirmed_at: ctx.now })
    .where('user_id', '=', user_id)
    .execute()
  emit(ctx, userEvents.totp_enabled({ user_id }))
  return { recovery_codes: await renewRecoveryCodes(ctx, user_id), confirmed_at: ctx.now }
}
