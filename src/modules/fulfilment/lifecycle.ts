import { defineLifecycle } from '#kit/lifecycle'

/** How far the work at one location is. What stops it for a while are holds, which stand beside. */
export const fulfilmentOrderLifecycle = defineLifecycle('fulfilment_order', {
  states: {
    waiting: 'Its units are backordered; it has no location until they are promised.',
    scheduled: 'Not to be begun before its time.',
    open: 'May be begun at its location.',
    in_progress: 'Being picked and packed.',
    closed: 'All of it has left.',
    incomplete: 'The location gave up the rest, which waits to be routed again.',
    cancelled:
      'Withdrawn before anything left; its units wait to be routed, or were cancelled too.',
  },
  moves: {
    promise: { from: ['waiting'], to: 'open', when: 'Stock came in for it.' },
    schedule: { from: ['open'], to: 'scheduled', when: 'Staff names a time to begin.' },
    open: { from: ['scheduled'], to: 'open', when: 'Its time has come, or staff says so.' },
    start: { from: ['open'], to: 'in_progress', when: 'Somebody begins to pick it.' },
    stop: { from: ['in_progress'], to: 'open', when: 'What was picked was put back.' },
    close: {
      from: ['scheduled', 'open', 'in_progress'],
      to: 'closed',
      when: 'The last unit left.',
    },
    reopen: {
      from: ['closed', 'incomplete'],
      to: 'in_progress',
      when: 'A shipment of it was called back.',
    },
    give_up: {
      from: ['scheduled', 'open', 'in_progress'],
      to: 'incomplete',
      when: 'The location cannot do the rest.',
    },
    cancel: {
      from: ['waiting', 'scheduled', 'open', 'in_progress'],
      to: 'cancelled',
      when: 'It is withdrawn, or nothing of it is left to do.',
    },
  },
})

export type FulfilmentStatus = (typeof fulfilmentOrderLifecycle.states)[number]

/** The states in which there is still something to do. */
export const LIVE = ['waiting', 'scheduled', 'open', 'in_progress'] as const
export const isLive = (status: FulfilmentStatus): boolean =>
  (LIVE as readonly FulfilmentStatus[]).includes(status)

/** The states of an order in which its goods may be picked. */
export const WORKABLE_ORDERS = ['confirmed', 'processing'] as const

export const pickListLifecycle = defineLifecycle('pick_list', {
  states: {
    open: 'Made; nobody has begun.',
    in_progress: 'Somebody walks with it.',
    finished: 'Every unit on it was picked, found missing, or withdrawn.',
    cancelled: 'Given up; what it had not picked is free for another list.',
  },
  moves: {
    start: { from: ['open'], to: 'in_progress', when: 'The first unit is picked.' },
    finish: { from: ['open', 'in_progress'], to: 'finished', when: 'Nothing is left to pick.' },
    cancel: { from: ['open', 'in_progress'], to: 'cancelled', when: 'Staff gives it up.' },
  },
})

/** Why a fulfilment order is held. */
export const HOLD_REASONS = [
  'customer_request',
  'address',
  'payment_risk',
  'stock',
  'awaiting_return',
  'quality',
  'other',
] as const

/** Why a picker found fewer units than the books have. */
export const SHORT_REASONS = ['not_found', 'damaged', 'expired', 'wrong_item', 'other'] as const
