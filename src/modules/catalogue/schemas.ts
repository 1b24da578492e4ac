import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, Money } from '#kit/money'
import { PageOf } from '#kit/pages'
import { Instant, Nullable, Text } from '#kit/schemas'
import { productLifecycle } from './lifecycle.ts'

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

export const Price = Type.Object({
  currency: Currency,
  price: Money,
  compare_at_price: Nullable(Money),
})

const availability = {
  available_quantity: Nullable(
    Type.Integer({
      description: 'Units that can be ordered now; null where stock is not tracked.',
    }),
  ),
  in_stock: Type.Boolean(),
}

const Cost = Nullable(Money)
const COST = 'Shown only to those who hold `products:cost` or `inventory:adjust`.'

export const Variant = Type.Object({
  id: IdSchema('variant'),
  product_id: IdSchema('product'),
  sku: Type.String(),
  name: Type.String(),
  price: Money,
  currency: Currency,
  compare_at_price: Nullable(Money),
  prices: Type.Array(Price, { description: 'One a currency.' }),
  options: Options,
  position: Type.Integer(),
  inventory_tracking: Type.Boolean(),
  weight: Nullable(Type.Number({ description: 'Kilograms.' })),
  dimensions: Nullable(VariantDimensions),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
  cost: Type.Optional(Type.Union(Cost.anyOf, { description: COST })),
  ...availability,
})
export type Variant = Static<typeof Variant>
export const Variants = Type.Array(Variant)

export const Product = Type.Object({
  id: IdSchema('product'),
  sku: Type.String(),
  name: Type.String(),
  description: Nullable(Type.String()),
  price: Type.String({ ...Money, description: "The first variant's." }),
  currency: Currency,
  compare_at_price: Nullable(Money),
  msrp: Nullable(Money),
  tax_rate: Nullable(Type.String({ description: 'A share: "0.08" is 8 %.', examples: ['0.08'] })),
  status: productLifecycle.schema,
  is_active: Type.Boolean(),
  is_digital: Type.Boolean(),
  image_url: Nullable(Type.String()),
  brand: Nullable(Type.String()),
  manufacturer: Nullable(Type.String()),
  tags: Type.Array(Type.String()),
  weight_kg: Nullable(Type.String({ examples: ['0.35'] })),
  dimensions_cm: Nullable(Type.String()),
  meta_title: Nullable(Type.String()),
  meta_description: Nullable(Type.String()),
  reorder_point: Nullable(Type.Integer()),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
  cost_price: Type.Optional(Type.Union(Cost.anyOf, { description: COST })),
  variants: Variants,
  ...availability,
})
export type Product = Static<typeof Product>
export const Products = PageOf(Product)

export const PriceUpdated = Type.Object({ message: Type.String(), variant: Variant })
