import { type Static, type TSchema, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, CurrencyInput, Money, MoneyInput } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, InstantInput, LongText, Nullable, Text } from '#kit/schemas'
import { GiftCardRecipient } from '#modules/credit'
import { TAX_REASONS } from '#modules/pricing'
import { Delivery } from './delivery.ts'
import {
  FULFILLMENT_STATUSES,
  orderLifecycle,
  PAYMENT_STATUSES,
  RETURN_STATUSES,
} from './lifecycle.ts'
import { Address, TAX_STATUSES } from './tables.ts'

export const OrderItem = Type.Object({
  id: IdSchema('order_line'),
  product_id: IdSchema('variant'),
  is_custom: Type.Boolean({
    description: 'It stands in no catalogue: `product_id` names nothing there.',
  }),
  product_name: Type.String(),
  sku: Type.String(),
  quantity: Type.Integer({ description: 'As ordered; what became of it stands beside it.' }),
  cancelled_quantity: Type.Integer(),
  fulfilled_quantity: Type.Integer({ description: 'Units that have left, returned ones too.' }),
  returned_quantity: Type.Integer(),
  unit_price: Money,
  total_price: Type.Unsafe<string>({ ...Money, description: 'Units × price, before discounts.' }),
  discount: Money,
  tax_rate: Nullable(Type.String({ description: 'A fraction: 0.0825 is 8.25 %.' })),
  tax_amount: Nullable(Money),
  gross_price: Type.Unsafe<string>({
    ...Money,
    description: 'What is paid for it: after discounts, with tax.',
  }),
  image_url: Nullable(Type.String()),
  gift_card_recipient: Nullable(GiftCardRecipient),
})
export type OrderItem = Static<typeof OrderItem>

const Discount = Type.Object({
  code: Nullable(Type.String()),
  label: Type.String(),
  amount: Money,
  explanation: Type.String(),
})
const Tax = Type.Object({
  name: Type.String(),
  jurisdiction: Type.String({ examples: ['US-CA'] }),
  rate: Type.String({ description: 'A fraction: 0.0825 is 8.25 %.' }),
  reason: Type.Enum([...TAX_REASONS]),
  taxable_amount: Money,
  amount: Money,
})
const Shipping = Type.Object({
  method: Type.String(),
  name: Type.String(),
  amount: Type.Unsafe<string>({ ...Money, description: 'Before discounts.' }),
  discount: Money,
  tax_amount: Money,
  gross_amount: Money,
})
const FOR_STAFF = 'Empty for customers.'
const MONEY_ROWS = 'Empty in lists unless `include_items` is true.'

export const Order = Type.Object({
  id: IdSchema('order'),
  order_number: Type.String({ examples: ['ORD-1000001'] }),
  customer_id: IdSchema('customer'),
  status: orderLifecycle.schema,
  status_reason: Nullable(Type.String()),
  payment_status: Type.Enum([...PAYMENT_STATUSES]),
  fulfillment_status: Type.Enum([...FULFILLMENT_STATUSES]),
  return_status: Type.Enum([...RETURN_STATUSES]),
  order_date: Instant,
  email: Nullable(Type.String()),
  subtotal: Money,
  discount_total: Money,
  shipping_total: Money,
  tax_total: Money,
  total_amount: Type.Unsafe<string>({ ...Money, description: 'What all that was ordered costs.' }),
  cancelled_amount: Type.Unsafe<string>({
    ...Money,
    description: 'What of it is not owed, because it was cancelled.',
  }),
  currency: Currency,
  prices_include_tax: Type.Boolean(),
  tax_status: Type.Enum([...TAX_STATUSES]),
  items: Type.Array(OrderItem, { description: MONEY_ROWS }),
  discounts: Type.Array(Discount, { description: MONEY_ROWS }),
  taxes: Type.Array(Tax, { description: `One row for each tax. ${MONEY_ROWS}` }),
  shipping: Nullable(Shipping),
  shipping_address: Nullable(Address),
  billing_address: Nullable(Address),
  payment_method_id: Nullable(Type.String()),
  notes: Nullable(Type.String()),
  tags: Type.Array(Type.String(), { description: FOR_STAFF }),
  attributes: Type.Record(Type.String(), Type.Unknown(), {
    description: `Custom attributes. ${FOR_STAFF}`,
  }),
  holds: Type.Array(
    Type.Object({ id: IdSchema('order_hold'), code: Type.String(), held_at: Instant }),
    { description: `What holds it now, the oldest reason first. ${FOR_STAFF}` },
  ),
  is_archived: Type.Boolean(),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type Order = Static<typeof Order>

/** One order that is shown, if that is wanted with how far it is. */
export const OrderShown = Type.Object({
  ...Order.properties,
  delivery: Type.Optional(Delivery),
})
export type OrderShown = Static<typeof OrderShown>

const ProductRef = Text(100, { description: "A variant's or product's id, or a SKU in any case." })
/** What is wanted: a product, how much of it, and the price it is believed to have. */
export const NewItem = Type.Object({
  product_id: Type.Optional(ProductRef),
  sku: Type.Optional(ProductRef),
  quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  unit_price: Type.Optional(MoneyInput),
  price: Type.Optional(MoneyInput),
})
export const CreateOrder = Type.Object({
  customer_id: Type.Optional(
    Type.Unsafe<Static<typeof Order>['customer_id']>({
      ...IdSchema('customer'),
      description: 'Required for staff; customers order for themselves.',
    }),
  ),
  currency: Type.Optional(CurrencyInput),
  items: Type.Array(NewItem, { minItems: 1, maxItems: 500 }),
  shipping_address: Type.Optional(Nullable(Address)),
  billing_address: Type.Optional(Nullable(Address)),
  payment_method_id: Type.Optional(Nullable(Text(100))),
  notes: Type.Optional(Nullable(LongText(2000))),
})
export type CreateOrder = Static<typeof CreateOrder>

export const OrderRef = Text(64, { description: "The order's id or its number (`ORD-1000001`)." })
export const GetOrder = Type.Object({ id: OrderRef })
export type GetOrder = Static<typeof GetOrder>
const include_delivery = Type.Optional(
  Type.Boolean({
    description:
      'With `delivery`: how far each line is, what was promised, tracking links. Customers get it unless they say false.',
  }),
)
export const ShowOrder = Type.Object({ id: OrderRef, include_delivery })
export const GetByNumber = Type.Object({ order_number: Text(32), include_delivery })
export const Items = Type.Array(OrderItem)

const amount = Type.Optional(
  Text(20, { description: 'Decimal, in `currency` or the default one.' }),
)
/** Values of an axis, any of which will do: `?status=pending,confirmed`. */
const anyOf = <T extends TSchema>(axis: T, most: number) =>
  Type.Optional(Type.Array(axis, { minItems: 1, maxItems: most }))
const filters = {
  ...pageQuery,
  status: anyOf(orderLifecycle.schema, orderLifecycle.states.length),
  payment_status: anyOf(Type.Enum([...PAYMENT_STATUSES]), PAYMENT_STATUSES.length),
  fulfillment_status: anyOf(Type.Enum([...FULFILLMENT_STATUSES]), FULFILLMENT_STATUSES.length),
  return_status: anyOf(Type.Enum([...RETURN_STATUSES]), RETURN_STATUSES.length),
  sku: Type.Optional(Text(100, { description: 'Orders in which this variant was bought.' })),
  product_id: Type.Optional(
    Text(100, { description: 'The same for any variant of a product, or a variant, by id.' }),
  ),
  archived: Type.Optional(
    Type.Boolean({ default: false, description: 'The archived ones instead of the others.' }),
  ),
  search: Type.Optional(
    Text(100, {
      description: "An order number, a customer's e-mail address, or words in the notes.",
    }),
  ),
  from: Type.Optional(InstantInput),
  to: Type.Optional(InstantInput),
  start_date: Type.Optional(
    Text(40, { description: 'The same as `from`; a date is its beginning.' }),
  ),
  end_date: Type.Optional(Text(40, { description: 'The same as `to`; a date is its end.' })),
  min_amount: amount,
  max_amount: amount,
  currency: Type.Optional(CurrencyInput),
  sort_by: Type.Optional(
    Type.Enum(['created_at', 'order_date', 'total_amount', 'order_number'], {
      default: 'created_at',
    }),
  ),
  sort_order: Type.Optional(Type.Enum(['asc', 'desc'], { default: 'desc' })),
  include_items: Type.Optional(Type.Boolean({ default: false })),
}
export const ListMyOrders = Type.Object(filters)
export const ListOrders = Type.Object({
  ...filters,
  tag: Type.Optional(
    Type.Array(Text(50), {
      minItems: 1,
      maxItems: 5,
      description: 'Orders that have all of them.',
    }),
  ),
  attribute: Type.Optional(
    Type.Array(Text(261), {
      minItems: 1,
      maxItems: 5,
      description: 'A custom attribute and its value: `gift_wrap:true`; orders that have all.',
    }),
  ),
  hold: Type.Optional(Text(40, { description: 'Orders held for this reason, by its code.' })),
  customer_id: Type.Optional(IdSchema('customer')),
  user_id: Type.Optional(
    Type.Unsafe<Order['customer_id']>({ ...IdSchema('customer'), description: '= customer_id.' }),
  ),
})
export type ListOrders = Static<typeof ListOrders>
export const Orders = PageOf(Order)

export const SetStatus = Type.Object({
  id: OrderRef,
  status: orderLifecycle.schema,
  reason: Type.Optional(Nullable(LongText(500))),
  notes: Type.Optional(Nullable(LongText(500, { description: 'The same as `reason`.' }))),
})
export type SetStatus = Static<typeof SetStatus>
export const CancelOrder = Type.Object({
  id: OrderRef,
  reason: Type.Optional(Nullable(LongText(500))),
})
export type CancelOrder = Static<typeof CancelOrder>
