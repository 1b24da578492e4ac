import type { Context } from '#platform/context'
import type { CarrierWebhook } from '../../labels/carriers.ts'
import type { WebhookRow } from '../tables.ts'

/** A webhook as it comes in: waiting for its parcel, or of no interest. */
export const emptyTrackingWebhook = (
  ctx: Context,
  carrier: string,
  { webhook, body }: { webhook: CarrierWebhook; body: string },
): WebhookRow => ({
  id: ctx.newId('tracking_webhook'),
  carrier,
  event_id: webhook.event_id,
  type: webhook.type,
  body,
  status: webhook.parcel ? 'parked' : 'ignored',
  note: null,
  parcel_id: null,
  attempts: 0,
  check_at: ctx.now,
  received_at: ctx.now,
  settled_at: webhook.parcel ? null : ctx.now,
})
