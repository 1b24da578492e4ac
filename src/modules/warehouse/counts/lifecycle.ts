import { defineLifecycle } from '#kit/lifecycle'

export const countLifecycle = defineLifecycle('cycle_count', {
  states: {
    planning: 'Its lines are being drawn up, a thousand at a time.',
    counting: 'Counters enter what they find.',
    approving: 'The differences are being posted, a few hundred at a time.',
    completed: 'Every difference is posted. Final.',
    cancelled: 'Given up; nothing was posted. Final.',
  },
  moves: {
    open: { from: ['planning'], to: 'counting', when: 'The last line is drawn up.' },
    approve: {
      from: ['counting'],
      to: 'approving',
      when: 'Someone has looked at the differences.',
    },
    complete: { from: ['approving'], to: 'completed', when: 'The last difference is posted.' },
    hold_back: {
      from: ['approving'],
      to: 'counting',
      when: 'Some differences cannot be posted yet, such as missing units that are promised.',
    },
    cancel: { from: ['planning', 'counting'], to: 'cancelled', when: 'Nobody needs it any more.' },
  },
})

export const lineLifecycle = defineLifecycle('count_line', {
  states: {
    pending: 'Not counted yet.',
    counted: 'Counted; the difference waits for approval.',
    recount: 'The difference is too large: someone counts again.',
    posted: 'The level was brought to what was counted. Final.',
    superseded: 'A later count of the same place was approved first, so nothing was posted. Final.',
    skipped: 'Left uncounted. Final.',
  },
  moves: {
    count: { from: ['pending', 'counted', 'recount'], to: 'counted', when: 'Someone counted it.' },
    recount: { from: ['counted'], to: 'recount', when: 'The difference is too large.' },
    post: { from: ['counted'], to: 'posted', when: 'The count is approved.' },
    supersede: {
      from: ['counted'],
      to: 'superseded',
      when: 'A later count of the place is in the ledger.',
    },
    skip: { from: ['pending', 'recount'], to: 'skipped', when: 'It is not to be counted.' },
  },
})

export type CountStatus = (typeof countLifecycle.states)[number]
export type LineStatus = (typeof lineLifecycle.states)[number]
