import type { Static } from 'typebox'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { inventoryErrors } from '../errors.ts'
import { inventoryEvents } from '../events.ts'
import { findItem } from '../find.ts'
import { postMovements } from '../ledger.ts'
import type { GetItem } from '../schemas.ts'
import { type StockState, statesOf } from '../states.ts'
import { db } from '../tables.ts'

/** Writes an item's stock off everywhere and keeps it no longer. Throws `item_in_use`. */
export async function archiveItem(
  ctx: Context,
  { id: ref }: Static<typeof GetItem>,
): Promise<undefined> {
  const { id, sku, version, backordered } = await findItem(ctx, ref)
  const levels = await db(ctx)
    .selectFrom('stock_levels')
    .selectAll()
    .where('item_id', '=', id)
    .execute()
  const states = await statesOf(ctx, { items: [id] })
  const reserved = levels.reduce((sum, level) => sum + level.reserved, backordered)
  if (reserved > 0) throw inventoryErrors.item_in_use({ sku, reserved })
  const gone = { item_id: id, sku, kind: 'adjusted' as const, reason: 'item archived' }
  await postMovements(ctx, [
    ...levels.map(({ location_id, on_hand }) => {
      return { ...gone, location_id, quantity_delta: -on_hand }
    }),
    ...states.map(({ location_id, state, quantity }) => {
      return { ...gone, location_id, quantity_delta: -quantity, state_from: state as StockState }
    }),
  ])
  await db(ctx)
    .updateTable('inventory_items')
    .set({ archived_at: ctx.now, version: version + 1, updated_at: ctx.now })
    .where('id', '=', id)
    .execute()
  emit(ctx, inventoryEvents.item_archived({ item_id: id, sku }))
}
