import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Json, Nullable, Text } from '#kit/schemas'
import { RecipientColumns } from '#modules/credit'
import { defineTables } from '#platform/tables'
import { CHANNELS } from './channel-names.ts'
import { CLOSED_AS } from './lifecycle.ts'

const word = (max: number) => Type.Optional(Nullable(Text(max)))

/** Where a cart shall go. The country is enough for an estimate; checkout asks for the rest. */
export const Destination = Type.Object({
  first_name: word(100),
  last_name: word(100),
  company: word(200),
  address_line_1: word(200),
  address_line_2: word(200),
  city: word(100),
  province: word(100),
  postal_code: word(20),
  country_code: Type.String({
    pattern: '^[A-Za-z]{2}$',
    description: 'ISO 3166-1, two letters.',
    examples: ['US'],
  }),
  phone: word(40),
})
export type Destination = Static<typeof Destination>

/** What a client keeps beside a cart or a line. Nothing here reads it. */
export const Metadata = Type.Record(
  Type.String({ minLength: 1, maxLength: 40, pattern: '^[A-Za-z0-9_.:-]{1,40}$' }),
  Type.Unknown(),
  { maxProperties: 50, description: 'Anything a client wants to keep: at most 8,000 characters.' },
)
export type Metadata = Static<typeof Metadata>

export const db = defineTables({
  carts: Type.Object({
    id: IdSchema('cart'),
    /** Whose cart it is; a guest's has the hash of their session instead. */
    customer_id: Nullable(IdSchema('customer')),
    /** SHA-256 of the guest's secret, which is nowhere kept. */
    session_hash: Nullable(Type.String()),
    /** The storefront it is filled in; null for the house's own. */
    channel: Nullable(Type.Enum([...CHANNELS])),
    currency: Currency,
    email: Nullable(Type.String()),
    destination: Nullable(Json(Destination)),
    /** The code of the chosen shipping method. */
    shipping_method: Nullable(Type.String()),
    metadata: Nullable(Json(Metadata)),
    /** How many lines it has, and how many units on them. */
    line_count: Type.Integer(),
    unit_count: Type.Integer(),
    /** How many codes it has: most have none, and are spared the look. */
    coupon_count: Type.Integer(),
    /** What it came to when it was last written, for lists. Answers about one cart price anew. */
    subtotal_amount: Amount,
    discount_amount: Amount,
    shipping_amount: Amount,
    tax_amount: Amount,
    total_amount: Amount,
    /** A checkout of it is open. */
    converting: Type.Boolean(),
    /** When a checkout last began. Whoever ever had one is never purged. */
    checkout_at: Nullable(Instant),
    closed_as: Nullable(Type.Enum([...CLOSED_AS])),
    closed_at: Nullable(Instant),
    /** The order it became. */
    order_id: Nullable(IdSchema('order')),
    /** The cart that has its lines now. */
    merged_into_id: Nullable(IdSchema('cart')),
    version: Type.Integer(),
    expires_at: Instant,
    created_at: Instant,
    updated_at: Instant,
  }),
  cart_lines: Type.Object({
    id: IdSchema('cart_line'),
    cart_id: IdSchema('cart'),
    variant_id: IdSchema('variant'),
    quantity: Type.Integer(),
    /** The price of a unit that the buyer was told when they last touched the line. */
    unit_amount_seen: Amount,
    /** The quantity before a merge capped it at what is in stock; null once it was touched. */
    lowered_from: Nullable(Type.Integer()),
    metadata: Nullable(Json(Metadata)),
    /** Of a gift card: who is mailed its code, if not the buyer. */
    ...RecipientColumns,
    added_at: Instant,
    updated_at: Instant,
  }),
  cart_coupons: Type.Object({
    cart_id: IdSchema('cart'),
    code: Type.String(),
    /** From 1 to `CODES_MAX`, so that no cart has more. */
    position: Type.Integer(),
    added_at: Instant,
  }),
})

export type CartRow = Static<(typeof db.tables)['carts']>
export type LineRow = Static<(typeof db.tables)['cart_lines']>
