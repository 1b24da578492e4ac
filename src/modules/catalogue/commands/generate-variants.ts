import { formatMoney } from '#kit/money'
import type { Context } from '#platform/context'
import { requireVersion } from '#platform/versions'
import { variantsAfter } from '../answers.ts'
import { catalogueErrors } from '../errors.ts'
import { findProduct, type ProductRow } from '../find.ts'
import type { GenerateVariants, NewVariant } from '../inputs.ts'
import { addVariants, nextPosition, readVariant } from '../new-variant.ts'
import { type Choices, combinations, defaultPattern, optionsKey, skuOf } from '../options.ts'
import type { Generated } from '../schemas.ts'
import { indexProduct } from '../search-index.ts'
import { settleProduct } from '../settle.ts'
import { requireFreeSkus } from '../skus.ts'
import { db } from '../tables.ts'

const MOST_AT_ONCE = 100

/**
 * Adds a variant for each combination of choices that has none yet, a hundred at most at once.
 * Throws `no_options`, `sku_taken`.
 */
export async function generateVariants(ctx: Context, input: GenerateVariants): Promise<Generated> {
  const product = await findProduct(ctx, input.id)
  if (product.status === 'archived') throw catalogueErrors.product_not_found({ product: input.id })
  requireVersion(ctx, product.version)
  if (product.options.length === 0) throw catalogueErrors.no_options({ sku: product.sku })
  const missing = await missingChoices(ctx, product)
  const chosen = missing.slice(0, input.limit ?? MOST_AT_ONCE)
  if (chosen.length === 0) return { created: [], missing: 0 }
  const price = formatMoney(product.price_amount, product.currency)
  const likeness = { ...product, price }
  const first = await nextPosition(ctx, product.id)
  const variants = chosen.map((options, nth) => ({
    ...readVariant(variantOf(likeness, options, input), product),
    id: ctx.newId('variant'),
    position: first + nth,
  }))
  await requireFreeSkus(ctx, { product_id: product.id, variants: variants.map(({ sku }) => sku) })
  await addVariants(ctx, product, variants)
  await settleProduct(ctx, product)
  await indexProduct(ctx, product.id)
  const created = await variantsAfter(
    ctx,
    variants.map(({ id }) => id),
  )
  return { created, missing: missing.length - chosen.length }
}

async function missingChoices(ctx: Context, { id, options }: ProductRow): Promise<Choices[]> {
  const rows = await db(ctx)
    .selectFrom('product_variants')
    .select('options_key')
    .where('product_id', '=', id)
    .where('archived_at', 'is', null)
    .execute()
  const known = new Set(rows.map(({ options_key }) => options_key))
  return [...combinations(options)].filter((chosen) => !known.has(optionsKey(chosen)))
}

/** The variant of a combination, as it would have been sent. */
export function variantOf(
  product: Pick<ProductRow, 'sku' | 'options'> & { price: string | number },
  options: Choices,
  given: Partial<Omit<GenerateVariants, 'id'>>,
): NewVariant {
  const { sku_pattern, limit: _, ...more } = given
  return {
    price: product.price,
    ...more,
    sku: skuOf(sku_pattern ?? defaultPattern(product.options), product.sku, options),
    name: Object.values(options).join(' / ').slice(0, 255),
    options,
  }
}
