import { DomainError } from '#kit/errors'
import { currencyExponent } from '#kit/money'
import { catalogueErrors, createProduct as create, knownSkus } from '#modules/catalogue'
import { countStock, createLocation, findItem, firstLocation } from '#modules/inventory'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { roundDecimal } from './decimals.ts'
import { namesOf } from './names.ts'
import type { CreateProduct, Product } from './schemas.ts'

/** The published seed (ecommerce-api.md, section 3). */
const SEED: readonly CreateProduct[] = [
  { sku: 'SKU-KB-001', name: 'Mechanical Keyboard', price: '99.90', currency: 'USD', stock: 20 },
  { sku: 'SKU-MS-001', name: 'Ergonomic Mouse', price: '39.50', currency: 'USD', stock: 30 },
  { sku: 'SKU-HD-001', name: 'USB-C Hub', price: '54.00', currency: 'USD', stock: 15 },
]

/**
 * Puts a product with its stock into the catalogue: the units lie at the first location, which is
 * opened if there is none. Throws `sku_taken`.
 */
export async function createProduct(ctx: Context, input: CreateProduct): Promise<Product> {
  const [product] = await createAll(ctx, [input])
  return product as Product
}

/** The seed products that are not there yet; once they are there, none. */
export async function seedProducts(ctx: Context): Promise<{ items: Product[]; cut: boolean }> {
  const known = await knownSkus(
    ctx,
    SEED.map(({ sku }) => sku),
  )
  try {
    const items = await createAll(
      ctx,
      SEED.filter(({ sku }) => !known.has(sku)),
    )
    return { items, cut: false }
  } catch (error) {
    const { code } = catalogueErrors.sku_taken.spec
    if (!(error instanceof DomainError) || error.code !== code) throw error
    throw new TryAgain('somebody else planted the seed meanwhile')
  }
}

async function createAll(ctx: Context, inputs: readonly CreateProduct[]): Promise<Product[]> {
  const made: Omit<Product, 'id'>[] = []
  const ids: string[] = []
  for (const { sku, name, price, currency, stock } of inputs) {
    const rounded = roundDecimal(price, Math.min(2, currencyExponent(currency)))
    const product = await create(ctx, { sku, name, price: rounded, currency })
    ids.push(product.id)
    if (stock > 0) await shelve(ctx, sku, stock)
    made.push({ sku: product.sku, name, price: product.price, currency, stock })
  }
  const names = await namesOf(ctx, 'product', ids)
  return made.map((product, nth) => ({ id: names.get(ids[nth] as string) as string, ...product }))
}

async function shelve(ctx: Context, sku: string, on_hand: number): Promise<void> {
  const location_id = await someLocation(ctx)
  const { id: item_id } = await findItem(ctx, sku)
  const why = { reason: 'opening stock', reference_type: 'product', reference_id: sku }
  await countStock(ctx, [{ item_id, sku, location_id, on_hand }], why)
}

async function someLocation(ctx: Context) {
  const first = await firstLocation(ctx)
  return first ? first.id : (await createLocation(ctx, { code: 'MAIN', name: 'Main' })).id
}
