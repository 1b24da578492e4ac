import { defineLifecycle } from '#kit/lifecycle'

export const recallLifecycle = defineLifecycle('recall', {
  states: {
    open: 'The units are blocked, and those who got some are being told.',
    closed: 'Everyone is told or written off. Final.',
  },
  moves: {
    close: { from: ['open'], to: 'closed', when: 'Nobody is left to be told.' },
  },
})

export const contactLifecycle = defineLifecycle('recall_contact', {
  states: {
    pending: 'Has units and does not know it yet.',
    contacted: 'Has been told; the units are still out.',
    returned: 'Has given the units back.',
    written_off: 'The units will not come back: used up, destroyed, or nobody answers.',
  },
  moves: {
    contact: { from: ['pending'], to: 'contacted', when: 'They were told.' },
    return: { from: ['pending', 'contacted'], to: 'returned', when: 'All units came back.' },
    write_off: {
      from: ['pending', 'contacted'],
      to: 'written_off',
      when: 'The units will not come back.',
    },
  },
})

export type ContactStatus = (typeof contactLifecycle.states)[number]
