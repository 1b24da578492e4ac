import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency, SignedAmount } from '#kit/money'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { exchangeLifecycle, REMAINDERS, SHIPS } from './lifecycle.ts'

const word = <T extends string>(words: readonly T[]) => Type.Unsafe<T>(Type.Enum([...words]))

export const db = defineTables({
  exchanges: Type.Object({
    id: IdSchema('exchange'),
    number: Type.Integer(),
    order_id: IdSchema('order'),
    customer_id: IdSchema('customer'),
    currency: Currency,
    status: exchangeLifecycle.schema,
    reason: Type.String(),
    /** The goods that come back. */
    return_id: IdSchema('return'),
    /** The goods that go out: an order like any other. */
    out_order_id: Nullable(IdSchema('order')),
    /** What the value of the goods is credited by, and what it has paid. */
    order_refund_id: Nullable(IdSchema('order_refund')),
    payment_id: Nullable(IdSchema('payment')),
    ships: word(SHIPS),
    remainder_to: word(REMAINDERS),
    /** What the goods that come back are worth, less fees: until they are here, as is expected. */
    value_in_amount: Amount,
    /** What the others cost. */
    value_out_amount: Amount,
    /** Out less in: above zero is to be paid, below zero to be given back. */
    balance_amount: SignedAmount,
    status_reason: Nullable(Type.String()),
    version: Type.Integer(),
    requested_by: Type.String(),
    approved_at: Nullable(Instant),
    settled_at: Nullable(Instant),
    closed_at: Nullable(Instant),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** What goes out, at the price that was agreed. */
  exchange_lines: Type.Object({
    id: IdSchema('exchange_line'),
    exchange_id: IdSchema('exchange'),
    position: Type.Integer(),
    variant_id: IdSchema('variant'),
    sku: Type.String(),
    name: Type.String(),
    quantity: Type.Integer(),
    unit_amount: Amount,
  }),
})
export type ExchangeRow = Static<typeof db.tables.exchanges>
export type ExchangeLineRow = Static<typeof db.tables.exchange_lines>
