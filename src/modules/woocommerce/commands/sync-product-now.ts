import { findProduct } from '#modules/catalogue'
import type { ProcessContext } from '#platform/processes'
import { wooErrors } from '../errors.ts'
import { syncNow } from '../perform.ts'
import type { ProductSynced, SyncProduct } from '../schemas.ts'
import { storeOf } from '../store.ts'

/**
 * Brings a product into step now. Throws `not_in_woocommerce` where there is nothing to take from,
 * `sync_failed` where WooCommerce does not answer: then it is tried again by itself.
 */
export async function syncProductNow(
  ctx: ProcessContext,
  input: SyncProduct,
): Promise<ProductSynced> {
  storeOf(ctx)
  const product = await ctx.read((tx) => findProduct(tx, input.product_id))
  const left = {
    inventory: input.sync_inventory,
    images: input.sync_images,
    metadata: input.sync_metadata,
  }
  const without = Object.entries(left).flatMap(([name, wanted]) => (wanted === false ? [name] : []))
  const direction = input.direction ?? 'to_woocommerce'
  const sync = await syncNow(ctx, {
    kind: 'product',
    subject: product.id,
    options: { direction, without },
  })
  if (sync.external_id === null) throw wooErrors.not_in_woocommerce({ sku: product.sku })
  return {
    sync_id: sync.id,
    product_id: product.id,
    woocommerce_product_id: Number(sync.external_id),
    outcome: sync.outcome ?? 'skipped',
    synced_fields: sync.fields,
    synced_at: sync.finished_at ?? sync.created_at,
  }
}
