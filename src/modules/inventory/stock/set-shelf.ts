import type { Static } from 'typebox'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { inventoryEvents } from '../events.ts'
import { findItem, findLocation } from '../find.ts'
import { openLevels, tellCrossing, WRITTEN } from '../levels.ts'
import { getItem } from '../queries.ts'
import type { ItemLocation } from '../schemas.ts'
import { db } from '../tables.ts'
import type { SetShelf } from './schemas.ts'

/**
 * Sets how much of an item at a location is never promised, and when and how much of it to order.
 * What is promised already stays promised.
 */
export async function setShelf(
  ctx: Context,
  input: SetShelf,
): Promise<Static<typeof ItemLocation>> {
  const item = await findItem(ctx, input.id)
  const { id: location_id } = await findLocation(ctx, input.location_id)
  const { safety_stock, reorder_point, reorder_quantity } = input
  const key = { item_id: item.id, location_id }
  await openLevels.run(ctx, { rows: [{ ...key, delta: 0, updated_at: ctx.now }] })
  const before = await db(ctx)
    .selectFrom('stock_levels')
    .select(['safety_stock', 'low_at', 'version'])
    .where('item_id', '=', item.id)
    .where('location_id', '=', location_id)
    .executeTakeFirstOrThrow()
  const level = await db(ctx)
    .updateTable('stock_levels')
    .set((eb) => ({ version: eb('version', '+', 1), updated_at: ctx.now }))
    .$if(safety_stock !== undefined, (q) => q.set({ safety_stock: safety_stock as number }))
    .$if(reorder_point !== undefined, (q) =>
      q.set({ reorder_point: reorder_point ?? null, low_at: reorder_point ?? item.reorder_point }),
    )
    .$if(reorder_quantity !== undefined, (q) =>
      q.set({ reorder_quantity: reorder_quantity ?? null }),
    )
    .where('item_id', '=', item.id)
    .where('location_id', '=', location_id)
    .returning([...WRITTEN])
    .executeTakeFirstOrThrow()
  emit(ctx, inventoryEvents.item_updated({ item_id: item.id, sku: item.sku }))
  const { safety_stock: was, low_at } = before
  tellCrossing(ctx, level, { ...level, safety_stock: was, low_at })
  const { locations } = await getItem(ctx, { id: item.id })
  return locations.find(({ id }) => id === location_id) as Static<typeof ItemLocation>
}
