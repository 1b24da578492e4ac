import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, Money, MoneyInput } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, LongText, Nullable } from '#kit/schemas'
import { OrderRef } from '../schemas.ts'
import { PART_STATUSES, REFUND_STATUSES, REFUND_TARGETS } from './tables.ts'

export const RefundOrder = Type.Object({
  id: OrderRef,
  items: Type.Optional(
    Type.Array(
      Type.Object({
        item_id: IdSchema('order_line'),
        quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
      }),
      { maxItems: 500, description: 'Lines of the order and how many units of each.' },
    ),
  ),
  include_shipping: Type.Optional(
    Type.Boolean({ description: 'Also what was paid for shipping, once.' }),
  ),
  amount: Type.Optional(
    Type.Unsafe<string | number>({
      ...MoneyInput,
      description: 'A goodwill amount on top, labelled as such.',
    }),
  ),
  fee_amount: Type.Optional(
    Type.Unsafe<string | number>({
      ...MoneyInput,
      description: 'What is kept back of it, such as for restocking; at most all of it.',
    }),
  ),
  to: Type.Optional(
    Type.Enum([...REFUND_TARGETS], {
      default: 'original',
      description: '`store_credit`: only for units that have left, and for goodwill.',
    }),
  ),
  reason: Type.Optional(Nullable(LongText(500))),
})
export type RefundOrder = Static<typeof RefundOrder>

const RefundItem = Type.Object({
  item_id: IdSchema('order_line'),
  sku: Type.String(),
  quantity: Type.Integer(),
  amount: Type.Unsafe<string>({ ...Money, description: 'After discounts, with tax.' }),
  tax_amount: Nullable(Type.Unsafe<string>({ ...Money, description: 'The tax within `amount`.' })),
})

const sums = {
  order_id: IdSchema('order'),
  currency: Currency,
  amount: Money,
  items_amount: Money,
  shipping_amount: Money,
  goodwill_amount: Money,
  fee_amount: Type.Unsafe<string>({ ...Money, description: 'What was kept back.' }),
  credit_amount: Type.Unsafe<string>({
    ...Money,
    description: 'What of `amount` is given as store credit; the rest goes back by payments.',
  }),
  items: Type.Array(RefundItem),
}

export const RefundPreview = Type.Object({
  ...sums,
  payments: Type.Array(Type.Object({ payment_id: IdSchema('payment'), amount: Money }), {
    description: 'By which payments it goes back: the newest first.',
  }),
})
export type RefundPreview = Static<typeof RefundPreview>

export const OrderRefund = Type.Object({
  id: IdSchema('order_refund'),
  ...sums,
  status: Type.Enum([...REFUND_STATUSES], {
    description:
      '`partly_failed`: one payment gave its share back, another was refused by its provider.',
  }),
  reason: Nullable(Type.String()),
  return_id: Nullable(IdSchema('return')),
  claim_id: Nullable(IdSchema('claim')),
  payments: Type.Array(
    Type.Object({
      payment_id: IdSchema('payment'),
      refund_id: IdSchema('refund'),
      amount: Money,
      status: Type.Enum([...PART_STATUSES]),
      retried_at: Type.Unsafe<string | null>({
        ...Nullable(Instant),
        description: 'When it had failed and others took its place.',
      }),
    }),
  ),
  created_at: Instant,
  settled_at: Nullable(Instant),
})
export type OrderRefund = Static<typeof OrderRefund>

export const ListRefunds = Type.Object({ id: OrderRef, ...pageQuery })
export type ListRefunds = Static<typeof ListRefunds>
export const OrderRefunds = PageOf(OrderRefund)

export const RetryRefund = Type.Object({
  id: OrderRef,
  refund_id: IdSchema('order_refund'),
  to: Type.Optional(
    Type.Enum([...REFUND_TARGETS], {
      default: 'original',
      description: 'Whether what failed is asked for again, or given as store credit.',
    }),
  ),
})
export type RetryRefund = Static<typeof RetryRefund>
