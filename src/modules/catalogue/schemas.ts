import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, Money } from '#kit/money'
import { PageOf } from '#kit/pages'
import { Instant, Nullable, Text } from '#kit/schemas'
import { AttributeValues } from './attributes/schemas.ts'
import { Facets } from './facets-told.ts'
import { productLifecycle } from './lifecycle.ts'
import { ProductOptions } from './options.ts'

// What goes out. What comes in stands in inputs.ts.

export const DIMENSION_UNITS = ['cm', 'in', 'mm', 'm', 'ft'] as const
const Measure = Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000 })
export const VariantDimensions = Type.Object({
  length: Measure,
  width: Measure,
  height: Measure,
  unit: Type.Enum([...DIMENSION_UNITS]),
})

export const Options = Type.Record(
  Type.String({ pattern: '^[^\\u0000-\\u001f\\u007f]{1,50}$' }),
  Text(100),
  {
    additionalProperties: false,
    maxProperties: 20,
    description: 'Option name to choice.',
    examples: [{ colour: 'blue' }],
  },
)

const SaleTold = Type.Object({
  price: Money,
  starts_at: Instant,
  ends_at: Instant,
  lowest_price_30_days: Type.Union(Nullable(Money).anyOf, {
    description: 'The lowest price of the 30 days before it began; null if there was none.',
  }),
})
const offered = {
  compare_at_price: Type.Union(Nullable(Money).anyOf, {
    description: 'While a sale runs the regular price, else the one that staff gave.',
  }),
  sale: Type.Union(Nullable(SaleTold).anyOf, { description: 'The one that runs now.' }),
}
export const PriceBreak = Type.Object({ min_quantity: Type.Integer(), price: Money })

export const Price = Type.Object({
  currency: Currency,
  price: Type.String({ ...Money, description: 'Of one unit, now.' }),
  ...offered,
  breaks: Type.Array(PriceBreak, {
    description: 'What each unit costs now from so many units on, where that is less.',
  }),
})

const availability = {
  available_quantity: Nullable(
    Type.Integer({
      description: 'Units that can be ordered now; null where stock is not tracked.',
    }),
  ),
  in_stock: Type.Boolean(),
}

const AvailableAt = Type.Object({
  location_id: IdSchema('location'),
  location_code: Type.String(),
  location_name: Type.String(),
  available_quantity: Type.Integer(),
})
const Image = Type.Object({
  url: Type.String(),
  alt: Nullable(Type.String()),
  variant_id: Type.Union(Nullable(IdSchema('variant')).anyOf, {
    description: 'The variant that it shows; null if it shows all.',
  }),
})

const Cost = Nullable(Money)
const COST = 'Shown only to those who hold `products:cost` or `inventory:adjust`.'

export const Variant = Type.Object({
  id: IdSchema('variant'),
  product_id: IdSchema('product'),
  sku: Type.String(),
  name: Type.String(),
  price: Type.String({ ...Money, description: 'Of one unit, now.' }),
  currency: Currency,
  ...offered,
  prices: Type.Array(Price, { description: 'One a currency.' }),
  options: Options,
  gtin: Nullable(Type.String({ examples: ['4006381333931'] })),
  image_url: Nullable(Type.String({ description: 'The first of its own images.' })),
  position: Type.Integer(),
  inventory_tracking: Type.Boolean(),
  weight: Nullable(Type.Number({ description: 'Kilograms.' })),
  dimensions: Nullable(VariantDimensions),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
  cost: Type.Optional(Type.Union(Cost.anyOf, { description: COST })),
  ...availability,
  locations: Type.Optional(
    Type.Array(AvailableAt, { description: 'Where it lies; only with `include=locations`.' }),
  ),
})
export type Variant = Static<typeof Variant>
export const Variants = PageOf(Variant)
export const Generated = Type.Object({
  created: Type.Array(Variant),
  missing: Type.Integer({ description: 'Combinations that still have no variant; ask again.' }),
})
export type Generated = Static<typeof Generated>

export const Product = Type.Object({
  id: IdSchema('product'),
  sku: Type.String(),
  name: Type.String(),
  description: Nullable(Type.String()),
  price: Type.String({ ...Money, description: "The first variant's, now." }),
  currency: Currency,
  compare_at_price: offered.compare_at_price,
  sale: offered.sale,
  msrp: Nullable(Money),
  tax_rate: Nullable(Type.String({ description: 'A share: "0.08" is 8 %.', examples: ['0.08'] })),
  status: productLifecycle.schema,
  is_active: Type.Boolean(),
  is_digital: Type.Boolean(),
  is_gift_card: Type.Boolean({ description: 'Each unit sold becomes a gift card of its price.' }),
  gift_card_valid_days: Nullable(
    Type.Integer({ description: 'For how long such a card pays; null: as the settings say.' }),
  ),
  tax_class: Type.String({ description: 'The code of the class that it is taxed in.' }),
  slug: Nullable(Type.String({ description: "The last part of its page's address." })),
  image_url: Nullable(Type.String()),
  images: Type.Array(Image),
  brand: Nullable(Type.String()),
  manufacturer: Nullable(Type.String()),
  tags: Type.Array(Type.String()),
  category_ids: Type.Array(IdSchema('category')),
  attributes: AttributeValues,
  options: ProductOptions,
  variants_total: Type.Integer({ minimum: 0 }),
  weight_kg: Nullable(Type.String({ examples: ['0.35'] })),
  dimensions_cm: Nullable(Type.String()),
  meta_title: Nullable(Type.String()),
  meta_description: Nullable(Type.String()),
  reorder_point: Nullable(Type.Integer()),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
  cost_price: Type.Optional(Type.Union(Cost.anyOf, { description: COST })),
  variants: Type.Array(Variant, {
    description: 'The first hundred; all of them have pages of their own.',
  }),
  ...availability,
})
export type Product = Static<typeof Product>
export const Products = Type.Object({
  ...PageOf(Product).properties,
  facets: Type.Optional(Facets),
  facets_exact: Type.Optional(
    Type.Boolean({ description: 'False: only the newest thousand that match are counted.' }),
  ),
})

export const PriceUpdated = Type.Object({ message: Type.String(), variant: Variant })
export const PricesUpdated = Type.Object({
  updated: Type.Integer({ description: 'How many prices were set.' }),
  variants: Type.Integer({ description: 'Of how many variants.' }),
})

const SaleAhead = Type.Object({
  price: Money,
  min_quantity: Type.Integer(),
  starts_at: Instant,
  ends_at: Instant,
})
export const VariantPrices = Type.Object({
  variant_id: IdSchema('variant'),
  sku: Type.String(),
  version: Type.Integer(),
  prices: Type.Array(
    Type.Object({
      ...Price.properties,
      price: Type.String({ ...Money, description: 'Of one unit, now.' }),
      regular_price: Money,
      breaks: Type.Array(PriceBreak, { description: 'As they were set.' }),
      sales: Type.Array(SaleAhead, { description: 'Those that run and those to come.' }),
    }),
  ),
})
export type VariantPrices = Static<typeof VariantPrices>
