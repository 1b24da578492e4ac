import { defineLifecycle } from '#kit/lifecycle'

/** A cart's states, spelled as published. They are derived from the row: see `cartStatus`. */
export const cartLifecycle = defineLifecycle('cart', {
  states: {
    Active: 'Being filled.',
    Converting: 'A checkout of it is open.',
    Converted: 'Became an order, or was merged into another cart. It never changes again.',
    Abandoned: 'Given up by its owner.',
    Expired: 'Nobody touched it for as long as carts are kept.',
  },
  moves: {
    begin_checkout: { from: ['Active'], to: 'Converting', when: 'A checkout begins.' },
    end_checkout: {
      from: ['Converting'],
      to: 'Active',
      when: 'The checkout ends without an order.',
    },
    convert: {
      from: ['Active', 'Converting'],
      to: 'Converted',
      when: 'The order is placed, or its lines went into another cart.',
    },
    abandon: { from: ['Active', 'Converting'], to: 'Abandoned', when: 'Its owner deletes it.' },
    expire: { from: ['Active'], to: 'Expired', when: 'Its time is over.' },
  },
})

export type CartStatus = (typeof cartLifecycle.states)[number]

/** How a cart was closed; null while it is open. */
export const CLOSED_AS = ['converted', 'merged', 'abandoned', 'expired'] as const

type Facts = {
  closed_as: (typeof CLOSED_AS)[number] | null
  converting: boolean
  expires_at: string
}

const CLOSED = {
  converted: 'Converted',
  merged: 'Converted',
  abandoned: 'Abandoned',
  expired: 'Expired',
} as const satisfies Record<(typeof CLOSED_AS)[number], CartStatus>

/** The state of a cart at an instant; one whose time is over has expired, swept up or not. */
export function cartStatus({ closed_as, converting, expires_at }: Facts, now: string): CartStatus {
  if (closed_as !== null) return CLOSED[closed_as]
  if (converting) return 'Converting'
  return expires_at <= now ? 'Expired' : 'Active'
}
