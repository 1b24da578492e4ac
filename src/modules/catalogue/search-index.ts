import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { updateEach } from '#platform/database/each-row'
import { defineFullText, type TextDocument } from '#platform/database/full-text'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { parseFacetKey, printFacetKeys, splitFacetKeys, statusKey } from './facet-keys.ts'
import { db } from './tables.ts'

export { brandKey, tagKey } from './facet-keys.ts'

/** The words by which products are found. Archived products are not in it. */
export const productSearch = defineFullText('product_search', {
  name: 'A',
  skus: 'A',
  brand: 'B',
  tags: 'B',
  description: 'D',
})

/** Of a product with more variants, only so many are found by words; all are by their SKU. */
export const VARIANTS_INDEXED_MAX = 500

type Searched = {
  number: number
  sku: string
  name: string
  brand: string | null
  manufacturer: string | null
  tags: readonly string[]
  description: string | null
  status: string
  facet_keys: string
}
type Named = { sku: string; name: string }

/** What the index holds of a product with these live variants, in their order. */
export function searchDocument(
  product: Searched,
  variants: readonly Named[],
): TextDocument<'name' | 'skus' | 'brand' | 'tags' | 'description'> {
  const { brand, tags } = product
  const known = variants.slice(0, VARIANTS_INDEXED_MAX)
  const keys = splitFacetKeys(product.facet_keys)
  const attributes = keys.map(parseFacetKey).filter(({ kind }) => kind === 'attribute')
  return {
    number: product.number,
    keys: [...keys.map((key) => key.toLowerCase()), statusKey(product.status)],
    name: product.name,
    skus: [product.sku, ...known.map(({ sku }) => sku)].join(' '),
    brand: [brand, product.manufacturer].filter(Boolean).join(' '),
    tags: [...tags, ...known.map(({ name }) => name), ...attributes.map(({ value }) => value)].join(
      ' ',
    ),
    description: product.description ?? '',
  }
}

type Ids = { ids: readonly string[] }

const productRows = prepared(db, (open, p: Ids, engine) =>
  open
    .selectFrom('products')
    .select(['id', 'number', 'sku', 'name', 'brand', 'manufacturer', 'tags', 'description'])
    .select(['status', 'facet_keys'])
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' })),
)
const variantRows = prepared(db, (open, p: Ids, engine) =>
  open
    .selectFrom('product_variants')
    .select(['product_id', 'sku', 'name'])
    .where(isOneOf(engine, 'product_id', { values: p.ids, kind: 'uuid' }))
    .where('archived_at', 'is', null)
    .orderBy('position')
    .orderBy('id'),
)
const categoryRows = prepared(db, (open, p: Ids, engine) =>
  open
    .selectFrom('product_categories as m')
    .innerJoin('categories as c', 'c.id', 'm.category_id')
    .select(['m.product_id', 'c.number'])
    .where(isOneOf(engine, 'm.product_id', { values: p.ids, kind: 'uuid' })),
)
const attributeRows = prepared(db, (open, p: Ids, engine) =>
  open
    .selectFrom('product_attributes as m')
    .innerJoin('attributes as a', 'a.id', 'm.attribute_id')
    .select(['m.product_id', 'a.number', 'm.value'])
    .where(isOneOf(engine, 'm.product_id', { values: p.ids, kind: 'uuid' })),
)

/** The facet keys that these products should have, and the words of their variants. */
export async function readIndexed(ctx: Context, ids: readonly Id<'product'>[]) {
  const [products, variants, categories, attributes] = await Promise.all([
    productRows(ctx, { ids }),
    variantRows(ctx, { ids }),
    categoryRows(ctx, { ids }),
    attributeRows(ctx, { ids }),
  ])
  const variantsOf = Map.groupBy(variants, ({ product_id }) => product_id)
  const categoriesOf = Map.groupBy(categories, ({ product_id }) => product_id)
  const attributesOf = Map.groupBy(attributes, ({ product_id }) => product_id)
  return products.map((product) => {
    const facet_keys = printFacetKeys({
      ...product,
      categories: (categoriesOf.get(product.id) ?? []).map(({ number }) => number),
      attributes: attributesOf.get(product.id) ?? [],
    })
    const document = searchDocument({ ...product, facet_keys }, variantsOf.get(product.id) ?? [])
    return { product, facet_keys, document }
  })
}

/**
 * Brings the index and the facet keys of these products up to what they, their variants, categories
 * and attributes say now: the same few statements for one product or a thousand.
 */
export async function indexProducts(ctx: Context, ids: readonly Id<'product'>[]): Promise<void> {
  if (ids.length === 0) return
  const read = await readIndexed(ctx, ids)
  const changed = read.filter(({ product, facet_keys }) => product.facet_keys !== facet_keys)
  if (changed.length > 0) {
    const rows = changed.map(({ product, facet_keys }) => ({ id: product.id, facet_keys }))
    await writeFacetKeys.run(ctx, { rows })
  }
  const gone = read.filter(({ product }) => product.status === 'archived')
  if (gone.length > 0) {
    await productSearch.remove(
      ctx,
      gone.map(({ product }) => product.number),
    )
  }
  const live = read.filter(({ product }) => product.status !== 'archived')
  await productSearch.put(
    ctx,
    live.map(({ document }) => document),
  )
}

const writeFacetKeys = updateEach(
  db,
  { id: 'uuid', facet_keys: 'text' },
  {
    table: 'products',
    key: ['id'],
    set: ({ facet_keys }) => ({ facet_keys }),
    where: ({ id }) => sql`products.id = ${id}`,
  },
)

/** The same for one product. */
export const indexProduct = (ctx: Context, product_id: Id<'product'>): Promise<void> =>
  indexProducts(ctx, [product_id])
