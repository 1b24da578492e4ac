import { sql } from 'kysely'
import { type Id, isUuid } from '#kit/ids'
import type { Context } from '#platform/context'
import { insertEach } from '#platform/database/each-row'
import { prepared } from '#platform/database/prepared'
import { eventsByIds } from '#platform/event-log/read'
import { emit } from '#platform/events'
import { insertDeliveries, newDelivery } from './delivery-rows.ts'
import { webhookEvents } from './events.ts'
import { protocolKey, sealSecret } from './secrets.ts'
import { db, type WebhookRow } from './tables.ts'
import type { SignatureForm, Signing } from './words.ts'

/** Something that a protocol has to tell its partner. */
export type QueuedDelivery = {
  channel: 'acp' | 'ucp'
  url: string
  /** A shared text; for `ucp` a private JWK (EC, P-256) with its `kid`, as JSON. */
  secret: string
  signing: Signing
  /** Undefined is the form that the protocol itself has. */
  signature_form?: SignatureForm | undefined
  /** What the log calls it: `order_create`. */
  type: string
  /** What one entity has to tell one partner is sent in the order in which it was queued. */
  entity_type: string
  entity_id: string
  body: object
  /** Tells repetitions apart, here and at the receiver: queued again, it changes nothing. */
  event_id: string
}

/**
 * Queues a delivery for a partner in the caller's transaction: it is sent if, and only if, that
 * commits, with the retries, the log and the care for addresses that every webhook has.
 */
export async function queueDelivery(ctx: Context, queued: QueuedDelivery): Promise<void> {
  const { type, entity_type, entity_id, event_id } = queued
  const webhook_id = await endpointOf(ctx, queued)
  const [event] = isUuid(event_id) ? await eventsByIds(ctx, [event_id]) : []
  const row = newDelivery(ctx, {
    webhook_id,
    purpose: 'queued',
    message_id: event_id,
    type,
    entity_type,
    entity_id,
    sequence: event?.entity_id === entity_id ? event.sequence : 0,
    body: JSON.stringify(queued.body),
  })
  await insertDeliveries(ctx, [row])
}

const findByKey = prepared(db, (open, p: { key: string }) =>
  open.selectFrom('webhooks').select('id').where('protocol_key', '=', p.key),
)

const insertOnce = insertEach<WebhookRow, unknown>(db as never, db.kinds('webhooks') as never, {
  table: 'webhooks',
  values: (row) => row,
  onConflict: sql`on conflict do nothing`,
})

/** The endpoint of this partner, made when it is first heard of. */
async function endpointOf(ctx: Context, queued: QueuedDelivery): Promise<Id<'webhook'>> {
  const { channel, url, secret, signing, signature_form = null } = queued
  const key = protocolKey(channel, signing + (signature_form ?? ''), url, secret)
  const known = await findByKey.first(ctx, { key })
  if (known) return known.id
  const row: WebhookRow = {
    id: ctx.newId('webhook'),
    channel,
    url,
    description: null,
    events: [],
    filters: {},
    signing,
    signature_form,
    secret: sealSecret(secret, ctx.settings),
    previous_secret: null,
    previous_valid_until: null,
    protocol_key: key,
    status: 'active',
    pause_reason: null,
    paused_at: null,
    version: 1,
    created_by: ctx.actor.id,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  const { affected } = await insertOnce.run(ctx, { rows: [row] })
  const there = await findByKey.first(ctx, { key })
  if (!there) throw new Error('the endpoint of a partner is not there')
  if (affected > 0) {
    const progress = { webhook_id: row.id, after_event_id: null, failures: 0 }
    await db(ctx)
      .insertInto('webhook_progress')
      .values({ ...progress, failing_since: null, succeeded_at: null })
      .execute()
    emit(ctx, webhookEvents.created({ webhook_id: row.id, url }))
  }
  return there.id
}
