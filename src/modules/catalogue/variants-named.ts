import { type Id, isUuid } from '#kit/ids'
import type { Context } from '#platform/context'
import { skuKey } from './sku.ts'
import { db } from './tables.ts'

/** Products have at most this many variants. */
const VARIANTS_MAX = 1_000

/**
 * The variants that are meant by the id of a product (all of it), or by the id or SKU of a variant;
 * archived ones too. None if there is no such thing.
 */
export async function variantsNamed(ctx: Context, ref: string): Promise<Id<'variant'>[]> {
  const key = skuKey(ref)
  const variants = db(ctx).selectFrom('product_variants').select('id').limit(VARIANTS_MAX)
  const found = isUuid(key)
    ? variants.where((eb) =>
        eb.or([eb('id', '=', key as Id<'variant'>), eb('product_id', '=', key as Id<'product'>)]),
      )
    : variants.where('sku_key', '=', key)
  return (await found.execute()).map(({ id }) => id)
}
