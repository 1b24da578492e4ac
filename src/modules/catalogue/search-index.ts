import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { defineFullText, type TextDocument } from '#platform/database/full-text'
import { db } from './tables.ts'

/** The words by which products are found. Archived products are not in it. */
export const productSearch = defineFullText('product_search', {
  name: 'A',
  skus: 'A',
  brand: 'B',
  tags: 'B',
  description: 'D',
})

/** The keys that a search is narrowed by; any case. */
export const brandKey = (brand: string): string => `brand=${brand.toLowerCase()}`
export const tagKey = (tag: string): string => `tag=${tag.toLowerCase()}`

type Searched = {
  number: number
  sku: string
  name: string
  brand: string | null
  manufacturer: string | null
  tags: readonly string[]
  description: string | null
}
type Named = { sku: string; name: string }

/** What the index holds of a product with these live variants. */
export function searchDocument(
  product: Searched,
  variants: readonly Named[],
): TextDocument<'name' | 'skus' | 'brand' | 'tags' | 'description'> {
  const { brand, tags } = product
  return {
    number: product.number,
    keys: [...(brand ? [brandKey(brand)] : []), ...tags.map(tagKey)],
    name: product.name,
    skus: [product.sku, ...variants.map(({ sku }) => sku)].join(' '),
    brand: [brand, product.manufacturer].filter(Boolean).join(' '),
    tags: [...tags, ...variants.map(({ name }) => name)].join(' '),
    description: product.description ?? '',
  }
}

/** Brings the index up to what the product and its variants say now. */
export async function indexProduct(ctx: Context, product_id: Id<'product'>): Promise<void> {
  const product = await db(ctx)
    .selectFrom('products')
    .select(['number', 'sku', 'name', 'brand', 'manufacturer', 'tags', 'description', 'status'])
    .where('id', '=', product_id)
    .executeTakeFirstOrThrow()
  if (product.status === 'archived') {
    await productSearch.remove(ctx, [product.number])
    return
  }
  const variants = await db(ctx)
    .selectFrom('product_variants')
    .select(['sku', 'name'])
    .where('product_id', '=', product_id)
    .where('archived_at', 'is', null)
    .orderBy('position')
    .orderBy('id')
    .execute()
  await productSearch.put(ctx, [searchDocument(product, variants)])
}
