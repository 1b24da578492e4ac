import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Json, Nullable, Text } from '#kit/schemas'
import { TAX_REASONS, type TaxReason } from '#modules/pricing'
import { defineTables } from '#platform/tables'
import {
  FULFILLMENT_STATUSES,
  orderLifecycle,
  PAYMENT_STATUSES,
  RETURN_STATUSES,
} from './lifecycle.ts'

export const Address = Type.Object({
  name: Type.Optional(Text(200)),
  company: Type.Optional(Text(200)),
  street: Text(200),
  street2: Type.Optional(Text(200)),
  city: Text(100),
  state: Text(100),
  postal_code: Text(20),
  country: Text(100),
  phone: Type.Optional(Text(40)),
})

export const TAX_STATUSES = ['not_computed', 'computed'] as const
export const FEE_KINDS = ['shipping', 'handling', 'surcharge', 'duty'] as const

export const db = defineTables({
  orders: Type.Object({
    id: IdSchema('order'),
    number: Type.Integer(),
    customer_id: IdSchema('customer'),
    status: orderLifecycle.schema,
    payment_status: Type.Unsafe<(typeof PAYMENT_STATUSES)[number]>(
      Type.Enum([...PAYMENT_STATUSES]),
    ),
    fulfillment_status: Type.Unsafe<(typeof FULFILLMENT_STATUSES)[number]>(
      Type.Enum([...FULFILLMENT_STATUSES]),
    ),
    return_status: Type.Unsafe<(typeof RETURN_STATUSES)[number]>(Type.Enum([...RETURN_STATUSES])),
    currency: Currency,
    /** What all that was ordered costs. */
    total_amount: Amount,
    /** What of it is not owed, because it was cancelled. */
    cancelled_amount: Amount,
    /** The cart it was made of; null for orders placed without one. */
    cart_id: Nullable(IdSchema('cart')),
    /** The draft of staff that it was made of. */
    draft_id: Nullable(IdSchema('draft')),
    /** Whether any of its units is to become a gift card: then whoever follows its money looks. */
    has_gift_cards: Type.Boolean(),
    /** Where to write to about this order, as it was said at checkout. */
    email: Nullable(Type.String()),
    /** The lines before discounts; null where only the total is known, which it then equals. */
    subtotal_amount: Nullable(Amount),
    /** All discounts, those on shipping too. */
    discount_amount: Amount,
    /** Shipping before discounts. */
    shipping_amount: Amount,
    /** All taxes: on top of prices that exclude them, contained in prices that include them. */
    tax_amount: Amount,
    prices_include_tax: Type.Boolean(),
    tax_status: Type.Unsafe<(typeof TAX_STATUSES)[number]>(Type.Enum([...TAX_STATUSES])),
    shipping_address: Nullable(Json(Address)),
    billing_address: Nullable(Json(Address)),
    payment_method_id: Nullable(Type.String()),
    notes: Nullable(Type.String()),
    status_reason: Nullable(Type.String()),
    version: Type.Integer(),
    placed_at: Instant,
    cancelled_at: Nullable(Instant),
    archived_at: Nullable(Instant),
    deleted_at: Nullable(Instant),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** What was bought, as it was named and priced then. Never changed by the catalogue. */
  order_lines: Type.Object({
    id: IdSchema('order_line'),
    order_id: IdSchema('order'),
    position: Type.Integer(),
    product_id: IdSchema('product'),
    variant_id: IdSchema('variant'),
    /** The stock item; null where stock is not tracked. */
    item_id: Nullable(IdSchema('item')),
    sku: Type.String(),
    name: Type.String(),
    /** Units as ordered: cancelled, fulfilled, or open. None if the line was taken out again. */
    quantity: Type.Integer(),
    cancelled_quantity: Type.Integer(),
    /** Units that have left; those that came back are among them. */
    fulfilled_quantity: Type.Integer(),
    returned_quantity: Type.Integer(),
    /** What of the line's gross is not owed: the share of its cancelled units. */
    cancelled_amount: Amount,
    unit_amount: Amount,
    /** Units × price, before discounts; with tax if prices include it. */
    total_amount: Amount,
    tax_rate: Nullable(Type.String()),
    tax_amount: Nullable(Amount),
    /** The line's shares of all discounts. */
    discount_amount: Amount,
    /** After discounts and without tax; null where no tax was looked at. */
    net_amount: Nullable(Amount),
    /** What the buyer pays for the line; null where no tax was looked at: see `paidForLine`. */
    gross_amount: Nullable(Amount),
    tax_class: Nullable(Type.String()),
    image_url: Nullable(Type.String()),
  }),
  /** What is paid for besides the goods. Amounts are as those of a line. */
  order_fees: Type.Object({
    order_id: IdSchema('order'),
    position: Type.Integer(),
    kind: Type.Unsafe<(typeof FEE_KINDS)[number]>(Type.Enum([...FEE_KINDS])),
    /** The shipping method's code, for shipping. */
    code: Type.String(),
    name: Type.String(),
    base_amount: Amount,
    discount_amount: Amount,
    net_amount: Amount,
    tax_amount: Amount,
    gross_amount: Amount,
  }),
  /** What took something off, and why. */
  order_discounts: Type.Object({
    order_id: IdSchema('order'),
    position: Type.Integer(),
    promotion_id: Type.String(),
    /** The coupon code that was entered; null for what applied by itself. */
    code: Nullable(Type.String()),
    label: Type.String(),
    explanation: Type.String(),
    amount: Amount,
  }),
  /** What each discount takes off a line or a fee: exactly one of the two is named. */
  order_discount_shares: Type.Object({
    order_id: IdSchema('order'),
    position: Type.Integer(),
    discount_position: Type.Integer(),
    order_line_id: Nullable(IdSchema('order_line')),
    fee_position: Nullable(Type.Integer()),
    amount: Amount,
  }),
  /** Every tax of every line and fee, also where it is zero, with whose it is and why. */
  order_taxes: Type.Object({
    order_id: IdSchema('order'),
    position: Type.Integer(),
    order_line_id: Nullable(IdSchema('order_line')),
    fee_position: Nullable(Type.Integer()),
    name: Type.String(),
    /** Such as `US-CA`; `default` for the rate of the settings. */
    jurisdiction: Type.String(),
    /** Parts per million: 80,000 is 8 %. */
    rate_ppm: Type.Integer(),
    reason: Type.Unsafe<TaxReason>(Type.Enum([...TAX_REASONS])),
    /** What the tax is a share of: after discounts, without tax. */
    taxable_amount: Amount,
    amount: Amount,
  }),
})
