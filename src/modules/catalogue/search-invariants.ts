import type { Context } from '#platform/context'
import { productSearch, readIndexed } from './search-index.ts'
import { db } from './tables.ts'

const CHUNK = 1_000

/** Products whose words or keys in the search index, or whose facet keys, are not their own. */
export async function searchDisagreements(ctx: Context): Promise<object[]> {
  const wrong: object[] = []
  let seen = 0
  for (let after = -1; ; ) {
    const products = await db(ctx)
      .selectFrom('products')
      .select(['id', 'number'])
      .where('number', '>', after)
      .orderBy('number')
      .limit(CHUNK)
      .execute()
    if (products.length === 0) break
    after = products.at(-1)?.number ?? after
    const read = await readIndexed(
      ctx,
      products.map(({ id }) => id),
    )
    for (const { product, facet_keys } of read) {
      if (product.facet_keys !== facet_keys) wrong.push({ id: product.id, facet_keys })
    }
    const documents = read
      .filter(({ product }) => product.status !== 'archived')
      .map(({ document }) => document)
    seen += documents.length
    for (const number of await productSearch.disagreements(ctx, documents)) wrong.push({ number })
  }
  const indexed = await productSearch.count(ctx)
  return indexed === seen ? wrong : [...wrong, { indexed, products: seen }]
}
