import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { type ProductDocument, readDocuments } from './documents.ts'
import { catalogueErrors } from './errors.ts'
import type { Product, Variant } from './schemas.ts'
import { seesCosts } from './sees.ts'
import { productWith, stockOf, variantWith } from './with-stock.ts'

// What commands answer: read in their own transaction, past the cache; see `cachedDocuments`.

/** A product as this transaction leaves it. */
export async function productAfter(ctx: Context, id: Id<'product'>): Promise<Product> {
  const document = await documentAfter(ctx, id)
  return productWith(document, await stockOf(ctx, [document]), seesCosts(ctx.actor))
}

/** A variant as this transaction leaves it. */
export async function variantAfter(
  ctx: Context,
  { id, product_id }: { id: Id<'variant'>; product_id: Id<'product'> },
): Promise<Variant> {
  const document = await documentAfter(ctx, product_id)
  const nth = document.variants.findIndex((variant) => variant.id === id)
  if (nth < 0) throw catalogueErrors.variant_not_found({ variant: id })
  const told = { stock: await stockOf(ctx, [document]), costs: seesCosts(ctx.actor) }
  return variantWith(document, nth, told)
}

async function documentAfter(ctx: Context, id: Id<'product'>): Promise<ProductDocument> {
  const [read] = await readDocuments(ctx, [id])
  if (!read) throw catalogueErrors.product_not_found({ product: id })
  return read.document
}
