import type { LoggedEvent } from '#platform/event-log/read'
import type { DeliveryRow } from './tables.ts'

/**
 * What a subscriber is sent for an event: the same text at every try, so that its signature over
 * the body stays. `event` is the documented name of `type`, which Standard Webhooks asks for.
 */
export const eventBody = (event: LoggedEvent, { id }: Pick<DeliveryRow, 'id'>): string =>
  JSON.stringify({
    id: event.id,
    type: event.name,
    event: event.name,
    version: event.schema_version,
    timestamp: event.occurred_at,
    delivery_id: id,
    entity: { type: event.entity_type, id: event.entity_id, sequence: event.sequence },
    data: event.payload,
  })

/** What an endpoint is sent to see whether it works. */
export const testBody = (of: { id: string; webhook_id: string; now: string }): string =>
  JSON.stringify({
    id: of.id,
    type: 'webhook.test',
    event: 'webhook.test',
    version: 1,
    timestamp: of.now,
    delivery_id: of.id,
    entity: { type: 'webhook', id: of.webhook_id, sequence: 0 },
    data: { webhook_id: of.webhook_id, message: 'This is a test; nothing happened.' },
  })
