import { parseCurrency } from '#kit/money'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { productEvents } from '../events.ts'
import { optionalPriceOf, priceOf, properSku } from '../facts.ts'
import { findProduct, findVariant, type ProductRow, type VariantRow } from '../find.ts'
import type { UpdateProduct } from '../inputs.ts'
import { type ProductStatus, productLifecycle } from '../lifecycle.ts'
import { pricesOf, putPrices } from '../prices.ts'
import { readFacts, writeTags } from '../product-facts.ts'
import { productAfter } from '../answers.ts'
import { renameVariant } from '../rename-variant.ts'
import type { Product } from '../schemas.ts'
import { indexProduct } from '../search-index.ts'
import { settleProduct } from '../settle.ts'
import { skuKey } from '../sku.ts'
import { requireFreeSkus } from '../skus.ts'
import { db } from '../tables.ts'

/**
 * Changes the named facts of a product. `price`, `cost_price` and a new `sku` (if the two were the
 * same) go through to its default variant. Throws `sku_taken`, `price_missing`, a refused move.
 */
export async function updateProduct(ctx: Context, input: UpdateProduct): Promise<Product> {
  const product = await findProduct(ctx, input.id)
  requireVersion(ctx, product.version)
  const { id } = product
  const currency = input.currency === undefined ? product.currency : parseCurrency(input.currency)
  const facts = readFacts(input, currency)
  const status = statusAfter(product.status, input)
  const renamed = input.sku === undefined ? undefined : properSku(input.sku)

  const first = await findVariant(ctx, product.default_variant_id)
  if (renamed) await rename(ctx, product, first, renamed)
  await changeFirst(ctx, first, { ...input, currency })
  if (facts.tags) await writeTags(ctx, id, facts.tags)
  await settleProduct(ctx, product, {
    ...facts,
    currency,
    status,
    archived_at: status === 'archived' ? (product.archived_at ?? ctx.now) : null,
    ...(renamed && { sku: renamed, sku_key: skuKey(renamed) }),
  })
  await indexProduct(ctx, id)
  tell(ctx, { ...product, sku: renamed ?? product.sku }, status)
  return productAfter(ctx, id)
}

function statusAfter(status: ProductStatus, input: UpdateProduct): ProductStatus {
  if (input.status !== undefined && input.status !== status) {
    return productLifecycle.next(status, productLifecycle.moveTo(status, input.status))
  }
  if (input.status !== undefined || input.is_active === undefined) return status
  if (input.is_active) return status === 'active' ? status : productLifecycle.next(status, 'activate')
  return status === 'active' ? productLifecycle.next(status, 'deactivate') : status
}

async function rename(
  ctx: Context,
  product: ProductRow,
  first: VariantRow,
  sku: string,
): Promise<void> {
  const isShared = first.sku_key === product.sku_key
  if (skuKey(sku) !== product.sku_key) {
    const variants = isShared ? [sku] : []
    await requireFreeSkus(ctx, { product_id: product.id, product: sku, variants })
  }
  if (isShared) await renameVariant(ctx, first, sku)
}

async function changeFirst(
  ctx: Context,
  first: VariantRow,
  input: UpdateProduct & { currency: string },
): Promise<void> {
  const { currency } = input
  const cost_amount = optionalPriceOf(input.cost_price, currency, 'cost_price')
  if (cost_amount === undefined && input.price === undefined) return
  if (input.price !== undefined) {
    const amount = priceOf(input.price, currency, 'price')
    const known = (await pricesOf(ctx, first.id)).find((price) => price.currency === currency)
    const compare_at_amount = known?.compare_at_amount ?? null
    await putPrices(ctx, first, [{ currency, amount, compare_at_amount }])
  }
  await db(ctx)
    .updateTable('product_variants')
    .set((eb) => ({ version: eb('version', '+', 1), updated_at: ctx.now }))
    .$if(cost_amount !== undefined, (update) => update.set({ cost_amount: cost_amount ?? null }))
    .where('id', '=', first.id)
    .execute()
}

function tell(ctx: Context, { id, sku, status }: ProductRow, now: ProductStatus): void {
  const of = { product_id: id, sku }
  emit(ctx, productEvents.updated(of))
  if (now === status) return
  if (now === 'archived') emit(ctx, productEvents.archived(of))
  else emit(ctx, productEvents.status_changed({ ...of, old_status: status, new_status: now }))
}
