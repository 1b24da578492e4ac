import { isUuid } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { catalogueErrors } from './errors.ts'
import { skuKey } from './sku.ts'
import { db } from './tables.ts'

const productById = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('products')
    .selectAll()
    .where('id', '=', p.id as never),
)
const productBySku = prepared(db, (open, p: { sku_key: string }) =>
  open.selectFrom('products').selectAll().where('sku_key', '=', p.sku_key),
)
const variantById = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('product_variants')
    .selectAll()
    .where('id', '=', p.id as never),
)
const variantBySku = prepared(db, (open, p: { sku_key: string }) =>
  open.selectFrom('product_variants').selectAll().where('sku_key', '=', p.sku_key),
)

export type ProductRow = Awaited<ReturnType<typeof findProduct>>
export type VariantRow = Awaited<ReturnType<typeof findVariant>>

/** The product that an id or a SKU names, archived ones too; throws `product_not_found`. */
export async function findProduct(ctx: Context, product: string) {
  const key = skuKey(product)
  const found = isUuid(key)
    ? await productById.first(ctx, { id: key })
    : await productBySku.first(ctx, { sku_key: key })
  if (!found) throw catalogueErrors.product_not_found({ product })
  return found
}

/** The variant that an id or a SKU names, archived ones too; throws `variant_not_found`. */
export async function findVariant(ctx: Context, variant: string) {
  const key = skuKey(variant)
  const found = isUuid(key)
    ? await variantById.first(ctx, { id: key })
    : await variantBySku.first(ctx, { sku_key: key })
  if (!found) throw catalogueErrors.variant_not_found({ variant })
  return found
}

/** A variant that can still be changed, with its product. */
export async function findLiveVariant(ctx: Context, ref: string) {
  const variant = await findVariant(ctx, ref)
  if (variant.archived_at) throw catalogueErrors.variant_not_found({ variant: ref })
  const product = await findProduct(ctx, variant.product_id)
  return { variant, product }
}
