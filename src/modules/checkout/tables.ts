import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Json, Nullable, Text } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { checkoutLifecycle } from './lifecycle.ts'

const word = (max: number) => Type.Optional(Nullable(Text(max)))

/** Where the parcel or the bill goes, as published. */
export const CheckoutAddress = Type.Object({
  first_name: Text(100),
  last_name: Text(100),
  company: word(200),
  address_line_1: Text(200),
  address_line_2: word(200),
  city: Text(100),
  province: Text(100),
  country_code: Type.String({
    pattern: '^[A-Za-z]{2}$',
    description: 'ISO 3166-1, two letters.',
    examples: ['US'],
  }),
  postal_code: Text(20),
  phone: word(40),
})
export type CheckoutAddress = Static<typeof CheckoutAddress>

/** A method that could be chosen when the checkout was priced last. */
export const ShippingOption = Type.Object({
  id: Type.String(),
  code: Type.String(),
  name: Type.String(),
  amount: Amount,
  estimated_days_min: Nullable(Type.Integer()),
  estimated_days_max: Nullable(Type.Integer()),
})
export type ShippingOption = Static<typeof ShippingOption>

/** A gift card or store credit that is to pay, as its buyer was shown it last. */
export const AppliedCredit = Type.Object({
  account_id: IdSchema('credit_account'),
  kind: Type.Enum(['gift_card', 'store_credit']),
  /** The end of a gift card's code; the code itself is kept nowhere. */
  last_four: Nullable(Type.String()),
  /** What could be used of it; what it paid, once it has. */
  balance_amount: Amount,
})
export type AppliedCredit = Static<typeof AppliedCredit>

/** How a buyer pays, spelled as published. */
export const PAYMENT_METHODS = [
  'CreditCard',
  'DebitCard',
  'PayPal',
  'ApplePay',
  'GooglePay',
] as const
export type PaymentMethod = (typeof PAYMENT_METHODS)[number]

export const db = defineTables({
  checkout_sessions: Type.Object({
    id: IdSchema('checkout'),
    cart_id: IdSchema('cart'),
    /** Whose cart it is, or whose its order became. */
    customer_id: Nullable(IdSchema('customer')),
    /** Of a guest's secret, as their cart has it. */
    session_hash: Nullable(Type.String()),
    status: checkoutLifecycle.schema,
    email: Nullable(Type.String()),
    subscribe_newsletter: Type.Boolean(),
    shipping_address: Nullable(Json(CheckoutAddress)),
    billing_address: Nullable(Json(CheckoutAddress)),
    /** The code of the chosen method. */
    shipping_method: Nullable(Type.String()),
    shipping_options: Json(Type.Array(ShippingOption)),
    needs_shipping: Type.Boolean(),
    payment_method: Nullable(Type.Unsafe<PaymentMethod>(Type.Enum([...PAYMENT_METHODS]))),
    /** The provider's token of a card or account, never the card. */
    payment_token: Nullable(Type.String()),
    /** What of it is paid by credit, in this order; nothing is taken before `complete`. */
    credits: Json(Type.Array(AppliedCredit)),
    currency: Currency,
    /** What the buyer was shown last; `complete` asks again when it has changed since. */
    subtotal_amount: Amount,
    discount_amount: Amount,
    shipping_amount: Amount,
    tax_amount: Amount,
    total_amount: Amount,
    /** The version of the cart that was priced and held. */
    cart_version: Type.Integer(),
    /** Until when its units are promised: a little longer than it lives. */
    held_until: Nullable(Instant),
    /** The order it became, paid or not. */
    order_id: Nullable(IdSchema('order')),
    expires_at: Instant,
    ended_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
})

export type SessionRow = Static<(typeof db.tables)['checkout_sessions']>
