import { type TProperties, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'

const account = {
  account_id: IdSchema('credit_account'),
  customer_id: Nullable(IdSchema('customer')),
  currency: Currency,
  /** The balance after it, in minor units. */
  balance_amount: Amount,
}
const told = <P extends TProperties>(more: P) => Type.Object({ ...account, ...more })
/** What moved, in minor units, and for what. */
const moved = {
  entry_id: IdSchema('credit_entry'),
  amount: Amount,
  order_id: Nullable(IdSchema('order')),
  reference_type: Nullable(Type.String()),
  reference_id: Nullable(Type.String()),
}

export const giftCardEvents = defineEvents('gift_card', {
  issued: {
    description: 'A gift card was made. Its code was told to whoever asked, and is kept nowhere.',
    entity: 'account_id',
    payload: told({ ...moved, last_four: Type.String(), expires_at: Nullable(Instant) }),
  },
  topped_up: {
    description: 'Staff added to a gift card.',
    entity: 'account_id',
    payload: told(moved),
  },
  taken: {
    description: 'A gift card paid for an order, or holds money for it.',
    entity: 'account_id',
    payload: told(moved),
  },
  given_back: {
    description: 'What a gift card had paid or held is on it again.',
    entity: 'account_id',
    payload: told(moved),
  },
  voided: {
    description: 'What a gift card was sold for was refunded or cancelled, and is off it again.',
    entity: 'account_id',
    payload: told(moved),
  },
  reinstated: {
    description: 'That refund failed: what the gift card was sold for is on it again.',
    entity: 'account_id',
    payload: told(moved),
  },
  code_renewed: {
    description: 'A new code was drawn for a gift card; one that it had before pays no more.',
    entity: 'account_id',
    payload: told({ last_four: Type.String() }),
  },
  disabled: {
    description: 'A gift card was stopped.',
    entity: 'account_id',
    payload: told({ reason: Nullable(Type.String()) }),
  },
  enabled: {
    description: 'A gift card that was stopped can pay again.',
    entity: 'account_id',
    payload: told({}),
  },
  changed: {
    description: 'Its end, its recipient or its message was changed.',
    entity: 'account_id',
    payload: told({ expires_at: Nullable(Instant) }),
  },
  expired: {
    description: 'The time of a gift card is over; `amount` was left on it and is written off.',
    entity: 'account_id',
    payload: told({ amount: Amount }),
  },
  reopened: {
    description: 'An expired gift card can pay again; `amount` of what was written off is back.',
    entity: 'account_id',
    payload: told({ amount: Amount, expires_at: Nullable(Instant) }),
  },
})

export const storeCreditEvents = defineEvents('store_credit', {
  granted: {
    description: 'A customer was given store credit.',
    entity: 'account_id',
    payload: told({ ...moved, reason: Nullable(Type.String()) }),
  },
  deducted: {
    description: 'Staff took store credit away.',
    entity: 'account_id',
    payload: told({ ...moved, reason: Nullable(Type.String()) }),
  },
  taken: {
    description: 'Store credit paid for an order, or is held for it.',
    entity: 'account_id',
    payload: told(moved),
  },
  given_back: {
    description: 'What store credit had paid or held is there again.',
    entity: 'account_id',
    payload: told(moved),
  },
})
