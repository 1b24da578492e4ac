import type { Static } from 'typebox'
import { parseCurrency } from '#kit/money'
import type { Context } from '#platform/context'
import { requireVersion } from '#platform/versions'
import { variantAfter } from '../answers.ts'
import { optionalPriceOf, priceOf } from '../facts.ts'
import { findLiveVariant, type ProductRow, type VariantRow } from '../find.ts'
import type { SetPrice, SetPrices } from '../inputs.ts'
import { pricesOf, putPrices, readOffers, writePrices } from '../prices.ts'
import type { PriceUpdated, Variant } from '../schemas.ts'
import { settleProduct } from '../settle.ts'
import { db } from '../tables.ts'

/** Sets a variant's price in one currency, the product's own unless another is named. */
export async function setPrice(
  ctx: Context,
  input: SetPrice,
): Promise<Static<typeof PriceUpdated>> {
  const { variant, product } = await findLiveVariant(ctx, input.variant_id)
  requireVersion(ctx, variant.version)
  const currency = parseCurrency(input.currency ?? product.currency)
  const amount = priceOf(input.price, currency, 'price')
  const compared = optionalPriceOf(input.compare_at_price, currency, 'compare_at_price')
  const known = (await pricesOf(ctx, variant.id)).find((price) => price.currency === currency)
  const compare_at_amount = compared === undefined ? (known?.compare_at_amount ?? null) : compared
  await putPrices(ctx, variant, [{ currency, amount, compare_at_amount }])
  const updated = await finish(ctx, variant, product)
  return { message: `The price of ${variant.sku} is set.`, variant: updated }
}

/** Sets a variant's prices: one for each currency named, none in any other. */
export async function setPrices(ctx: Context, input: SetPrices): Promise<Variant> {
  const { variant, product } = await findLiveVariant(ctx, input.variant_id)
  requireVersion(ctx, variant.version)
  await writePrices(ctx, [{ variant, prices: readOffers(ctx, input.prices), whole: true }])
  return finish(ctx, variant, product)
}

async function finish(ctx: Context, variant: VariantRow, product: ProductRow): Promise<Variant> {
  await db(ctx)
    .updateTable('product_variants')
    .set((eb) => ({ version: eb('version', '+', 1), updated_at: ctx.now }))
    .where('id', '=', variant.id)
    .execute()
  await settleProduct(ctx, product)
  return variantAfter(ctx, variant)
}
