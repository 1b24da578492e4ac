import type { Static } from 'typebox'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { inventoryErrors } from '../errors.ts'
import { inventoryEvents } from '../events.ts'
import { findItem } from '../find.ts'
import { postMovements } from '../ledger.ts'
import type { GetItem } from '../schemas.ts'
import { db } from '../tables.ts'

/** Writes an item's stock off everywhere and keeps it no longer. Throws `item_in_use`. */
export async function archiveItem(
  ctx: Context,
  { id: ref }: Static<typeof GetItem>,
): Promise<undefined> {
  const { id, sku, version } = await findItem(ctx, ref)
  const levels = await db(ctx)
    .selectFrom('stock_levels')
    .selectAll()
    .where('item_id', '=', id)
    .execute()
  const reserved = levels.reduce((sum, level) => sum + level.reserved, 0)
  if (reserved > 0) throw inventoryErrors.item_in_use({ sku, reserved })
  await postMovements(
    ctx,
    levels.map(({ location_id, on_hand }) => ({
      item_id: id,
      sku,
      location_id,
      quantity_delta: -on_hand,
      kind: 'adjusted' as const,
      reason: 'item archived',
    })),
  )
  await db(ctx)
    .updateTable('inventory_items')
    .set({ archived_at: ctx.now, version: version + 1, updated_at: ctx.now })
    .where('id', '=', id)
    .execute()
  emit(ctx, inventoryEvents.item_archived({ item_id: id, sku }))
}
