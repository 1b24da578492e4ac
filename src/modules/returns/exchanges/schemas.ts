import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, Money, MoneyInput } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, LongText, Nullable, Text } from '#kit/schemas'
import { WarrantyClaims } from '../remedied.ts'
import { CreateReturn, Return } from '../schemas.ts'
import { exchangeLifecycle, REMAINDERS, SHIPS } from './lifecycle.ts'

const word = <T extends string>(words: readonly T[], more: object = {}) =>
  Type.Unsafe<T>({ ...Type.Enum([...words]), ...more })

const ExchangeRef = Text(64, { description: "The exchange's id or number (`EXC-1000001`)." })
export const GetExchange = Type.Object({ id: ExchangeRef })
export type GetExchange = Static<typeof GetExchange>

export const Exchange = Type.Object({
  id: IdSchema('exchange'),
  exchange_number: Type.String({ examples: ['EXC-1000001'] }),
  order_id: IdSchema('order'),
  customer_id: IdSchema('customer'),
  status: exchangeLifecycle.schema,
  status_reason: Nullable(Type.String()),
  reason: Type.String(),
  return: Return,
  new_items: Type.Array(
    Type.Object({
      id: IdSchema('exchange_line'),
      variant_id: IdSchema('variant'),
      sku: Type.String(),
      product_name: Type.String(),
      quantity: Type.Integer(),
      unit_price: Money,
    }),
  ),
  new_order_id: Nullable(IdSchema('order')),
  ships: word(SHIPS),
  remainder_to: word(REMAINDERS),
  currency: Currency,
  value_in: Type.Unsafe<string>({
    ...Money,
    description: 'What comes back is worth, less fees; an expectation until it is settled.',
  }),
  value_out: Type.Unsafe<string>({ ...Money, description: 'What the other goods cost.' }),
  balance: Type.Unsafe<string>({ ...Money, description: '`value_out` less `value_in`.' }),
  balance_is: Type.Enum(['even', 'to_pay', 'to_refund', 'to_credit'], {
    description: 'What the balance means for the customer. Nothing is charged by itself.',
  }),
  refund_id: Nullable(IdSchema('order_refund')),
  payment_id: Nullable(IdSchema('payment')),
  warranty_claims: WarrantyClaims,
  version: Type.Integer(),
  approved_at: Nullable(Instant),
  settled_at: Nullable(Instant),
  closed_at: Nullable(Instant),
  created_at: Instant,
  updated_at: Instant,
})
export type Exchange = Static<typeof Exchange>

const { order_id, reason, reason_code, customer_notes, override_reason, items } =
  CreateReturn.properties

export const CreateExchange = Type.Object({
  order_id,
  reason,
  reason_code,
  items,
  new_items: Type.Array(
    Type.Object({
      product_id: Type.Optional(Text(100, { description: 'A product, variant or SKU.' })),
      sku: Type.Optional(Text(100)),
      quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
      unit_price: Type.Optional(
        Type.Unsafe<string | number>({
          ...MoneyInput,
          description: 'Staff only: another price than the catalogue’s of now.',
        }),
      ),
    }),
    { minItems: 1, maxItems: 100, description: 'What goes out instead.' },
  ),
  customer_notes,
  override_reason,
  ships: Type.Optional(word(SHIPS, { description: 'Staff only; else as the settings say.' })),
  remainder_to: Type.Optional(
    word(REMAINDERS, { description: 'Where goes what the goods back are worth more.' }),
  ),
})
export type CreateExchange = Static<typeof CreateExchange>

export const MoveExchange = Type.Object({
  id: ExchangeRef,
  reason: Type.Optional(Nullable(LongText(500))),
})
export type MoveExchange = Static<typeof MoveExchange>

export const SettleExchange = Type.Object({
  id: ExchangeRef,
  remainder_to: Type.Optional(word(REMAINDERS)),
  fee_amount: Type.Optional(
    Type.Unsafe<string | number>({
      ...MoneyInput,
      description: 'Another fee than the policy says; 0 for none.',
    }),
  ),
})
export type SettleExchange = Static<typeof SettleExchange>

export const ListExchanges = Type.Object({
  ...pageQuery,
  status: Type.Optional(exchangeLifecycle.schema),
  order_id: Type.Optional(Text(64)),
  customer_id: Type.Optional(IdSchema('customer')),
})
export type ListExchanges = Static<typeof ListExchanges>
export const Exchanges = PageOf(Exchange)
