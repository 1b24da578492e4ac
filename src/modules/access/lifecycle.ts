import { defineLifecycle } from '#kit/lifecycle'

export const userLifecycle = defineLifecycle('user', {
  states: {
    active: 'May log in.',
    suspended: 'May not log in; every token and API key is refused until activated again.',
    deleted: 'Gone for good; the row remains for what it did. The e-mail is free again.',
  },
  moves: {
    suspend: { from: ['active'], to: 'suspended', when: 'Someone locks the account.' },
    activate: { from: ['suspended'], to: 'active', when: 'Someone unlocks the account.' },
    delete: { from: ['active', 'suspended'], to: 'deleted', when: 'The account is closed.' },
  },
})
