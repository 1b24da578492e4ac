import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { catalogueErrors } from '../errors.ts'
import { variantEvents } from '../events.ts'
import { findLiveVariant, type VariantRow } from '../find.ts'
import type { GetVariant } from '../inputs.ts'
import { indexProduct } from '../search-index.ts'
import { settleProduct } from '../settle.ts'
import { db } from '../tables.ts'

/** Takes a variant out of the catalogue; its row stays. Throws `last_variant`. */
export async function archiveVariant(ctx: Context, input: GetVariant): Promise<undefined> {
  const { variant, product } = await findLiveVariant(ctx, input.variant_id)
  requireVersion(ctx, variant.version)
  const { id, sku } = variant
  if (!(await hasOther(ctx, variant))) throw catalogueErrors.last_variant({ sku })
  await db(ctx)
    .updateTable('product_variants')
    .set((eb) => ({ archived_at: ctx.now, version: eb('version', '+', 1), updated_at: ctx.now }))
    .where('id', '=', id)
    .execute()
  await settleProduct(ctx, product)
  await indexProduct(ctx, product.id)
  emit(ctx, variantEvents.archived({ variant_id: id, product_id: product.id, sku }))
}

async function hasOther(ctx: Context, { id, product_id }: VariantRow): Promise<boolean> {
  const other = await db(ctx)
    .selectFrom('product_variants')
    .select('id')
    .where('product_id', '=', product_id)
    .where('archived_at', 'is', null)
    .where('id', '!=', id)
    .limit(1)
    .executeTakeFirst()
  return other !== undefined
}
