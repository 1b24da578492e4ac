import { sql } from 'kysely'
import { clearById, clearing, DAY_MS, HOUR_MS } from '#platform/retention'
import { db } from '../tables.ts'

/**
 * Forgets webhooks that are settled and that no carrier sends again so late. What is parked waits
 * for its parcel, and what was given up for a person.
 */
export const webhookPurge = clearing({
  name: 'shipments.purge_webhooks',
  every_ms: HOUR_MS,
  kept_ms: (settings) => settings.received_webhooks_kept_days * DAY_MS,
  clear: clearById(db, 'tracking_webhooks', sql`status in ('applied', 'ignored')`),
})
