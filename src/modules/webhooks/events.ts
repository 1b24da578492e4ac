import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { defineEvents } from '#platform/events'
import { PAUSE_REASONS } from './words.ts'

const webhook_id = IdSchema('webhook')
const url = Type.String()

/** What happens to endpoints. Deliveries are no events: they would be delivered in turn. */
export const webhookEvents = defineEvents('webhook', {
  created: {
    description: 'Somebody subscribed to events, or a partner brought an address along.',
    entity: 'webhook_id',
    payload: Type.Object({ webhook_id, url }),
  },
  changed: {
    description: 'A webhook goes elsewhere, or gets other events.',
    entity: 'webhook_id',
    payload: Type.Object({ webhook_id, url }),
  },
  secret_rotated: {
    description: 'A webhook is signed with another secret; the old one signs too for a while.',
    entity: 'webhook_id',
    payload: Type.Object({ webhook_id }),
  },
  paused: {
    description: 'A webhook gets nothing for now: by hand, gone (410), or failing for days.',
    entity: 'webhook_id',
    payload: Type.Object({
      webhook_id,
      url,
      reason: Type.Unsafe<(typeof PAUSE_REASONS)[number]>(Type.Enum([...PAUSE_REASONS])),
    }),
  },
  resumed: {
    description: 'A paused webhook gets events again.',
    entity: 'webhook_id',
    payload: Type.Object({ webhook_id, url }),
  },
  deleted: {
    description: 'A webhook is gone, and what waited for it is discarded.',
    entity: 'webhook_id',
    payload: Type.Object({ webhook_id, url }),
  },
})
