import type { Id } from '#kit/ids'
import {
  FIRST_PRODUCT,
  productsContaining,
  type ShownProduct,
  shownProducts,
} from '#modules/catalogue'
import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { compareDecimals } from './decimals.ts'
import { ecommerceErrors } from './errors.ts'
import { meant, namesForRead } from './names.ts'
import type { Product, SearchProducts } from './schemas.ts'

/** As many products as one answer has; the published interface has no pages. */
const PRODUCTS_MAX = 1000
const BATCH = 500
/** Products that one search looks at, so that a rare word cannot read a huge catalogue. */
const LOOKED_AT_MAX = 50_000
/** The stock of what is not counted: as many units as one line may hold. */
const UNCOUNTED = 1_000_000

/** Products on sale, oldest first; those that match what is asked for. */
export async function listProducts(
  ctx: ProcessContext,
  wanted: SearchProducts,
): Promise<{ items: Product[]; cut: boolean }> {
  const found = await ctx.read((tx) => matching(tx, wanted))
  const cut = found.length > PRODUCTS_MAX
  return { items: await named(ctx, found.slice(0, PRODUCTS_MAX)), cut }
}

async function matching(ctx: Context, wanted: SearchProducts): Promise<ShownProduct[]> {
  const found: ShownProduct[] = []
  const text = wanted.q ?? ''
  let after = FIRST_PRODUCT
  for (let looked = 0; looked < LOOKED_AT_MAX; looked += BATCH) {
    const ids = await productsContaining(ctx, { text, after, limit: BATCH })
    const products = await shownProducts(ctx, ids)
    found.push(...products.filter((product) => fits(product, wanted)))
    if (ids.length < BATCH || found.length > PRODUCTS_MAX) return found
    after = ids.at(-1) as string
  }
  return found
}

function fits(product: ShownProduct, { min_price, max_price, in_stock }: SearchProducts): boolean {
  const { price } = product
  if (min_price !== undefined && compareDecimals(price, min_price) < 0) return false
  if (max_price !== undefined && compareDecimals(price, max_price) > 0) return false
  return in_stock === undefined || stockOf(product) > 0 === in_stock
}

/** One product on sale by its public id. Throws `product_not_found`. */
export async function getProduct(
  ctx: ProcessContext,
  { product_id }: { product_id: string },
): Promise<Product> {
  const found = await ctx.read(async (tx) => {
    const id = await meant(tx, 'product', product_id)
    return id ? shownProducts(tx, [id as Id<'product'>]) : []
  })
  const [product] = await named(ctx, found)
  if (!product) throw ecommerceErrors.product_not_found()
  return product
}

async function named(ctx: ProcessContext, found: readonly ShownProduct[]): Promise<Product[]> {
  const ids = found.map(({ id }) => id)
  const names = await namesForRead(ctx, 'product', ids)
  return found.map((product) => ({
    id: names.get(product.id) as string,
    sku: product.sku,
    name: product.name,
    price: product.price,
    currency: product.currency,
    stock: stockOf(product),
  }))
}

/** What can be ordered of the variant that is put into the cart: the first one. */
function stockOf({ variants, available_quantity }: ShownProduct): number {
  const [first] = variants
  const available = first ? first.available_quantity : available_quantity
  return available ?? UNCOUNTED
}
