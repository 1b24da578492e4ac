import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { requireVersion } from '#platform/versions'
import { receiveStock } from '../backorders/allocate.ts'
import { inventoryErrors } from '../errors.ts'
import { inventoryEvents } from '../events.ts'
import { findItem, findLocation, type ItemRow } from '../find.ts'
import { tellCrossing, WRITTEN } from '../levels.ts'
import { getItem } from '../queries.ts'
import type { InventoryItem, UpdateItem } from '../schemas.ts'
import { db } from '../tables.ts'
import { settingsOf } from './create-item.ts'

/**
 * Changes an item's facts; `on_hand` with `location_id` counts it: the ledger gets the difference.
 */
export async function updateItem(ctx: Context, input: UpdateItem): Promise<InventoryItem> {
  const item = await findItem(ctx, input.id)
  requireVersion(ctx, item.version)
  const { description, primary_uom_code, reorder_point, on_hand } = input
  await db(ctx)
    .updateTable('inventory_items')
    .set({ version: item.version + 1, updated_at: ctx.now })
    .$if(description !== undefined, (query) => query.set({ description: description ?? null }))
    .$if(primary_uom_code !== undefined, (query) => query.set({ unit: primary_uom_code as string }))
    .$if(reorder_point !== undefined, (query) =>
      query.set({ reorder_point: reorder_point ?? null }),
    )
    .set(settingsOf(input))
    .where('id', '=', item.id)
    .execute()
  emit(ctx, inventoryEvents.item_updated({ item_id: item.id, sku: item.sku }))
  if (on_hand !== undefined) {
    if (input.location_id === undefined)
      throw invalidField('location_id', 'is required with on_hand')
    await count(ctx, item, { location: input.location_id, on_hand, reason: input.reason ?? null })
  }
  if (reorder_point !== undefined) await runLowAt(ctx, item, reorder_point)
  return getItem(ctx, { id: item.id })
}

/** Shelves without a reorder point of their own run low at the item's. */
async function runLowAt(ctx: Context, item: ItemRow, reorder_point: number | null): Promise<void> {
  const levels = await db(ctx)
    .updateTable('stock_levels')
    .set({ low_at: reorder_point })
    .where('item_id', '=', item.id)
    .where('reorder_point', 'is', null)
    .returning([...WRITTEN])
    .execute()
  for (const level of levels) tellCrossing(ctx, level, { ...level, low_at: item.reorder_point })
}

async function count(
  ctx: Context,
  item: { id: Id<'item'>; sku: string },
  counted: { location: string | number; on_hand: number; reason: string | null },
): Promise<void> {
  const location = await findLocation(ctx, counted.location)
  const level = await levelAt(ctx, item.id, location.id)
  const { on_hand, reason } = counted
  if (on_hand < level.reserved) {
    const { reserved } = level
    throw inventoryErrors.below_reserved({
      sku: item.sku,
      location: location.code,
      reserved,
      on_hand,
    })
  }
  const quantity_delta = on_hand - level.on_hand
  const move = { item_id: item.id, sku: item.sku, location_id: location.id }
  await receiveStock(ctx, [{ ...move, quantity_delta, kind: 'adjusted', reason }])
}

/** What one shelf holds; zeros where nothing ever stood. */
export async function levelAt(ctx: Context, item_id: Id<'item'>, location_id: Id<'location'>) {
  const level = await db(ctx)
    .selectFrom('stock_levels')
    .select(['on_hand', 'reserved'])
    .where('item_id', '=', item_id)
    .where('location_id', '=', location_id)
    .executeTakeFirst()
  return level ?? { on_hand: 0, reserved: 0 }
}
