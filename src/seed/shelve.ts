import { formatMoney } from '#kit/money'
import type { Caller } from './caller.ts'
import type { DemoLocation, DemoPrices, DemoProduct, DemoVariant } from './demo/types.ts'

const MM_PER_CM = 10
const GRAMS_PER_KG = 1000
const ADJUSTMENTS_MAX = 100

/** Opens the shop's locations, the first one first in line. */
export async function openLocations(
  caller: Caller,
  locations: readonly DemoLocation[],
  at: string,
): Promise<void> {
  for (const [index, { code, name, address }] of locations.entries()) {
    const priority = (index + 1) * 10
    await caller.call('inventory.create_location', { code, name, address, priority }, at)
  }
}

/** Puts one product with all its variants and prices into the catalogue. */
export async function listProduct(caller: Caller, product: DemoProduct, at: string): Promise<void> {
  const { dimensions, weight_grams } = product
  const listing = {
    name: product.name,
    sku: product.sku,
    description: product.description,
    brand: product.brand,
    ...(product.manufacturer && { manufacturer: product.manufacturer }),
    tags: product.tags,
    ...(product.category && { category_ids: [product.category] }),
    tax_class: product.tax_class,
    attributes: product.attributes,
    options: optionsOf(product),
    is_digital: product.is_digital,
    status: product.status === 'draft' ? 'draft' : 'active',
    currency: 'USD',
    weight_kg: String(weight_grams / GRAMS_PER_KG),
    ...(dimensions && {
      dimensions_cm: [dimensions.length_mm, dimensions.width_mm, dimensions.height_mm]
        .map((mm) => mm / MM_PER_CM)
        .join(' x '),
    }),
    variants: product.variants.map(variantOf),
  }
  const { id } = await caller.call('catalogue.create_product', listing, at)
  if (product.status === 'archived') await caller.call('catalogue.archive_product', { id }, at)
}

/** What the variants differ in, with every choice in the order in which it comes first. */
const optionsOf = ({ options, variants }: DemoProduct) =>
  options.map((name) => ({
    name,
    choices: [...new Set(variants.map((variant) => variant.options[name] as string))],
  }))

function variantOf(variant: DemoVariant) {
  const { prices, compare_at } = variant
  return {
    sku: variant.sku,
    name: variant.name,
    options: variant.options,
    price: formatMoney(prices.USD, 'USD'),
    ...(compare_at && { compare_at_price: formatMoney(compare_at.USD, 'USD') }),
    cost: formatMoney(variant.cost_amount, 'USD'),
    weight: variant.weight_grams / GRAMS_PER_KG,
    inventory_tracking: variant.inventory_tracking,
    prices: (['EUR', 'GBP'] as const).map((currency) => priceIn(currency, { prices, compare_at })),
  }
}

type Prices = { prices: DemoPrices; compare_at: DemoPrices | undefined }

const priceIn = (currency: 'EUR' | 'GBP', { prices, compare_at }: Prices) => ({
  currency,
  price: formatMoney(prices[currency], currency),
  ...(compare_at && { compare_at_price: formatMoney(compare_at[currency], currency) }),
})

/** Receives the opening stock of these products, a hundred shelves at a time. */
export async function receiveStock(
  caller: Caller,
  products: readonly DemoProduct[],
  at: string,
): Promise<void> {
  const shelves = products
    .flatMap(({ variants }) => variants)
    .filter(({ inventory_tracking }) => inventory_tracking)
    .flatMap(({ sku, stock }) =>
      Object.entries(stock).map(([location_id, units]) => ({
        item_number: sku,
        location_id,
        quantity_delta: units,
        reason: 'opening stock',
      })),
    )
    .filter(({ quantity_delta }) => quantity_delta > 0)
  for (let from = 0; from < shelves.length; from += ADJUSTMENTS_MAX) {
    const adjustments = shelves.slice(from, from + ADJUSTMENTS_MAX)
    const { errors } = await caller.call('inventory.bulk_adjust', { adjustments }, at)
    if (errors.length > 0) throw new Error(`stock was refused: ${JSON.stringify(errors[0])}`)
  }
}
