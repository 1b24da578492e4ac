import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { codeKey } from './codes.ts'
import { promotionErrors } from './errors.ts'
import { db } from './tables.ts'

/** Gives a promotion its own code. Throws `code_taken`: the unique index decides whose it is. */
export async function putMainCode(
  ctx: Context,
  promotion_id: Id<'promotion'>,
  code: string,
): Promise<void> {
  const { numInsertedOrUpdatedRows } = await db(ctx)
    .insertInto('promotion_codes')
    .values({
      id: ctx.newId('promotion_code'),
      promotion_id,
      code,
      code_key: codeKey(code),
      is_main: true,
      usage_limit: null,
      archived_at: null,
      created_at: ctx.now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 0n) throw promotionErrors.code_taken({ coupon: code })
}

/** Takes codes from a promotion, its own one or all; what was redeemed with them stays. */
export async function archiveCodes(
  ctx: Context,
  promotion_id: Id<'promotion'>,
  which: 'main' | 'all',
): Promise<void> {
  let codes = db(ctx)
    .updateTable('promotion_codes')
    .set({ archived_at: ctx.now })
    .where('promotion_id', '=', promotion_id)
    .where('archived_at', 'is', null)
  if (which === 'main') codes = codes.where('is_main', '=', true)
  await codes.execute()
}
