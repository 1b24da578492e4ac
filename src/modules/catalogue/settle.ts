import type { Updateable } from 'kysely'
import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { catalogueErrors } from './errors.ts'
import { db } from './tables.ts'

type Facts = Omit<
  Updateable<Static<typeof db.tables.products>>,
  'id' | 'number' | 'version' | 'updated_at' | 'default_variant_id' | 'price_amount'
>

/**
 * Writes `changes` to a product together with what follows from its variants and their prices: the
 * default variant and its price. Raises the version, from which every cached document learns that
 * it is old; so each command that changes a product, a variant or a price ends here. Throws
 * `price_missing` if a live variant has no price in the product's currency.
 */
export async function settleProduct(
  ctx: Context,
  product: { id: Id<'product'>; currency: string },
  changes: Facts = {},
): Promise<void> {
  const currency = changes.currency ?? product.currency
  const variants = await db(ctx)
    .selectFrom('product_variants as v')
    .leftJoin('variant_prices as p', (on) =>
      on
        .onRef('p.variant_id', '=', 'v.id')
        .on('p.currency', '=', currency)
        .on('p.min_quantity', '=', 1),
    )
    .select(['v.id', 'v.sku', 'p.amount'])
    .where('v.product_id', '=', product.id)
    .where('v.archived_at', 'is', null)
    .orderBy('v.position')
    .orderBy('v.id')
    .execute()
  const unpriced = variants.find(({ amount }) => amount === null)
  if (unpriced) throw catalogueErrors.price_missing({ sku: unpriced.sku, currency })
  const [first] = variants
  if (!first || first.amount === null) throw new Error(`product ${product.id} has no variant`)
  await db(ctx)
    .updateTable('products')
    .set(changes)
    .set((eb) => ({
      default_variant_id: first.id,
      price_amount: first.amount as number,
      version: eb('version', '+', 1),
      updated_at: ctx.now,
    }))
    .where('id', '=', product.id)
    .execute()
}
