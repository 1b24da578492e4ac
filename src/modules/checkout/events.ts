import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'

const of = { checkout_id: IdSchema('checkout'), cart_id: IdSchema('cart') }

export const checkoutEvents = defineEvents('checkout', {
  started: {
    description: 'A buyer went to the checkout; its units are held. Amounts are minor units.',
    entity: 'checkout_id',
    payload: Type.Object({ ...of, currency: Currency, total_amount: Amount }),
  },
  price_changed: {
    description: 'It came to something else than its buyer had been shown, who was asked again.',
    entity: 'checkout_id',
    payload: Type.Object({ ...of, currency: Currency, old_amount: Amount, new_amount: Amount }),
  },
  payment_opened: {
    description: 'Its payer was given a page or an intent of the payment provider to pay.',
    entity: 'checkout_id',
    payload: Type.Object({
      ...of,
      kind: Type.Enum(['page', 'embedded', 'intent']),
      currency: Currency,
      amount: Amount,
    }),
  },
  payment_failed: {
    description:
      'Its payer tried to pay at the provider, in vain. There is no order yet; the cart is kept.',
    entity: 'checkout_id',
    payload: Type.Object({
      ...of,
      customer_id: Nullable(IdSchema('customer')),
      customer_email: Nullable(Type.String()),
      currency: Currency,
      amount: Amount,
      code: Type.String(),
      message: Type.String(),
    }),
  },
  payment_returned: {
    description:
      'It was paid at the provider when it could not be sold any more: the money goes back. `order_id` is the cancelled order that the books have of it.',
    entity: 'checkout_id',
    payload: Type.Object({
      ...of,
      order_id: IdSchema('order'),
      customer_id: IdSchema('customer'),
      currency: Currency,
      amount: Amount,
      reason: Type.String(),
    }),
  },
  completed: {
    description: 'Its order is paid or authorised, or costs nothing.',
    entity: 'checkout_id',
    payload: Type.Object({ ...of, order_id: IdSchema('order') }),
  },
  expired: {
    description: 'It ended without a paid order; what it held was given back.',
    entity: 'checkout_id',
    payload: Type.Object({
      ...of,
      order_id: Nullable(IdSchema('order')),
      because: Type.Enum(['time_over', 'cancelled', 'cart_closed', 'order_cancelled']),
    }),
  },
})
