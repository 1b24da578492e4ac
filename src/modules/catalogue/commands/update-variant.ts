import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { variantAfter } from '../answers.ts'
import { variantEvents } from '../events.ts'
import { gramsOf, optionalPriceOf, priceOf, properSku } from '../facts.ts'
import { findLiveVariant, type ProductRow, type VariantRow } from '../find.ts'
import { gtinFacts } from '../gtin.ts'
import type { UpdateVariant } from '../inputs.ts'
import { refuseTwins, requireFreeChoices, requireFreeGtins } from '../new-variant.ts'
import { optionsKey, requireChoices } from '../options.ts'
import { pricesOf, putPrices } from '../prices.ts'
import { renameVariant } from '../rename-variant.ts'
import type { Variant } from '../schemas.ts'
import { indexProduct } from '../search-index.ts'
import { settleProduct } from '../settle.ts'
import { skuKey } from '../sku.ts'
import { itemFor, requireFreeSkus } from '../skus.ts'
import { db } from '../tables.ts'

/** Changes the named facts of a variant; `price` is the one in the product's currency. */
export async function updateVariant(ctx: Context, input: UpdateVariant): Promise<Variant> {
  const { variant, product } = await findLiveVariant(ctx, input.variant_id)
  requireVersion(ctx, variant.version)
  const sku = input.sku === undefined ? variant.sku : properSku(input.sku)
  if (skuKey(sku) !== variant.sku_key) {
    await requireFreeSkus(ctx, { product_id: product.id, variants: [sku] })
  }
  await renameVariant(ctx, variant, sku)
  if (input.options) {
    requireChoices(product.options, [{ sku, options: input.options }])
    await requireFreeChoices(ctx, input.options, { product_id: product.id, except: variant.id })
  }
  const gtin = gtinFacts(input.gtin)
  if (gtin.gtin_key !== variant.gtin_key) await requireFreeGtins(ctx, [{ sku, ...gtin }])
  await writeFacts(ctx, { ...variant, sku }, product, input)
  await changePrice(ctx, { ...variant, sku }, product, input)
  await settleProduct(ctx, product)
  await indexProduct(ctx, product.id)
  emit(ctx, variantEvents.updated({ variant_id: variant.id, product_id: product.id, sku }))
  return variantAfter(ctx, variant)
}

async function writeFacts(
  ctx: Context,
  variant: VariantRow,
  product: ProductRow,
  input: UpdateVariant,
): Promise<void> {
  const tracking = input.inventory_tracking ?? variant.inventory_tracking
  const { sku } = variant
  const { name, reorder_point } = product
  const item_id =
    variant.item_id ?? (tracking ? await itemFor(ctx, { sku, name, reorder_point }) : null)
  const changes = {
    name: input.name,
    options: input.options,
    options_key: input.options && optionsKey(input.options),
    ...gtinFacts(input.gtin),
    position: input.position,
    weight_grams: gramsOf(input.weight, 'weight'),
    dimensions: input.dimensions,
    cost_amount: optionalPriceOf(input.cost, product.currency, 'cost'),
  }
  const said = Object.entries(changes).filter(([, value]) => value !== undefined)
  await db(ctx)
    .updateTable('product_variants')
    .set({ ...Object.fromEntries(said), item_id, inventory_tracking: tracking })
    .set((eb) => ({ version: eb('version', '+', 1), updated_at: ctx.now }))
    .where('id', '=', variant.id)
    .execute()
    .catch((error) => refuseTwins(error, { sku, gtin: input.gtin ?? null }))
}

async function changePrice(
  ctx: Context,
  variant: VariantRow,
  { currency }: ProductRow,
  input: UpdateVariant,
): Promise<void> {
  const compared = optionalPriceOf(input.compare_at_price, currency, 'compare_at_price')
  if (input.price === undefined && compared === undefined) return
  const known = (await pricesOf(ctx, variant.id)).find((price) => price.currency === currency)
  const amount = input.price === undefined ? known?.amount : priceOf(input.price, currency, 'price')
  const compare_at_amount = compared === undefined ? (known?.compare_at_amount ?? null) : compared
  if (amount !== undefined) await putPrices(ctx, variant, [{ currency, amount, compare_at_amount }])
}
