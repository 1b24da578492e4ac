import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { inventoryErrors } from '../errors.ts'
import { inventoryEvents } from '../events.ts'
import { skuKey } from '../find.ts'
import { itemsBySku } from '../queries.ts'
import { db } from '../tables.ts'
import { requireItemSku } from './create-item.ts'

/** Gives an item another SKU; its number and its stock stay. Throws `sku_taken`. */
export async function renameItem(
  ctx: Context,
  { item_id, sku }: { item_id: Id<'item'>; sku: string },
): Promise<void> {
  requireItemSku(sku)
  const holder = (await itemsBySku(ctx, [sku])).get(skuKey(sku))
  if (holder && holder.id !== item_id) throw inventoryErrors.sku_taken({ sku })
  await db(ctx)
    .updateTable('inventory_items')
    .set((eb) => ({
      sku,
      sku_key: skuKey(sku),
      version: eb('version', '+', 1),
      updated_at: ctx.now,
    }))
    .where('id', '=', item_id)
    .execute()
  emit(ctx, inventoryEvents.item_updated({ item_id, sku }))
}
