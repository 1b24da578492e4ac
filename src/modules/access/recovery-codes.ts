import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { insertRows } from '#platform/tables'
import { db } from './tables.ts'
import { hashRecoveryCode, newRecoveryCodes } from './totp.ts'

const insertCodes = insertRows(db, 'recovery_codes')

/** Ten new recovery codes; the old ones are worth nothing from now on. */
export async function renewRecoveryCodes(ctx: Context, user_id: Id<'user'>): Promise<string[]> {
  const codes = newRecoveryCodes()
  await db(ctx).deleteFrom('recovery_codes').where('user_id', '=', user_id).execute()
  const rows = codes.map((code) => ({
    id: ctx.newId('recovery_code'),
    user_id,
    code_hash: hashRecoveryCode(code),
    created_at: ctx.now,
    used_at: null,
  }))
  await insertCodes(ctx, { rows })
  return codes
}
