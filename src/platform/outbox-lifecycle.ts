import { defineLifecycle } from '#kit/lifecycle'

/** How an event in the outbox is delivered to the reactions that listen to it. */
export const outboxLifecycle = defineLifecycle('outbox_event', {
  states: {
    pending: 'Waits for the relay, or for its next try.',
    processing: 'The relay has taken it; taken up again if that process dies.',
    delivered: 'Every reaction has done its work.',
    failed: 'Given up after the last try: a dead letter that an operator may retry or discard.',
    discarded: 'An operator took the dead letter off the list; the audit trail keeps the event.',
  },
  moves: {
    claim: { from: ['pending', 'processing'], to: 'processing', when: 'The relay takes it up.' },
    deliver: { from: ['processing'], to: 'delivered', when: 'Every reaction is done.' },
    postpone: {
      from: ['processing'],
      to: 'pending',
      when: 'A reaction failed and has tries left.',
    },
    give_up: { from: ['processing'], to: 'failed', when: 'A reaction failed for the last time.' },
    discard: { from: ['failed'], to: 'discarded', when: 'An operator deletes the dead letter.' },
    retry: {
      from: ['failed', 'pending'],
      to: 'pending',
      when: 'An operator asks for another try.',
    },
  },
})
