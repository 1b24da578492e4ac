import type { Context } from '#platform/context'
import { requireVersion } from '#platform/versions'
import { variantAfter } from '../answers.ts'
import { catalogueErrors } from '../errors.ts'
import { findProduct } from '../find.ts'
import type { CreateVariant } from '../inputs.ts'
import {
  addVariants,
  nextPosition,
  readVariant,
  requireFreeChoices,
  requireFreeGtins,
} from '../new-variant.ts'
import { requireChoices } from '../options.ts'
import type { Variant } from '../schemas.ts'
import { indexProduct } from '../search-index.ts'
import { settleProduct } from '../settle.ts'
import { requireFreeSkus } from '../skus.ts'

/** Adds a variant to a product, with a price in the product's currency. Throws `sku_taken`. */
export async function createVariant(ctx: Context, input: CreateVariant): Promise<Variant> {
  const product = await findProduct(ctx, input.id)
  if (product.status === 'archived') throw catalogueErrors.product_not_found({ product: input.id })
  requireVersion(ctx, product.version)
  const read = readVariant(input, product)
  requireChoices(product.options, [read])
  await requireFreeChoices(ctx, read.options, { product_id: product.id })
  await requireFreeGtins(ctx, [read])
  await requireFreeSkus(ctx, { product_id: product.id, variants: [read.sku] })
  const position = read.position ?? (await nextPosition(ctx, product.id))
  const variant = { ...read, id: ctx.newId('variant'), position }
  await addVariants(ctx, product, [variant])
  await settleProduct(ctx, product)
  await indexProduct(ctx, product.id)
  return variantAfter(ctx, variant)
}
