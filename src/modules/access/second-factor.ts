import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { accessErrors } from './errors.ts'
import { db } from './tables.ts'
import { findTotpStep, hashRecoveryCode } from './totp.ts'

export type Codes = { totp_code?: string | undefined; recovery_code?: string | undefined }

export const findTotp = prepared(db, (open, p: { user_id: Id<'user'> }) =>
  open.selectFrom('totp_secrets').selectAll().where('user_id', '=', p.user_id),
)

/** Only a step later than the last one is taken: a code that was seen is worth nothing. */
const takeStep = prepared(db, (open, p: { user_id: Id<'user'>; step: number }) =>
  open
    .updateTable('totp_secrets')
    .set({ last_step: p.step })
    .where('user_id', '=', p.user_id)
    .where('last_step', '<', p.step),
)

const takeRecoveryCode = prepared(
  db,
  (open, p: { user_id: Id<'user'>; code_hash: string; now: string }) =>
    open
      .updateTable('recovery_codes')
      .set({ used_at: p.now })
      .where('user_id', '=', p.user_id)
      .where('code_hash', '=', p.code_hash)
      .where('used_at', 'is', null),
)

/** Takes a code of the app or a recovery code, once. Throws AUTH_TOTP_INVALID (401). */
export async function takeCode(
  ctx: Context,
  totp: { user_id: Id<'user'>; secret: string },
  { totp_code, recovery_code }: Codes,
): Promise<void> {
  const { user_id, secret } = totp
  if (totp_code !== undefined) {
    const step = findTotpStep(secret, totp_code, Date.parse(ctx.now))
    if (step !== undefined && (await takeStep.run(ctx, { user_id, step })).affected === 1) return
  } else if (recovery_code !== undefined) {
    const code_hash = hashRecoveryCode(recovery_code)
    const { affected } = await takeRecoveryCode.run(ctx, { user_id, code_hash, now: ctx.now })
    if (affected === 1) return
  }
  throw accessErrors.totp_invalid()
}
