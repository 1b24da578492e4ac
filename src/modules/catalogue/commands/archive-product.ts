import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { catalogueErrors } from '../errors.ts'
import { productEvents } from '../events.ts'
import { findProduct } from '../find.ts'
import type { GetProduct } from '../inputs.ts'
import { productLifecycle } from '../lifecycle.ts'
import { COUNTS } from '../product-pages.ts'
import { indexProduct } from '../search-index.ts'
import { settleProduct } from '../settle.ts'

/** Takes a product out of the catalogue. Its rows stay, for the orders that refer to them. */
export async function archiveProduct(ctx: Context, { id: ref }: GetProduct): Promise<undefined> {
  const product = await findProduct(ctx, ref)
  if (product.status === 'archived') throw catalogueErrors.product_not_found({ product: ref })
  requireVersion(ctx, product.version)
  const status = productLifecycle.next(product.status, 'archive')
  await settleProduct(ctx, product, { status, archived_at: ctx.now })
  await indexProduct(ctx, product.id)
  await ctx.announce(COUNTS)
  emit(ctx, productEvents.archived({ product_id: product.id, sku: product.sku }))
}
