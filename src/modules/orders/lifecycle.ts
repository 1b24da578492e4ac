import { defineLifecycle } from '#kit/lifecycle'

/** The order's own states, as published. What is paid and what is shipped are axes of their own. */
export const orderLifecycle = defineLifecycle('order', {
  states: {
    pending: 'Placed; its stock is reserved and payment is awaited.',
    confirmed: 'Paid, or accepted without payment; work may begin.',
    processing: 'Being picked and packed.',
    on_hold: 'Stopped for a reason; nothing moves until it is released.',
    shipped: 'Everything has left the warehouse.',
    delivered: 'Everything has arrived.',
    cancelled: 'Withdrawn; its stock was given back.',
    exchanged: 'Came back for other goods.',
    refunded: 'Came back or was cancelled, and the money was returned. Final.',
  },
  moves: {
    confirm: { from: ['pending'], to: 'confirmed', when: 'It is paid, or staff accepts it.' },
    process: {
      from: ['pending', 'confirmed', 'on_hold'],
      to: 'processing',
      when: 'The warehouse begins.',
    },
    hold: {
      from: ['pending', 'confirmed', 'processing', 'shipped'],
      to: 'on_hold',
      when: 'Something must be cleared up.',
    },
    release_to_pending: {
      from: ['on_hold'],
      to: 'pending',
      when: 'The last hold of an order that waited for its payment is released.',
      by: 'release',
    },
    release_to_confirmed: {
      from: ['on_hold'],
      to: 'confirmed',
      when: 'The last hold of an order that was confirmed is released.',
      by: 'release',
    },
    release_to_shipped: {
      from: ['on_hold'],
      to: 'shipped',
      when: 'The last hold of an order that had left is released.',
      by: 'release',
    },
    ship: { from: ['processing'], to: 'shipped', when: 'The last unit leaves.' },
    deliver: { from: ['shipped'], to: 'delivered', when: 'The last unit arrives.' },
    cancel: {
      from: ['pending', 'confirmed', 'processing', 'on_hold'],
      to: 'cancelled',
      when: 'The buyer or the merchant withdraws.',
    },
    exchange: { from: ['delivered'], to: 'exchanged', when: 'The goods come back for others.' },
    refund: {
      from: ['delivered', 'cancelled', 'exchanged'],
      to: 'refunded',
      when: 'The money is returned.',
    },
  },
})

export type OrderStatus = (typeof orderLifecycle.states)[number]

/** What the customer owes and has paid; always computed by `paymentStatus`, never set by hand. */
export const PAYMENT_STATUSES = [
  'pending',
  'authorized',
  'partially_paid',
  'paid',
  'failed',
  'partially_refunded',
  'refunded',
] as const
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number]

/** How much of the goods has left; computed by `fulfilmentStatus`, never set by hand. */
export const FULFILLMENT_STATUSES = ['unfulfilled', 'partially_fulfilled', 'fulfilled'] as const
export type FulfillmentStatus = (typeof FULFILLMENT_STATUSES)[number]

/** How much of what has left came back; computed by `returnStatus`, never set by hand. */
export const RETURN_STATUSES = ['none', 'partially_returned', 'returned'] as const
export type ReturnStatus = (typeof RETURN_STATUSES)[number]
