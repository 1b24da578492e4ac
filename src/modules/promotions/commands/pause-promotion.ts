import type { Context } from '#platform/context'
import { promotionToChange } from '../find.ts'
import { movePromotion } from '../moves.ts'
import type { GetPromotion, Promotion } from '../schemas.ts'

/** Stops a promotion for a while; from the commit on nobody redeems it. */
export async function pausePromotion(ctx: Context, { id }: GetPromotion): Promise<Promotion> {
  return movePromotion(ctx, await promotionToChange(ctx, id), 'pause')
}
