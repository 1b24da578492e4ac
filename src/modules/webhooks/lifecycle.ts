import { defineLifecycle } from '#kit/lifecycle'

/** Whether an endpoint is sent anything. */
export const webhookEndpointLifecycle = defineLifecycle('webhook', {
  states: {
    active: 'Gets what happens.',
    paused: 'Gets nothing; what happens meanwhile is sent when it is resumed.',
    deleted: 'Gone; its deliveries can be read until they are cleared away.',
  },
  moves: {
    pause: {
      from: ['active'],
      to: 'paused',
      when: 'Somebody pauses it, it says 410, or nothing has succeeded for days.',
    },
    resume: { from: ['paused'], to: 'active', when: 'Somebody resumes it.' },
    delete: { from: ['active', 'paused'], to: 'deleted', when: 'Somebody deletes it.' },
  },
})

/** How one delivery to one endpoint goes. */
export const deliveryLifecycle = defineLifecycle('webhook_delivery', {
  states: {
    pending: 'Waits to be sent, or for its next try.',
    sending: 'A process is sending it; sent again if that process dies.',
    delivered: 'The receiver answered 2xx.',
    failed: 'Given up after the last try.',
    discarded: 'Taken off by somebody, or its endpoint was deleted.',
  },
  moves: {
    send: { from: ['pending', 'sending'], to: 'sending', when: 'A process takes it up.' },
    deliver: { from: ['sending'], to: 'delivered', when: 'The receiver answers 2xx.' },
    postpone: { from: ['sending'], to: 'pending', when: 'The try failed and there are more.' },
    give_up: { from: ['sending'], to: 'failed', when: 'The last try failed.' },
    discard: {
      from: ['pending', 'sending'],
      to: 'discarded',
      when: 'Somebody discards it, or deletes or skips ahead its endpoint.',
    },
  },
})

/** How sending again is getting on. */
export const replayLifecycle = defineLifecycle('webhook_replay', {
  states: {
    running: 'A job is queueing deliveries.',
    done: 'All are queued.',
    stopped: 'Its endpoint was deleted meanwhile.',
  },
  moves: {
    finish: { from: ['running'], to: 'done', when: 'The job reaches the end.' },
    stop: { from: ['running'], to: 'stopped', when: 'Its endpoint is deleted.' },
  },
})
