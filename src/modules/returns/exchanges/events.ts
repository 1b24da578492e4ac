import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency, SignedAmount } from '#kit/money'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'
import { exchangeLifecycle } from './lifecycle.ts'

const facts = {
  exchange_id: IdSchema('exchange'),
  exchange_number: Type.String(),
  order_id: IdSchema('order'),
  customer_id: IdSchema('customer'),
  return_id: IdSchema('return'),
  out_order_id: Nullable(IdSchema('order')),
  status: exchangeLifecycle.schema,
  currency: Currency,
  value_in_amount: Amount,
  value_out_amount: Amount,
  balance_amount: SignedAmount,
}
const payload = Type.Object(facts)
const entity = 'exchange_id'

/** Amounts are minor units; of the balance, what is above zero is to be paid. */
export const exchangeEvents = defineEvents('exchange', {
  created: { description: 'Somebody asked for other goods.', entity, payload },
  approved: { description: 'The other goods are reserved as an order.', entity, payload },
  rejected: { description: 'The exchange was refused.', entity, payload },
  cancelled: { description: 'The exchange was withdrawn.', entity, payload },
  settled: { description: 'What came back has paid for the others.', entity, payload },
  completed: { description: 'Nothing is owed for the exchange any more.', entity, payload },
})
