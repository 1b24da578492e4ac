import { defineLifecycle } from '#kit/lifecycle'

/** Whether a promotion may be had. When it may be had is said by its dates. */
export const promotionLifecycle = defineLifecycle('promotion', {
  states: {
    draft: 'Being prepared; buyers do not know of it.',
    active: 'May be had while its dates and limits allow it.',
    paused: 'Stopped for now; what was redeemed stays redeemed.',
    archived: 'Over for good; its codes are free for others.',
  },
  moves: {
    activate: { from: ['draft', 'paused'], to: 'active', when: 'The merchant offers it.' },
    pause: { from: ['active'], to: 'paused', when: 'The merchant stops it for a while.' },
    archive: {
      from: ['draft', 'active', 'paused'],
      to: 'archived',
      when: 'The merchant puts it away.',
    },
  },
})

export type PromotionStatus = (typeof promotionLifecycle.states)[number]

/** What a promotion takes off: a share, an amount, or the shipping. Never changes. */
export const KINDS = ['percent', 'fixed', 'free_shipping'] as const
export type Kind = (typeof KINDS)[number]

/** Whether a promotion is for everything and everybody, or for those listed. */
export const REACHES = ['all', 'listed'] as const

/** What a promotion may be listed for. */
export const TARGETS = ['product', 'variant', 'category', 'customer'] as const
export type Target = (typeof TARGETS)[number]
