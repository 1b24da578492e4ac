import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { insertRows } from '#platform/tables'
import { gramsOf, optionalPriceOf, ppmOf, tagsOf, urlOf } from './facts.ts'
import type { ProductFields } from './inputs.ts'
import { readOptions } from './options.ts'
import { db } from './tables.ts'

/** The columns that these members of a request set; undefined where it says nothing. */
export function readFacts(given: ProductFields & { name?: string | undefined }, currency: string) {
  const facts = {
    name: given.name,
    name_key: given.name?.toLowerCase(),
    description: given.description,
    brand: given.brand,
    brand_key: given.brand === null ? null : given.brand?.toLowerCase(),
    manufacturer: given.manufacturer,
    tags: tagsOf(given.tags),
    is_digital: given.is_digital,
    gift_card_valid_days: given.gift_card_valid_days,
    msrp_amount: optionalPriceOf(given.msrp, currency, 'msrp'),
    image_url: urlOf(given.image_url, 'image_url') ?? firstImage(given),
    tax_class: given.tax_class,
    options: given.options && readOptions(given.options),
    weight_grams: gramsOf(given.weight_kg, 'weight_kg'),
    dimensions_cm: given.dimensions_cm,
    tax_rate_ppm: ppmOf(given.tax_rate, 'tax_rate'),
    meta_title: given.meta_title,
    meta_description: given.meta_description,
    reorder_point: given.reorder_point,
  }
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as {
    [K in keyof typeof facts]?: Exclude<(typeof facts)[K], undefined>
  }
}

/** Unless it is named, the image of a product is the first that shows all its variants. */
function firstImage({ image_url, images }: ProductFields): string | null | undefined {
  if (image_url !== undefined || images === undefined) return image_url
  return (images.find(({ variant_id }) => !variant_id) ?? images[0])?.url ?? null
}

const insertTags = insertRows(db, 'product_tags')

/** Makes the product findable by just these tags. */
export async function writeTags(
  ctx: Context,
  product_id: Id<'product'>,
  tags: readonly string[],
): Promise<void> {
  await db(ctx).deleteFrom('product_tags').where('product_id', '=', product_id).execute()
  if (tags.length === 0) return
  const rows = tags.map((tag) => ({ tag_key: tag.toLowerCase(), product_id }))
  await insertTags.run(ctx, { rows })
}
