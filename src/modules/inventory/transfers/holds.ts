import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { releaseReservations } from '../release.ts'
import { reserveStock, TRANSFER } from '../reserve.ts'
import type { TransferRow } from './find.ts'

const holderOf = (id: Id<'transfer'>) => ({ reference_type: TRANSFER, reference_id: id })

type Planned = readonly { item_id: Id<'item'>; quantity: number }[]

/**
 * Promises a planned transfer the units that it plans, at the location that they leave, until they
 * do or it is given up. Throws `insufficient_stock`.
 */
export async function holdUnits(
  ctx: Context,
  { id, from_location_id: location_id }: Pick<TransferRow, 'id' | 'from_location_id'>,
  lines: Planned,
): Promise<void> {
  const demands = lines.map(({ item_id, quantity }) => ({ item_id, quantity, location_id }))
  await reserveStock(ctx, demands, { ...holderOf(id), may_wait: false })
}

/** Gives back what a planned transfer holds; nothing if it holds nothing. */
export async function letGo(
  ctx: Context,
  { id, holds_stock }: Pick<TransferRow, 'id' | 'holds_stock'>,
): Promise<void> {
  if (holds_stock) await releaseReservations(ctx, holderOf(id))
}
