import { defineLifecycle } from '#kit/lifecycle'

export const bulkLifecycle = defineLifecycle('bulk', {
  states: {
    collecting: 'The orders that its filter finds are written down.',
    running: 'Its orders are done, one after another.',
    done: 'Every order has its result.',
    cancelled: 'Stopped by a person; what was done until then stays.',
    failed: 'It could not go on: its filter finds too many orders.',
  },
  moves: {
    begin: { from: ['collecting'], to: 'running', when: 'All its orders are written down.' },
    finish: { from: ['running'], to: 'done', when: 'The last order has its result.' },
    cancel: { from: ['collecting', 'running'], to: 'cancelled', when: 'Staff stops it.' },
    fail: { from: ['collecting'], to: 'failed', when: 'Its filter finds too many orders.' },
  },
})

export type BulkStatus = (typeof bulkLifecycle.states)[number]

/** Nothing more will happen. */
export const ENDED: readonly BulkStatus[] = ['done', 'cancelled', 'failed']
