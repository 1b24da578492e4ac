import type { Kysely } from 'kysely'
import type { Migration } from '#platform/database/migrations'
import { printFacetKeys } from '../facet-keys.ts'
import { productSearch, searchDocument } from '../search-index.ts'

const CHUNK = 1_000

/** Brings the products that are there already under the keys by which they are now counted. */
export const rebuildSearch: Migration = {
  async up(db, c) {
    await productSearch.drop(db)
    await productSearch.create(db, c)
    for (let after = -1; ; ) {
      const products = await db
        .selectFrom('products')
        .select(['id', 'number', 'sku', 'name', 'brand', 'manufacturer', 'tags', 'description'])
        .select('status')
        .where('number', '>', after)
        .orderBy('number')
        .limit(CHUNK)
        .execute()
      if (products.length === 0) return
      after = products.at(-1)?.number
      await rebuild(db, c.engine, products)
    }
  },
}

async function rebuild(
  db: Kysely<any>,
  engine: 'sqlite' | 'postgres',
  products: any[],
): Promise<void> {
  const variants = await db
    .selectFrom('product_variants')
    .select(['product_id', 'sku', 'name'])
    .where(
      'product_id',
      'in',
      products.map(({ id }) => id),
    )
    .where('archived_at', 'is', null)
    .orderBy('position')
    .orderBy('id')
    .execute()
  const named = Map.groupBy(variants, ({ product_id }) => product_id)
  const documents = []
  for (const product of products) {
    const facet_keys = printFacetKeys({ ...product, categories: [], attributes: [] })
    if (facet_keys !== '') {
      await db.updateTable('products').set({ facet_keys }).where('id', '=', product.id).execute()
    }
    if (product.status === 'archived') continue
    const variantNames = (named.get(product.id) ?? []) as { sku: string; name: string }[]
    documents.push(searchDocument({ ...product, facet_keys }, variantNames))
  }
  await productSearch.fill(db, engine, documents)
}
