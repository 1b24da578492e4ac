import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { updateEach } from '#platform/database/each-row'
import { invalidField } from '#platform/operations'
import { insertRows } from '#platform/tables'
import { writeValues } from './attributes/write-values.ts'
import { writeCategories } from './categories/members.ts'
import { urlOf } from './facts.ts'
import type { ImageInput, ProductFields } from './inputs.ts'
import { skuKey } from './sku.ts'
import { db } from './tables.ts'

type Related = Pick<ProductFields, 'category_ids' | 'attributes' | 'images'>

/**
 * Writes what a request says of a product in rows of their own: its categories, values and images.
 * Its variants must be there. Followed by `settleProduct` and `indexProduct`.
 */
export async function writeRelated(
  ctx: Context,
  product_id: Id<'product'>,
  { category_ids, attributes, images }: Related,
): Promise<void> {
  if (category_ids) await writeCategories(ctx, product_id, category_ids)
  if (attributes) await writeValues(ctx, product_id, attributes)
  if (images) await writeImages(ctx, product_id, images)
}

const insertImages = insertRows(db, 'product_images')
const setImage = updateEach(
  db,
  { id: 'uuid', image_url: 'text' },
  {
    table: 'product_variants',
    key: ['id'],
    set: ({ image_url }) => ({ image_url }),
    where: ({ id }) => sql`product_variants.id = ${id}`,
  },
)

/** Gives a product just these images, and each of its variants the first that is its own. */
async function writeImages(
  ctx: Context,
  product_id: Id<'product'>,
  images: readonly ImageInput[],
): Promise<void> {
  const variants = await db(ctx)
    .selectFrom('product_variants')
    .select(['id', 'sku_key', 'image_url'])
    .where('product_id', '=', product_id)
    .where('archived_at', 'is', null)
    .execute()
  const named = new Map(
    variants.flatMap(
      ({ id, sku_key }) =>
        [
          [id, id],
          [sku_key, id],
        ] as const,
    ),
  )
  const rows = images.map((image, position) => {
    const field = `images.${position}`
    const { variant_id: ref } = image
    const variant_id = ref ? named.get(skuKey(ref) as Id<'variant'>) : null
    if (variant_id === undefined) {
      throw invalidField(`${field}.variant_id`, 'is no variant of this product')
    }
    const url = urlOf(image.url, `${field}.url`) ?? image.url
    const alt = image.alt ?? null
    return {
      id: ctx.newId('image'),
      product_id,
      variant_id,
      url,
      alt,
      position,
      created_at: ctx.now,
    }
  })
  await db(ctx).deleteFrom('product_images').where('product_id', '=', product_id).execute()
  if (rows.length > 0) await insertImages.run(ctx, { rows })
  const changed = variants.flatMap(({ id, image_url: before }) => {
    const image_url = rows.find(({ variant_id }) => variant_id === id)?.url ?? null
    return image_url === before ? [] : { id, image_url }
  })
  if (changed.length > 0) await setImage.run(ctx, { rows: changed })
}
