import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Json, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { attributeTables } from './attributes/tables.ts'
import { categoryTables } from './categories/tables.ts'
import { productLifecycle } from './lifecycle.ts'
import { Offers } from './offers.ts'
import { ProductOptions } from './options.ts'

/** Outer measures of what is packed, as the merchant gave them. */
export const Dimensions = Type.Object({
  length: Type.Number(),
  width: Type.Number(),
  height: Type.Number(),
  unit: Type.String(),
})

export const db = defineTables({
  products: Type.Object({
    id: IdSchema('product'),
    /** Counts up; what the full-text index calls a product. */
    number: Type.Integer(),
    sku: Type.String(),
    /** The SKU without regard to case: what is unique. */
    sku_key: Type.String(),
    name: Type.String(),
    /** The name without regard to case: what is sorted by. */
    name_key: Type.String(),
    description: Nullable(Type.String()),
    brand: Nullable(Type.String()),
    brand_key: Nullable(Type.String()),
    manufacturer: Nullable(Type.String()),
    tags: Json(Type.Array(Type.String())),
    is_digital: Type.Boolean(),
    /** Each unit sold becomes a gift card of its price. It is that from the beginning, or never. */
    is_gift_card: Type.Boolean(),
    /** For how many days such a card pays; null where the setting says. */
    gift_card_valid_days: Nullable(Type.Integer()),
    /** The code of the tax class that its price is taxed in. */
    tax_class: Type.String(),
    /** The last part of its page's address; earlier ones stand in `product_slugs`. */
    slug: Nullable(Type.String()),
    /** What its variants differ in, in order; none while they need not differ. */
    options: Json(ProductOptions),
    /** What it is counted under, see `facet-keys.ts`. Derived: written by `indexProducts` only. */
    facet_keys: Type.String(),
    status: productLifecycle.schema,
    /** The currency in which every live variant has a price. */
    currency: Currency,
    /** The first live variant by position. Derived: written by `settleProduct` only. */
    default_variant_id: IdSchema('variant'),
    /** The default variant's price in `currency`. Derived: written by `settleProduct` only. */
    price_amount: Amount,
    msrp_amount: Nullable(Amount),
    image_url: Nullable(Type.String()),
    weight_grams: Nullable(Type.Integer()),
    dimensions_cm: Nullable(Type.String()),
    /** Parts per million: 80,000 is 8 %. */
    tax_rate_ppm: Nullable(Type.Integer()),
    meta_title: Nullable(Type.String()),
    meta_description: Nullable(Type.String()),
    /** What the items of its variants begin with. */
    reorder_point: Nullable(Type.Integer()),
    archived_at: Nullable(Instant),
    /** Rises with every change of the product, its variants or their prices. */
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** What is sold once: its id stands for a variant and its product in what names them. */
  custom_articles: Type.Object({
    id: IdSchema('variant'),
    sku: Type.String(),
    title: Type.String(),
    /** The code of the tax class. */
    tax_class: Type.String(),
    /** Whether there is something to send. */
    requires_shipping: Type.Boolean(),
    weight_grams: Nullable(Type.Integer()),
    created_at: Instant,
  }),
  /** `products.tags` by tag, for the list of a tag. */
  product_tags: Type.Object({
    tag_key: Type.String(),
    product_id: IdSchema('product'),
  }),
  /** Every slug that ever led to a product: links stay alive. */
  product_slugs: Type.Object({
    slug: Type.String(),
    product_id: IdSchema('product'),
    created_at: Instant,
  }),
  product_images: Type.Object({
    id: IdSchema('image'),
    product_id: IdSchema('product'),
    /** The variant that it shows; null if it shows all of them. */
    variant_id: Nullable(IdSchema('variant')),
    url: Type.String(),
    alt: Nullable(Type.String()),
    position: Type.Integer(),
    created_at: Instant,
  }),
  ...categoryTables,
  ...attributeTables,
  product_variants: Type.Object({
    id: IdSchema('variant'),
    product_id: IdSchema('product'),
    sku: Type.String(),
    sku_key: Type.String(),
    name: Type.String(),
    /** Option name to choice, such as `{"colour": "blue"}`. */
    options: Json(Type.Record(Type.String(), Type.String())),
    /** One text for equal options; null without any. Unique among a product's live variants. */
    options_key: Nullable(Type.String()),
    /** As printed under the bars. */
    gtin: Nullable(Type.String()),
    /** The GTIN with 14 digits: unique among live variants. */
    gtin_key: Nullable(Type.String()),
    /** The first of its own images. Derived: written by `writeImages` only. */
    image_url: Nullable(Type.String()),
    position: Type.Integer(),
    inventory_tracking: Type.Boolean(),
    /** The stock item of the same SKU; null while no stock was ever tracked. */
    item_id: Nullable(IdSchema('item')),
    weight_grams: Nullable(Type.Integer()),
    dimensions: Nullable(Json(Dimensions)),
    /** What a unit costs the merchant, in the product's currency. No public answer shows it. */
    cost_amount: Nullable(Amount),
    /**
     * Its quantity breaks and the sales that are not over, as their tables have them; null where
     * there are none, so that whoever asks for a price learns in one look that it is the regular
     * one. Derived: written by `writePrices` only.
     */
    offers: Nullable(Json(Offers)),
    archived_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** The price of one unit from `min_quantity` units on. */
  variant_prices: Type.Object({
    variant_id: IdSchema('variant'),
    currency: Currency,
    min_quantity: Type.Integer(),
    amount: Amount,
    /** The former or recommended price, shown beside a lower one. */
    compare_at_amount: Nullable(Amount),
  }),
  /**
   * Prices for a time, past ones included. A sale taken back while it ran ends at that instant; one
   * that was added late ran from `created_at` on.
   */
  variant_sales: Type.Object({
    variant_id: IdSchema('variant'),
    currency: Currency,
    min_quantity: Type.Integer(),
    amount: Amount,
    starts_at: Instant,
    ends_at: Instant,
    created_at: Instant,
  }),
  /** What a regular price was until it changed; null where there was none. */
  variant_past_prices: Type.Object({
    variant_id: IdSchema('variant'),
    currency: Currency,
    until_at: Instant,
    amount: Nullable(Amount),
  }),
})
