import type { Context } from '#platform/context'
import { inventoryErrors } from '../errors.ts'
import { findItem, findLocation } from '../find.ts'
import { pickFrom } from '../parts.ts'
import { getItem } from '../queries.ts'
import { isThere } from '../release.ts'
import { endPicks } from '../release-units.ts'
import { ORDER, TRANSFER } from '../reserve.ts'
import type { InventoryItem, ReleaseItem } from '../schemas.ts'
import { db } from '../tables.ts'

/**
 * Gives back units of one item: of one reference, or the oldest pending promises first. A promise
 * that is larger than what is left to release is divided. Orders' own promises are not touched.
 */
export async function releaseItem(ctx: Context, input: ReleaseItem): Promise<InventoryItem> {
  const item = await findItem(ctx, input.id)
  let open = db(ctx)
    .selectFrom('reservations')
    .selectAll()
    .where('item_id', '=', item.id)
    .where('status', '=', 'pending')
    .where('reference_type', 'not in', [ORDER, TRANSFER])
  if (input.location_id !== undefined) {
    open = open.where('location_id', '=', (await findLocation(ctx, input.location_id)).id)
  }
  if (input.reference_id) open = open.where('reference_id', '=', input.reference_id)
  const held = (await open.orderBy('id').limit(1000).execute()).filter(isThere)
  const reserved = held.reduce((sum, { quantity }) => sum + quantity, 0)
  const { quantity } = input
  if (reserved < quantity) {
    throw inventoryErrors.nothing_reserved({ quantity, sku: item.sku, reserved })
  }
  await endPicks(ctx, pickFrom(held, quantity), 'released')
  return getItem(ctx, { id: item.id })
}
