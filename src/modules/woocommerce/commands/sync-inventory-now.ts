import { findProduct, findVariant, productAfter, variantsNamed } from '#modules/catalogue'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import type { ProcessContext } from '#platform/processes'
import { wooErrors } from '../errors.ts'
import { syncNow } from '../perform.ts'
import { refOf } from '../refs.ts'
import type { InventorySynced, SyncInventory } from '../schemas.ts'
import { countAvailable } from '../stock/count-available.ts'
import { storeOf } from '../store.ts'

/**
 * Brings the stock of a variant into step now; with `quantity`, so many are counted here first.
 * Throws `no_stock_kept`, `not_in_woocommerce`, `sync_failed`.
 */
export async function syncInventoryNow(
  ctx: ProcessContext,
  input: SyncInventory,
): Promise<InventorySynced> {
  storeOf(ctx)
  const { quantity, direction = 'to_woocommerce' } = input
  if (quantity !== undefined && direction === 'from_woocommerce') {
    throw invalidField('quantity', 'is counted here, so it cannot come from WooCommerce')
  }
  const variant_id = await ctx.read((tx) => variantOf(tx, input.variant_id))
  if (quantity !== undefined) await ctx.transaction((tx) => count(tx, variant_id, quantity))
  const asked = { kind: 'stock' as const, subject: variant_id, options: { direction } }
  const sync = await syncNow(ctx, asked)
  const now = await ctx.read(async (tx) => {
    const variant = await findVariant(tx, variant_id)
    const [available, ref] = await Promise.all([
      availableOf(tx, variant_id),
      refOf(tx, 'variant', variant_id),
    ])
    return { variant, available, ref }
  })
  const { parent_external_id: parent = null, external_id = sync.external_id } = now.ref ?? {}
  const there = now.ref?.snapshot?.there.stock_quantity
  return {
    sync_id: sync.id,
    product_id: now.variant.product_id,
    variant_id,
    woocommerce_product_id: Number(parent ?? external_id),
    woocommerce_variation_id: parent === null ? null : Number(external_id),
    platform_quantity: now.available,
    woocommerce_quantity: Number(there ?? now.available),
    direction,
    outcome: sync.outcome ?? 'skipped',
    synced_at: sync.finished_at ?? sync.created_at,
  }
}

/** A product means its first variant, as everywhere where a product is named to be sold. */
async function variantOf(ctx: Context, ref: string) {
  const [first, other] = await variantsNamed(ctx, ref)
  if (first && !other) return first
  return (await findProduct(ctx, ref)).default_variant_id
}

async function availableOf(ctx: Context, variant_id: string): Promise<number> {
  const { product_id, sku } = await findVariant(ctx, variant_id)
  const { variants } = await productAfter(ctx, product_id)
  const available = variants.find(({ id }) => id === variant_id)?.available_quantity ?? null
  if (available === null) throw wooErrors.no_stock_kept({ sku })
  return available
}

async function count(ctx: Context, variant_id: string, wanted: number): Promise<void> {
  const { item_id, sku } = await findVariant(ctx, variant_id)
  const available = await availableOf(ctx, variant_id)
  if (!item_id) throw wooErrors.no_stock_kept({ sku })
  await countAvailable(ctx, { item_id, sku, available, wanted })
}
