import type { Context } from '#platform/context'
import { promotionToChange } from '../find.ts'
import { archiveCodes } from '../main-code.ts'
import { movePromotion } from '../moves.ts'
import type { GetPromotion, Promotion } from '../schemas.ts'

/** Ends a promotion for good. Its codes are free for others; what was redeemed stays redeemed. */
export async function archivePromotion(ctx: Context, { id }: GetPromotion): Promise<Promotion> {
  const archived = await movePromotion(ctx, await promotionToChange(ctx, id), 'archive')
  await archiveCodes(ctx, id, 'all')
  return archived
}
