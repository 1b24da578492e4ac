import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'
import { changeEvents } from './changes/events.ts'
import { deskEvents } from './desk/events.ts'
import { FULFILLMENT_STATUSES, orderLifecycle, PAYMENT_STATUSES } from './lifecycle.ts'
import { REFUND_STATUSES } from './refunds/tables.ts'
import { unitEvents } from './units/events.ts'

const order_id = IdSchema('order')

const lineChange = {
  item_id: IdSchema('order_line'),
  sku: Type.String(),
  quantity: Type.Integer(),
  unit_amount: Amount,
  currency: Currency,
  /** The order's total after it. */
  total_amount: Amount,
}

const refund = {
  order_refund_id: IdSchema('order_refund'),
  /** Without what was kept back, and with what is given as store credit. */
  amount: Amount,
  currency: Currency,
  fee_amount: Amount,
  credit_amount: Amount,
  return_id: Nullable(IdSchema('return')),
  claim_id: Nullable(IdSchema('claim')),
}

export const orderEvents = {
  ...deskEvents,
  ...unitEvents,
  ...changeEvents,
  ...defineEvents('order', {
    created: {
      description: 'An order was placed and its stock reserved. Amounts are minor units.',
      entity: 'order_id',
      payload: Type.Object({
        order_id,
        customer_id: IdSchema('customer'),
        currency: Currency,
        total_amount: Amount,
        lines: Type.Array(
          Type.Object({ sku: Type.String(), quantity: Type.Integer(), unit_amount: Amount }),
        ),
      }),
    },
    status_changed: {
      description: 'The order made a move of its lifecycle.',
      entity: 'order_id',
      payload: Type.Object({
        order_id,
        old_status: orderLifecycle.schema,
        new_status: orderLifecycle.schema,
        reason: Nullable(Type.String()),
      }),
    },
    payment_status_changed: {
      description: 'How the order stands with its money changed.',
      entity: 'order_id',
      payload: Type.Object({
        order_id,
        old_status: Type.Enum([...PAYMENT_STATUSES]),
        new_status: Type.Enum([...PAYMENT_STATUSES]),
        /** Whether a checkout waits for the news; null for an order placed without a cart. */
        cart_id: Nullable(IdSchema('cart')),
      }),
    },
    updated: {
      description:
        'Facts of the order that cost nothing were changed, such as its address or notes.',
      entity: 'order_id',
      payload: Type.Object({ order_id, members: Type.Array(Type.String()) }),
    },
    item_added: {
      description: 'A line was added at the price of that moment. Amounts are minor units.',
      entity: 'order_id',
      payload: Type.Object({ order_id, ...lineChange }),
    },
    item_changed: {
      description: 'A line of an unpaid order was changed, or removed: then its quantity is 0.',
      entity: 'order_id',
      payload: Type.Object({ order_id, old_quantity: Type.Integer(), ...lineChange }),
    },
    refund_requested: {
      description: 'Units, shipping or a goodwill amount are to be given back; minor units.',
      entity: 'order_id',
      payload: Type.Object({ order_id, ...refund }),
    },
    refund_settled: {
      description: 'How a refund of the order ended, or that it ended otherwise than was known.',
      entity: 'order_id',
      payload: Type.Object({ order_id, ...refund, status: Type.Enum([...REFUND_STATUSES]) }),
    },
    gift_cards_uncovered: {
      description:
        'Money went back that no unit was given back for (an amount that staff named, a lost dispute), while gift cards of the order still stand: a person should look at them.',
      entity: 'order_id',
      payload: Type.Object({
        order_id,
        because: Type.Enum(['refund', 'dispute']),
        payment_id: IdSchema('payment'),
        /** What went back, or is disputed; minor units, as all amounts here. */
        amount: Amount,
        currency: Currency,
        account_ids: Type.Array(IdSchema('credit_account')),
        /** What these cards were sold for. */
        issued_amount: Amount,
        /** What can still be spent of them: nothing of those that were disabled. */
        usable_amount: Amount,
      }),
    },
    cancelled: {
      description: 'The order was withdrawn and its stock given back.',
      entity: 'order_id',
      payload: Type.Object({
        order_id,
        reason: Nullable(Type.String()),
        cart_id: Nullable(IdSchema('cart')),
      }),
    },
    shipped: {
      description: 'The last unit left; its stock is gone from the shelves.',
      entity: 'order_id',
      payload: Type.Object({ order_id, fulfillment_status: Type.Enum([...FULFILLMENT_STATUSES]) }),
    },
    completed: {
      description: 'The order arrived.',
      entity: 'order_id',
      payload: Type.Object({ order_id }),
    },
    archived: {
      description: 'The order was put away from the lists.',
      entity: 'order_id',
      payload: Type.Object({ order_id }),
    },
    deleted: {
      description: 'The order was removed; its stock was given back.',
      entity: 'order_id',
      payload: Type.Object({ order_id }),
    },
  }),
}
