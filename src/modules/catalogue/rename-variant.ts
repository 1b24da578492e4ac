import { renameItem } from '#modules/inventory'
import type { Context } from '#platform/context'
import type { VariantRow } from './find.ts'
import { skuKey } from './sku.ts'
import { db } from './tables.ts'

/** Gives a variant and its stock item another SKU, which must be free. Raises its version. */
export async function renameVariant(ctx: Context, variant: VariantRow, sku: string): Promise<void> {
  if (sku === variant.sku) return
  if (variant.item_id) await renameItem(ctx, { item_id: variant.item_id, sku })
  await db(ctx)
    .updateTable('product_variants')
    .set((eb) => ({
      sku,
      sku_key: skuKey(sku),
      version: eb('version', '+', 1),
      updated_at: ctx.now,
    }))
    .where('id', '=', variant.id)
    .execute()
}
