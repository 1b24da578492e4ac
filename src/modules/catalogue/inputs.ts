import { type Static, Type } from 'typebox'
import { CurrencyInput, MoneyInput } from '#kit/money'
import { pageQuery } from '#kit/pages'
import { InstantInput, LongText, Nullable, Text } from '#kit/schemas'
import { Sku } from '#modules/inventory'
import {
  AttributeValuesInput,
  type AttributeValuesInput as ValuesInput,
} from './attributes/schemas.ts'
import { CategoryRef } from './categories/schemas.ts'
import { GtinInput } from './gtin.ts'
import { productLifecycle } from './lifecycle.ts'
import { ProductOptions } from './options.ts'
import { Options, VariantDimensions } from './schemas.ts'
import { Slug } from './slugs.ts'

const { Optional } = Type

const ProductRef = Text(100, { description: "The product's id or SKU." })
const VariantRef = Text(100, { description: "The variant's id or SKU." })
/** A decimal string or a JSON number; read by `facts.ts`. */
const DecimalInput = Type.Union([Type.String({ minLength: 1, maxLength: 20 }), Type.Number()])
const Status = productLifecycle.schema
const POSITION_MAX = 1_000_000
/** So many variants may come with a new product; further ones are added to it. */
export const VARIANTS_AT_ONCE_MAX = 250
const QUANTITY_MAX = 1_000_000

const include = Optional(
  Type.Enum(['locations'], { description: 'Also tells where each variant lies.' }),
)
export const GetProduct = Type.Object({ id: ProductRef })
export const ReadProduct = Type.Object({ id: ProductRef, include })
export type ReadProduct = Static<typeof ReadProduct>
export const ProductBySku = Type.Object({ sku: Sku, include })
export type ProductBySku = Static<typeof ProductBySku>
export const ProductBySlug = Type.Object({ slug: Slug, include })
export type ProductBySlug = Static<typeof ProductBySlug>
export const ListVariants = Type.Object({ id: ProductRef, ...pageQuery, include })
export type ListVariants = Static<typeof ListVariants>
export const ReadVariant = Type.Object({ variant_id: VariantRef, include })
export type ReadVariant = Static<typeof ReadVariant>
export const VariantByGtin = Type.Object({ gtin: GtinInput, include })
export type VariantByGtin = Static<typeof VariantByGtin>
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
  tags: Optional(Type.Array(Text(50), { maxItems: 10, description: 'All of them, any case.' })),
  category: Optional(Text(100, { description: 'Id or slug; those below it count too.' })),
  attributes: Optional(
    Type.Array(Text(600), {
      maxItems: 20,
      description:
        '`colour:blue`; one attribute several times means any of its values. Numbers and days take ' +
        'ranges: `volume:250..500`. A comma in a value is written %2C.',
      examples: [['colour:blue', 'volume:250..']],
    }),
  ),
  in_stock: Optional(Type.Boolean({ description: 'Whether a unit can be ordered now.' })),
  in_stock_only: Optional(Type.Boolean({ description: 'True: the same as `in_stock=true`.' })),
  facets: Optional(
    Text(1000, { description: '`true`, or of category, brand, tag, price, in_stock, attributes.' }),
  ),
  include,
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
  gtin: Optional(Nullable(GtinInput)),
  compare_at_price: Optional(Nullable(MoneyInput)),
  cost: Optional(Nullable(MoneyInput)),
  weight: Optional(
    Nullable(Type.Number({ minimum: 0, maximum: 1_000_000, description: 'Kilograms.' })),
  ),
  dimensions: Optional(Nullable(VariantDimensions)),
  inventory_tracking: Optional(Type.Boolean({ default: true })),
  position: Optional(Type.Integer({ minimum: 0, maximum: POSITION_MAX })),
}
const PlainPriceInput = Type.Object({
  currency: CurrencyInput,
  price: MoneyInput,
  compare_at_price: Optional(Nullable(MoneyInput)),
})
export type PlainPriceInput = Static<typeof PlainPriceInput>

export const NewVariant = Type.Object({
  sku: Sku,
  name: Text(255),
  price: MoneyInput,
  options: Optional(Options),
  prices: Optional(
    Type.Array(PlainPriceInput, {
      minItems: 1,
      maxItems: 200,
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
export const GenerateVariants = Type.Object({
  id: ProductRef,
  sku_pattern: Optional(
    Text(100, {
      description: "`{sku}` is the product's, `{colour}` the choice; unless said, all of them.",
    }),
  ),
  price: Optional(MoneyInput),
  compare_at_price: Optional(Nullable(MoneyInput)),
  cost: Optional(Nullable(MoneyInput)),
  inventory_tracking: Optional(Type.Boolean({ default: true })),
  limit: Optional(Type.Integer({ minimum: 1, maximum: 100, default: 100 })),
})
export type GenerateVariants = Static<typeof GenerateVariants>

export const SetPrice = Type.Object({
  variant_id: VariantRef,
  price: MoneyInput,
  currency: Optional(CurrencyInput),
  compare_at_price: Optional(Nullable(MoneyInput)),
})
export type SetPrice = Static<typeof SetPrice>

const BreakInput = Type.Object({
  min_quantity: Type.Integer({ minimum: 2, maximum: QUANTITY_MAX }),
  price: MoneyInput,
})
export type BreakInput = Static<typeof BreakInput>
const SaleInput = Type.Object({
  price: MoneyInput,
  starts_at: Optional(
    Type.String({ ...InstantInput, description: 'Now, unless said; a past one counts from now.' }),
  ),
  ends_at: InstantInput,
  min_quantity: Optional(Type.Integer({ minimum: 1, maximum: QUANTITY_MAX, default: 1 })),
})
export type SaleInput = Static<typeof SaleInput>
export const PriceInput = Type.Object({
  ...PlainPriceInput.properties,
  breaks: Optional(
    Type.Array(BreakInput, {
      maxItems: 20,
      description: 'What each costs from so many units on, rising; left as they are unless said.',
    }),
  ),
  sales: Optional(
    Type.Array(SaleInput, {
      maxItems: 50,
      description:
        'Every sale that is not over. Of those that overlap the lowest wins; left as they are ' +
        'unless said.',
    }),
  ),
})
export type PriceInput = Static<typeof PriceInput>
export const SetPrices = Type.Object({
  variant_id: VariantRef,
  prices: Type.Array(PriceInput, { minItems: 1, maxItems: 200 }),
})
export type SetPrices = Static<typeof SetPrices>
export const BulkPrices = Type.Object({
  prices: Type.Array(Type.Object({ variant_id: VariantRef, ...PriceInput.properties }), {
    minItems: 1,
    maxItems: 1000,
  }),
})
export type BulkPrices = Static<typeof BulkPrices>

const Tags = Type.Union([
  Type.Array(Text(50), { maxItems: 50 }),
  Text(1000, { description: 'Tags with commas between them.' }),
])
const ImageInput = Type.Object({
  url: Text(2000, { description: 'An http or https address.' }),
  alt: Optional(Nullable(Text(255, { description: 'What who cannot see it is told.' }))),
  variant_id: Optional(
    Type.Unsafe<string | null>({ ...Nullable(VariantRef), description: 'Id or SKU of a variant.' }),
  ),
})
export type ImageInput = Static<typeof ImageInput>
const TaxClass = Type.String({
  pattern: '^[a-z0-9][a-z0-9_-]{0,49}$',
  description: 'The code of a tax class.',
  examples: ['standard'],
})
const productFields = {
  description: Optional(Nullable(LongText(2000))),
  is_active: Optional(Type.Boolean({ default: true })),
  is_digital: Optional(Type.Boolean({ default: false })),
  gift_card_valid_days: Optional(
    Nullable(
      Type.Integer({
        minimum: 1,
        maximum: 36_500,
        description: 'For how long a card of it pays; null: as the settings say.',
      }),
    ),
  ),
  image_url: Optional(Nullable(Text(2000))),
  brand: Optional(Nullable(Text(100))),
  manufacturer: Optional(Nullable(Text(100))),
  weight_kg: Optional(Nullable(DecimalInput)),
  dimensions_cm: Optional(Nullable(Text(100))),
  tags: Optional(Nullable(Tags)),
  category_ids: Optional(
    Type.Array(CategoryRef, { maxItems: 50, description: 'All its categories, by id or slug.' }),
  ),
  attributes: Optional(Type.Unsafe<ValuesInput>(AttributeValuesInput)),
  images: Optional(Type.Array(ImageInput, { maxItems: 100, description: 'All, in order.' })),
  options: Optional(ProductOptions),
  tax_class: Optional(TaxClass),
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
  slug: Optional(
    Text(100, {
      description: "The last part of its page's address; without `sku`, that too. Made if missing.",
    }),
  ),
  price: Optional(MoneyInput),
  currency: Optional(CurrencyInput),
  status: Optional(Type.Enum(['draft', 'active', 'inactive'])),
  is_gift_card: Optional(
    Type.Boolean({
      default: false,
      description:
        'Each unit sold becomes a gift card of its price, once it is paid; for good. ' +
        'It has no stock, no tax and nothing to send; its variants are the denominations.',
    }),
  ),
  inventory_tracking: Optional(
    Type.Boolean({
      description: 'Of the variant that is made when none is named; true unless digital.',
    }),
  ),
  ...productFields,
  variants: Optional(Type.Array(NewVariant, { minItems: 1, maxItems: VARIANTS_AT_ONCE_MAX })),
})
export type CreateProduct = Static<typeof CreateProduct>
export const UpdateProduct = Type.Object({
  id: ProductRef,
  name: Optional(Text(255)),
  sku: Optional(Sku),
  slug: Optional(Slug),
  price: Optional(MoneyInput),
  currency: Optional(CurrencyInput),
  status: Optional(Status),
  ...productFields,
})
export type UpdateProduct = Static<typeof UpdateProduct>
