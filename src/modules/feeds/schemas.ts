import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Nullable } from '#kit/schemas'

const Optional = Type.Optional
const uri = Type.String({ format: 'uri' })

export const FeedPrice = Type.Object({ amount: Amount, currency: Currency })
const Media = Type.Object({
  type: Type.Literal('image'),
  url: uri,
  alt_text: Optional(Type.String()),
})
const Description = Type.Object({ plain: Type.String() })
const STATUSES = ['in_stock', 'limited_stock', 'backorder', 'out_of_stock', 'discontinued'] as const
const Availability = Type.Object({
  available: Type.Boolean(),
  status: Type.Enum([...STATUSES]),
})
export type Availability = Static<typeof Availability>

export const FeedVariant = Type.Object({
  id: Type.String({ description: 'What a checkout takes as the id of an item.' }),
  title: Type.String(),
  description: Optional(Description),
  url: Optional(uri),
  barcodes: Optional(Type.Array(Type.Object({ type: Type.String(), value: Type.String() }))),
  price: Optional(FeedPrice),
  list_price: Optional(FeedPrice),
  availability: Availability,
  condition: Optional(Type.Array(Type.String())),
  categories: Optional(
    Type.Array(
      Type.Object({
        value: Type.String({ examples: ['Kitchen > Mugs'] }),
        taxonomy: Type.Literal('merchant'),
      }),
    ),
  ),
  seller: Optional(
    Type.Object({
      name: Type.String(),
      links: Optional(
        Type.Array(Type.Object({ type: Type.String(), title: Type.String(), url: uri })),
      ),
    }),
  ),
  variant_options: Optional(Type.Array(Type.Object({ name: Type.String(), value: Type.String() }))),
  media: Optional(Type.Array(Media)),
})
export type FeedVariant = Static<typeof FeedVariant>

/** A product as an agent's feed knows it (ACP, product feeds, 2026-04-17). Amounts: minor units. */
export const FeedProduct = Type.Object({
  id: Type.String(),
  title: Type.String(),
  description: Optional(Description),
  url: Optional(uri),
  media: Optional(Type.Array(Media)),
  variants: Type.Array(FeedVariant),
})
export type FeedProduct = Static<typeof FeedProduct>

const page = {
  cursor: Type.Optional(
    Type.String({
      format: 'uuid',
      maxLength: 36,
      description: '`next_cursor` of the page before.',
    }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
}
export const ListFeed = Type.Object(page)
export type ListFeed = Static<typeof ListFeed>
const next = { next_cursor: Nullable(Type.String()) }
export const FeedProducts = Type.Object({ items: Type.Array(FeedProduct), ...next })
export type FeedProducts = Static<typeof FeedProducts>

/** A variant in one flat row, as product feeds of shopping channels have it. Absent is null. */
export const FeedItem = Type.Object({
  id: Type.String(),
  item_group_id: IdSchema('product'),
  sku: Type.String(),
  gtin: Nullable(Type.String()),
  mpn: Nullable(Type.String()),
  title: Type.String(),
  description: Nullable(Type.String()),
  link: Nullable(Type.String()),
  condition: Type.String(),
  product_category: Nullable(Type.String({ examples: ['Kitchen > Mugs'] })),
  material: Nullable(Type.String()),
  brand: Nullable(Type.String()),
  weight: Nullable(Type.String({ examples: ['0.35 kg'] })),
  image_link: Nullable(Type.String()),
  additional_image_link: Nullable(Type.String()),
  price: Type.String({ examples: ['79.99 USD'] }),
  sale_price: Nullable(Type.String()),
  sale_price_until: Nullable(Instant),
  sale_price_effective_date: Nullable(
    Type.String({ description: 'From and until when, in ISO 8601, a slash between.' }),
  ),
  availability: Type.Enum(['in_stock', 'backorder', 'out_of_stock']),
  inventory_quantity: Nullable(Type.Integer()),
})
export type FeedItem = Static<typeof FeedItem>
export const FeedItems = Type.Object({ items: Type.Array(FeedItem), ...next })
export type FeedItems = Static<typeof FeedItems>

export const GetFeed = Type.Object({})
export type GetFeed = Static<typeof GetFeed>
export const FeedTotals = Type.Object({
  items_total: Type.Integer({ description: 'Rows of the flat feed.' }),
  agent_feed: Type.Union(
    Nullable(
      Type.Object({
        url: Type.String(),
        sent_total: Type.Integer({ description: 'Products that the feed has of us.' }),
        due_total: Type.Integer({ description: 'Products that wait to be compared and sent.' }),
        failing_total: Type.Integer({ description: 'Those whose last try failed.' }),
        last_sent_at: Nullable(Instant),
        last_error: Nullable(Type.String()),
      }),
    ).anyOf,
    { description: 'What was sent to the feed of the setting agent_feed_url; null without it.' },
  ),
})
export type FeedTotals = Static<typeof FeedTotals>
export const Pushed = Type.Object({
  due_total: Type.Integer({ description: 'Products that will be compared, and sent if changed.' }),
})
export type Pushed = Static<typeof Pushed>
