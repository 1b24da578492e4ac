import type { Id } from '#kit/ids'
import { orderableOf } from '#modules/inventory'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { type CategoryTree, categoryTree } from './categories/tree.ts'
import { type ProductDocument, readDocuments, readVariants, type VariantSet } from './documents.ts'
import type { ShownProduct } from './shown-products.ts'
import { db } from './tables.ts'
import { productWith, stockOfVariants } from './with-stock.ts'

/** A product on sale with all its variants, for those who carry a catalogue elsewhere. */
export type WholeProduct = ShownProduct & {
  /** The names of each of its categories and those above it, from the top down. */
  category_paths: string[][]
  /** Variants of which nothing is in stock, but which may be ordered ahead of it. */
  backordered: ReadonlySet<Id<'variant'>>
}

/**
 * Products, and of how many of the asked ones (from the first on) these are all that are on sale.
 */
type WholeProducts = { products: WholeProduct[]; covered: number }

type Ids = { ids: readonly string[] }

const variantsOf = prepared(db, (open, p: Ids, engine) =>
  open
    .selectFrom('product_variants')
    .select('id')
    .where(isOneOf(engine, 'product_id', { values: p.ids, kind: 'uuid' }))
    .where('archived_at', 'is', null),
)

/**
 * Those of these products that are on sale, each with every variant it has, their stock, and never
 * their costs. Once there are `variants_max` variants it ends after that product: a page is as
 * large as what is in it. At most seven statements, past the cache of documents, which a walk
 * through the whole catalogue would empty.
 */
export async function wholeProducts(
  ctx: Context,
  { ids, variants_max }: { ids: readonly Id<'product'>[]; variants_max: number },
): Promise<WholeProducts> {
  if (ids.length === 0) return { products: [], covered: 0 }
  const read = new Map(
    (await readDocuments(ctx, ids)).map(({ document }) => [document.product.id, document]),
  )
  const onSale = (id: Id<'product'>) => {
    const document = read.get(id)
    return document?.product.is_active ? document : undefined
  }
  const covered = covering(
    ids.map((id) => onSale(id)?.product.variants_total ?? 0),
    variants_max,
  )
  const found = ids.slice(0, covered).flatMap((id) => onSale(id) ?? [])
  const documents = await withAllVariants(ctx, found)
  const stock = await stockOfVariants(ctx, documents)
  const empty = documents.flatMap(({ items }) =>
    items.flatMap((item) => (item && (stock.items.get(item) ?? 0) <= 0 ? [item] : [])),
  )
  const ahead = await orderableOf(ctx, empty)
  const tree = await categoryTree(ctx)
  const products = documents.map((document) => {
    const product: ShownProduct = productWith(document, { stock, costs: false })
    const backordered = document.items.flatMap((item, nth) => {
      const variant = document.variants[nth]
      return item && variant && (ahead.get(item) ?? 0) > 0 ? [variant.id] : []
    })
    const category_paths = product.category_ids.map((id) => pathOf(tree, id))
    return { ...product, category_paths, backordered: new Set(backordered) }
  })
  return { products, covered }
}

/** How many from the first on have so many variants together; one at least. */
function covering(totals: readonly number[], most: number): number {
  let sum = 0
  for (const [nth, total] of totals.entries()) {
    sum += total
    if (sum > most && nth > 0) return nth
  }
  return totals.length
}

/** Documents whose variants are no longer only the first hundred. */
async function withAllVariants(
  ctx: Context,
  documents: readonly ProductDocument[],
): Promise<ProductDocument[]> {
  const isShort = ({ product, variants }: ProductDocument) =>
    product.variants_total > variants.length
  const short = documents.filter(isShort)
  if (short.length === 0) return [...documents]
  const rows = await variantsOf(ctx, { ids: short.map(({ product }) => product.id) })
  const all = await readVariants(
    ctx,
    rows.map(({ id }) => id),
  )
  const sets = new Map<Id<'product'>, VariantSet>()
  for (const [nth, variant] of all.variants.entries()) {
    const set = sets.get(variant.product_id) ?? { variants: [], items: [], costs: [] }
    sets.set(variant.product_id, set)
    const { variants, items, costs } = set as Growing
    variants.push(variant)
    items.push(all.items[nth] ?? null)
    costs.push(all.costs[nth] ?? null)
  }
  return documents.map((document) => {
    const { pieces: _, ...plain } = document
    return isShort(document) ? { ...plain, ...sets.get(document.product.id) } : document
  })
}
type Growing = { [K in keyof VariantSet]: VariantSet[K][number][] }

function pathOf(tree: CategoryTree, id: Id<'category'>): string[] {
  const node = tree.find(id)
  return node
    ? tree
        .upFrom(node)
        .map(({ name }) => name)
        .toReversed()
    : []
}
