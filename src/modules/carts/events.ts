import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency } from '#kit/money'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'

const cart_id = IdSchema('cart')
const item = { item_id: IdSchema('cart_line'), variant_id: IdSchema('variant') }
const quantity = Type.Integer()

export const cartEvents = defineEvents('cart', {
  created: {
    description: 'A cart was opened.',
    entity: 'cart_id',
    payload: Type.Object({
      cart_id,
      customer_id: Nullable(IdSchema('customer')),
      currency: Currency,
    }),
  },
  updated: {
    description: 'Something else than its items changed: currency, address, codes, its checkout.',
    entity: 'cart_id',
    payload: Type.Object({ cart_id, changed: Type.Array(Type.String()) }),
  },
  item_added: {
    description: 'Units of a variant were put in; `quantity` is how many the line has now.',
    entity: 'cart_id',
    payload: Type.Object({ cart_id, ...item, added: quantity, quantity }),
  },
  item_updated: {
    description: "A line's quantity was set.",
    entity: 'cart_id',
    payload: Type.Object({ cart_id, ...item, old_quantity: quantity, quantity }),
  },
  item_removed: {
    description: 'A line was taken out.',
    entity: 'cart_id',
    payload: Type.Object({ cart_id, ...item, old_quantity: quantity }),
  },
  cleared: {
    description: 'All lines were taken out.',
    entity: 'cart_id',
    payload: Type.Object({ cart_id, line_count: Type.Integer() }),
  },
  merged: {
    description: "A guest's lines went into this cart of the customer who signed in.",
    entity: 'cart_id',
    payload: Type.Object({ cart_id, from_cart_id: cart_id, line_count: Type.Integer() }),
  },
  converted: {
    description: 'The cart became an order, or (without an order) went into another cart.',
    entity: 'cart_id',
    payload: Type.Object({
      cart_id,
      order_id: Nullable(IdSchema('order')),
      merged_into_id: Nullable(cart_id),
    }),
  },
  abandoned: {
    description: 'The cart was given up by its owner.',
    entity: 'cart_id',
    payload: Type.Object({ cart_id }),
  },
  expired: {
    description: 'Nobody touched the cart for as long as carts are kept.',
    entity: 'cart_id',
    payload: Type.Object({ cart_id, customer_id: Nullable(IdSchema('customer')) }),
  },
})
