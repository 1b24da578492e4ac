import type { Context } from '#platform/context'
import { requireRoomForAutomatic } from '../automatic.ts'
import { promotionToChange } from '../find.ts'
import { movePromotion } from '../moves.ts'
import type { GetPromotion, Promotion } from '../schemas.ts'

/** Offers a promotion, or offers it again. Throws `too_many_automatic`. */
export async function activatePromotion(ctx: Context, { id }: GetPromotion): Promise<Promotion> {
  const promotion = await promotionToChange(ctx, id)
  if (promotion.automatic) await requireRoomForAutomatic(ctx)
  return movePromotion(ctx, promotion, 'activate')
}
