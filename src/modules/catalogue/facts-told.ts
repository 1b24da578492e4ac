import { formatMoney } from '#kit/money'
import type { AttributeType } from './attributes/tables.ts'
import { toldValue } from './attributes/value.ts'
import type { PricedRow, ProductRow } from './document-rows.ts'
import { decimalText } from './facts.ts'
import { type PricedAt, priceTold } from './price-told.ts'
import type { Product, Variant } from './schemas.ts'

// Rows as they are answered, without stock and costs.

type Changing = 'available_quantity' | 'in_stock'
export type VariantFacts = Omit<Variant, Changing | 'cost' | 'locations'>
export type ProductFacts = Omit<Product, Changing | 'cost_price' | 'variants'>

/** A product as it is answered; its price is that of its first variant. */
export function productFacts(row: ProductRow, first: VariantFacts | undefined): ProductFacts {
  const { currency } = row
  return {
    id: row.id,
    sku: row.sku,
    name: row.name,
    description: row.description,
    price: first?.price ?? formatMoney(row.price_amount, currency),
    currency,
    compare_at_price: first?.compare_at_price ?? null,
    sale: first?.sale ?? null,
    msrp: row.msrp_amount === null ? null : formatMoney(row.msrp_amount, currency),
    tax_rate: row.tax_rate_ppm === null ? null : decimalText(row.tax_rate_ppm, 6),
    status: row.status,
    is_active: row.status === 'active',
    is_digital: row.is_digital,
    is_gift_card: row.is_gift_card,
    gift_card_valid_days: row.gift_card_valid_days,
    tax_class: row.tax_class,
    slug: row.slug,
    image_url: row.image_url,
    images: JSON.parse(row.images),
    brand: row.brand,
    manufacturer: row.manufacturer,
    tags: row.tags,
    category_ids: (JSON.parse(row.categories) as { id: Product['category_ids'][number] }[]).map(
      ({ id }) => id,
    ),
    attributes: attributesTold(row.attributes),
    options: row.options,
    variants_total: row.variants_total,
    weight_kg: row.weight_grams === null ? null : decimalText(row.weight_grams, 3),
    dimensions_cm: row.dimensions_cm,
    meta_title: row.meta_title,
    meta_description: row.meta_description,
    reorder_point: row.reorder_point,
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
  }
}

/** A variant from its rows, one for each price. */
export function variantFacts(rows: readonly PricedRow[], at: PricedAt): VariantFacts {
  const [row] = rows as [PricedRow]
  const prices = rows.flatMap(({ currency, amount, compare_at_amount }) =>
    currency === null || amount === null
      ? []
      : priceTold({ ...row, currency, amount, compare_at_amount }, at),
  )
  const currency = row.product_currency
  const own = prices.find((price) => price.currency === currency)
  return {
    id: row.id,
    product_id: row.product_id,
    sku: row.sku,
    name: row.name,
    price: own?.price ?? formatMoney(0, currency),
    currency,
    compare_at_price: own?.compare_at_price ?? null,
    sale: own?.sale ?? null,
    prices,
    options: row.options,
    gtin: row.gtin,
    image_url: row.image_url,
    position: row.position,
    inventory_tracking: row.inventory_tracking,
    weight: row.weight_grams === null ? null : row.weight_grams / 1000,
    dimensions: row.dimensions as Variant['dimensions'],
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
  }
}

type Stored = { code: string; type: AttributeType; value: string }

const attributesTold = (text: string): Product['attributes'] =>
  Object.fromEntries(
    (JSON.parse(text) as Stored[]).map(({ code, type, value }) => [code, toldValue(type, value)]),
  )
