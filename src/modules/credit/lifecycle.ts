import { defineLifecycle } from '#kit/lifecycle'

/** Whether an account can be paid with. Store credit is always active. */
export const creditAccountLifecycle = defineLifecycle('gift_card', {
  states: {
    active: 'Pays, until it has nothing left or its time is over.',
    disabled: 'Stopped by staff, such as when it was stolen; keeps its balance.',
    expired: 'Its time is over, and what was left on it is written off.',
  },
  moves: {
    disable: { from: ['active'], to: 'disabled', when: 'Staff stops it.' },
    enable: { from: ['disabled'], to: 'active', when: 'Staff lets it pay again.' },
    expire: { from: ['active', 'disabled'], to: 'expired', when: 'Its time is over.' },
    reopen: {
      from: ['expired'],
      to: 'active',
      when: 'Staff gives it more time, or money that it paid comes back.',
    },
    top_up: { from: ['active'], to: 'active', when: 'Staff adds to it.' },
  },
})

/** What a balance stands on: a card that whoever knows its code may use, or a customer. */
export const CREDIT_KINDS = ['gift_card', 'store_credit'] as const
export type CreditKind = (typeof CREDIT_KINDS)[number]

/** Why a balance changed. */
export const ENTRY_KINDS = [
  'issued',
  'topped_up',
  'granted',
  'deducted',
  'taken',
  'given_back',
  'expired',
  'restored',
] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]
