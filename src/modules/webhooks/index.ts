import type { Job } from '#platform/jobs'
import type { Module } from '#platform/module'
import { activeWebhooks } from './active.ts'
import { startWebhooks } from './dispatch/workers.ts'
import { webhookErrors } from './errors.ts'
import { webhookEvents } from './events.ts'
import { webhookInvariants } from './invariants.ts'
import { deliveryLifecycle, replayLifecycle, webhookEndpointLifecycle } from './lifecycle.ts'
import { createWebhooks } from './migrations/2026-11-22-06-create-webhooks.ts'
import { addSignatureForms } from './migrations/2026-11-22-75-add-signature-forms.ts'
import { operations } from './operations.ts'
import { purgeDeliveries } from './purge.ts'
import { replayJob } from './replay/job.ts'
import { streamDoor } from './stream/door.ts'
import { db } from './tables.ts'

// What the modules above, adapters and the composition use.
export { isPublicAddress } from './addresses.ts'
export { webhookErrors } from './errors.ts'
export { webhookEvents } from './events.ts'
export { type QueuedDelivery, queueDelivery } from './queue.ts'
export {
  type EventName,
  eventNames,
  type Outgoing,
  type Received,
  type WebhookSender,
  webhookSender,
} from './sender.ts'

// What this module adds to the house.
export const webhooks: Module = {
  name: 'webhooks',
  tables: db.tables,
  migrations: {
    '2026-11-22-06-create-webhooks': createWebhooks,
    '2026-11-22-75-add-signature-forms': addSignatureForms,
  },
  lifecycles: [webhookEndpointLifecycle, deliveryLifecycle, replayLifecycle],
  errors: [webhookErrors],
  events: [webhookEvents],
  invariants: webhookInvariants,
  jobs: [replayJob as Job],
  schedules: [purgeDeliveries],
  workers: [startWebhooks],
  remembers: [activeWebhooks],
  plugins: [streamDoor],
  operations,
}
