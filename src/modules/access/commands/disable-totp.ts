import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import type { ProcessContext } from '#platform/processes'
import { accessErrors } from '../errors.ts'
import { userEvents } from '../events.ts'
import { forgetAttempts, inTurn, takeAttempt } from '../login-attempts.ts'
import { visibleUser } from '../queries.ts'
import { renewRecoveryCodes } from '../recovery-codes.ts'
import type { RecoveryCodes } from '../schemas.ts'
import { type Codes, findTotp, takeCode } from '../second-factor.ts'
import { db } from '../tables.ts'
import { checkMayManage } from '../user-roles.ts'

/** Turns one's second factor off; asks for a code, counted like a login. */
export async function disableTotp(ctx: ProcessContext, codes: Codes): Promise<void> {
  await withCode(ctx, codes, (tx, user_id) => removeTotp(tx, user_id))
}

/** Ten new recovery codes in place of the old ones; asks for a code, counted like a login. */
export async function replaceRecoveryCodes(
  ctx: ProcessContext,
  codes: Codes,
): Promise<RecoveryCodes> {
  return withCode(ctx, codes, async (tx, user_id, confirmed_at) => ({
    recovery_codes: await renewRecoveryCodes(tx, user_id),
    confirmed_at,
  }))
}

/** Turns the second factor of someone off who lost phone and codes; needs `users:update`. */
export async function resetTotp(ctx: Context, { id }: { id: Id<'user'> }): Promise<void> {
  const user = await visibleUser(ctx, id, 'users:update')
  if (!ctx.actor.may('users:update')) throw accessErrors.user_not_found()
  await checkMayManage(ctx, user.id)
  if (!(await findTotp.first(ctx, { user_id: id }))) throw accessErrors.totp_not_on()
  await removeTotp(ctx, id)
}

/** The attempt is a transaction of its own: a wrong code must stay counted. */
async function withCode<T>(
  ctx: ProcessContext,
  codes: Codes,
  work: (tx: Context, user_id: Id<'user'>, confirmed_at: string) => Promise<T>,
): Promise<T> {
  const { kind, user_id } = ctx.actor
  if (kind !== 'user' || !user_id) throw accessErrors.needs_user()
  const { email } = await ctx.read((tx) => visibleUser(tx, user_id, 'users:update'))
  return inTurn(ctx, email, async () => {
    await ctx.transaction((tx) => takeAttempt(tx, email), 'read committed')
    return ctx.transaction(async (tx) => {
      const totp = await findTotp.first(tx, { user_id })
      if (!totp?.confirmed_at) throw accessErrors.totp_not_on()
      await takeCode(tx, totp, codes)
      await forgetAttempts(tx, email)
      return work(tx, user_id, totp.confirmed_at)
    })
  })
}

async function removeTotp(ctx: Context, user_id: Id<'user'>): Promise<void> {
  await db(ctx).deleteFrom('recovery_codes').where('user_id', '=', user_id).execute()
  await db(ctx).deleteFrom('totp_secrets').where('user_id', '=', user_id).execute()
  emit(ctx, userEvents.totp_disabled({ user_id }))
}
