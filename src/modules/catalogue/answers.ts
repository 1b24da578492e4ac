import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { readDocuments, readVariants } from './documents.ts'
import { catalogueErrors } from './errors.ts'
import type { Product, Variant } from './schemas.ts'
import { seesCosts } from './sees.ts'
import { productWith, stockOf, stockOfVariants, variantsWith } from './with-stock.ts'

// What commands answer: read in their own transaction, past the cache; see `cachedDocuments`.

/** A product as this transaction leaves it. */
export async function productAfter(ctx: Context, id: Id<'product'>): Promise<Product> {
  const [read] = await readDocuments(ctx, [id])
  if (!read) throw catalogueErrors.product_not_found({ product: id })
  const stock = await stockOf(ctx, [read.document])
  return productWith(read.document, { stock, costs: seesCosts(ctx.actor) })
}

/** A variant as this transaction leaves it. */
export async function variantAfter(ctx: Context, { id }: { id: Id<'variant'> }): Promise<Variant> {
  const [variant] = await variantsAfter(ctx, [id])
  if (!variant) throw catalogueErrors.variant_not_found({ variant: id })
  return variant
}

/** Variants of one product as this transaction leaves them, in the product's order. */
export async function variantsAfter(
  ctx: Context,
  ids: readonly Id<'variant'>[],
): Promise<Variant[]> {
  const set = await readVariants(ctx, ids)
  const stock = await stockOfVariants(ctx, [set])
  return variantsWith(set, { stock, costs: seesCosts(ctx.actor) })
}
