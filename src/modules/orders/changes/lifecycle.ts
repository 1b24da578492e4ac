import { defineLifecycle } from '#kit/lifecycle'

/** A set of changes of a placed order: begun, then applied as a whole, or not at all. */
export const orderChangeLifecycle = defineLifecycle('order_change', {
  states: {
    open: 'Being put together; the order is as it was.',
    applied: 'What it says is what the order is. Final.',
    abandoned: 'Given up; the order is as it was. Final.',
  },
  moves: {
    apply: { from: ['open'], to: 'applied', when: 'It is agreed upon.' },
    abandon: { from: ['open'], to: 'abandoned', when: 'It is given up.' },
  },
})
