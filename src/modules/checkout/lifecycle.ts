import { defineLifecycle } from '#kit/lifecycle'

/** A checkout's states. How far its buyer has come is its step, which is derived: see `stepOf`. */
export const checkoutLifecycle = defineLifecycle('checkout', {
  states: {
    open: 'Its buyer is filling it in, or its order waits to be paid.',
    complete: 'Its order is placed, and paid or authorised. Final.',
    expired: 'It ended without a paid order; what it held was given back.',
  },
  moves: {
    complete: {
      from: ['open', 'expired'],
      to: 'complete',
      when: 'Its order is paid or authorised, or costs nothing.',
    },
    expire: {
      from: ['open'],
      to: 'expired',
      when: 'Its time is over, its buyer gives up, or its cart or order is withdrawn.',
    },
  },
})

/** What a buyer says in turn, spelled as published. */
export const STEPS = ['CustomerInfo', 'ShippingAddress', 'ShippingMethod', 'Payment'] as const
export type Step = (typeof STEPS)[number]

type Said = {
  email: string | null
  shipping_address: object | null
  shipping_method: string | null
  needs_shipping: boolean
}

/** The first step that is not taken yet; the last one when all are. They may come in any order. */
export function stepOf({ email, shipping_address, shipping_method, needs_shipping }: Said): Step {
  if (email === null) return 'CustomerInfo'
  if (needs_shipping && shipping_address === null) return 'ShippingAddress'
  if (needs_shipping && shipping_method === null) return 'ShippingMethod'
  return 'Payment'
}
