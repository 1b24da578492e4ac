import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Json, Nullable, Text } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { FULFILLMENT_STATUSES, orderLifecycle, PAYMENT_STATUSES } from './lifecycle.ts'

export const Address = Type.Object({
  name: Type.Optional(Text(200)),
  street: Text(200),
  street2: Type.Optional(Text(200)),
  city: Text(100),
  state: Text(100),
  postal_code: Text(20),
  country: Text(100),
  phone: Type.Optional(Text(40)),
})

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
    currency: Currency,
    total_amount: Amount,
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
    quantity: Type.Integer(),
    unit_amount: Amount,
    total_amount: Amount,
    tax_rate: Nullable(Type.String()),
    tax_amount: Nullable(Amount),
  }),
})
