import { type Static, Type } from 'typebox'
import { CurrencyInput, MoneyInput } from '#kit/money'
import { pageQuery } from '#kit/pages'
import { LongText, Nullable, Text } from '#kit/schemas'
import { Sku } from '#modules/inventory'
import { productLifecycle } from './lifecycle.ts'
import { Options, VariantDimensions } from './schemas.ts'

const { Optional } = Type

const ProductRef = Text(100, { description: "The product's id or SKU." })
const VariantRef = Text(100, { description: "The variant's id or SKU." })
/** A decimal string or a JSON number; read by `facts.ts`. */
const DecimalInput = Type.Union([Type.String({ minLength: 1, maxLength: 20 }), Type.Number()])
const Status = productLifecycle.schema
const POSITION_MAX = 1_000_000

export const GetProduct = Type.Object({ id: ProductRef })
export type GetProduct = Static<typeof GetProduct>
export const GetVariant = Type.Object({ variant_id: VariantRef })
export type GetVariant = Static<typeof GetVariant>

const search = Optional(
  Type.String({
    maxLength: 200,
    description: 'Words of name, SKU, brand, tags and description; the last one may be unfinished.',
  }),
)
export const ListProducts = Type.Object({
  ...pageQuery,
  search,
  is_active: Optional(Type.Boolean({ description: 'False: inactive ones; staff only.' })),
  status: Optional(Type.Unsafe<Static<typeof Status>>({ ...Status, description: 'Staff only.' })),
  brand: Optional(Text(100, { description: 'Any case.' })),
  tag: Optional(Text(50, { description: 'Any case.' })),
  currency: Optional(CurrencyInput),
  price_min: Optional(MoneyInput),
  price_max: Optional(MoneyInput),
  sort_by: Optional(Type.Enum(['created_at', 'name', 'price'], { default: 'created_at' })),
  sort_order: Optional(
    Type.Enum(['asc', 'desc'], { description: 'Newest first, else rising, unless said.' }),
  ),
})
export type ListProducts = Static<typeof ListProducts>

const variantFields = {
  compare_at_price: Optional(Nullable(MoneyInput)),
  cost: Optional(Nullable(MoneyInput)),
  weight: Optional(
    Nullable(Type.Number({ minimum: 0, maximum: 1_000_000, description: 'Kilograms.' })),
  ),
  dimensions: Optional(Nullable(VariantDimensions)),
  inventory_tracking: Optional(Type.Boolean({ default: true })),
  position: Optional(Type.Integer({ minimum: 0, maximum: POSITION_MAX })),
}
export const PriceInput = Type.Object({
  currency: CurrencyInput,
  price: MoneyInput,
  compare_at_price: Optional(Nullable(MoneyInput)),
})
export type PriceInput = Static<typeof PriceInput>
const Prices = Type.Array(PriceInput, { minItems: 1, maxItems: 200 })

export const NewVariant = Type.Object({
  sku: Sku,
  name: Text(255),
  price: MoneyInput,
  options: Optional(Options),
  prices: Optional(
    Type.Unsafe<PriceInput[]>({
      ...Prices,
      description: "Further prices, beside the product's currency.",
    }),
  ),
  ...variantFields,
})
export type NewVariant = Static<typeof NewVariant>
export const CreateVariant = Type.Object({
  id: ProductRef,
  ...NewVariant.properties,
  options: Options,
})
export type CreateVariant = Static<typeof CreateVariant>
export const UpdateVariant = Type.Object({
  variant_id: VariantRef,
  sku: Optional(Sku),
  name: Optional(Text(255)),
  price: Optional(MoneyInput),
  options: Optional(Options),
  ...variantFields,
})
export type UpdateVariant = Static<typeof UpdateVariant>

export const SetPrice = Type.Object({
  variant_id: VariantRef,
  price: MoneyInput,
  currency: Optional(CurrencyInput),
  compare_at_price: Optional(Nullable(MoneyInput)),
})
export type SetPrice = Static<typeof SetPrice>
export const SetPrices = Type.Object({ variant_id: VariantRef, prices: Prices })
export type SetPrices = Static<typeof SetPrices>

const Tags = Type.Union([
  Type.Array(Text(50), { maxItems: 50 }),
  Text(1000, { description: 'Tags with commas between them.' }),
])
const productFields = {
  description: Optional(Nullable(LongText(2000))),
  is_active: Optional(Type.Boolean({ default: true })),
  is_digital: Optional(Type.Boolean({ default: false })),
  image_url: Optional(Nullable(Text(2000))),
  brand: Optional(Nullable(Text(100))),
  manufacturer: Optional(Nullable(Text(100))),
  weight_kg: Optional(Nullable(DecimalInput)),
  dimensions_cm: Optional(Nullable(Text(100))),
  tags: Optional(Nullable(Tags)),
  cost_price: Optional(Nullable(MoneyInput)),
  msrp: Optional(Nullable(MoneyInput)),
  tax_rate: Optional(Nullable(DecimalInput)),
  meta_title: Optional(Nullable(Text(255))),
  meta_description: Optional(Nullable(LongText(1000))),
  reorder_point: Optional(Nullable(Type.Integer({ minimum: 0, maximum: 1_000_000_000 }))),
}
export type ProductFields = {
  [K in keyof typeof productFields]?: Static<(typeof productFields)[K]> | undefined
}

export const CreateProduct = Type.Object({
  name: Text(255),
  sku: Optional(Sku),
  slug: Optional(Text(100, { description: 'The same as `sku`.' })),
  price: Optional(MoneyInput),
  currency: Optional(CurrencyInput),
  status: Optional(Type.Enum(['draft', 'active', 'inactive'])),
  inventory_tracking: Optional(
    Type.Boolean({
      description: 'Of the variant that is made when none is named; true unless digital.',
    }),
  ),
  ...productFields,
  variants: Optional(Type.Array(NewVariant, { minItems: 1, maxItems: 250 })),
})
export type CreateProduct = Static<typeof CreateProduct>
export const UpdateProduct = Type.Object({
  id: ProductRef,
  name: Optional(Text(255)),
  sku: Optional(Sku),
  price: Optional(MoneyInput),
  currency: Optional(CurrencyInput),
  status: Optional(Status),
  ...productFields,
})
export type UpdateProduct = Static<typeof UpdateProduct>
