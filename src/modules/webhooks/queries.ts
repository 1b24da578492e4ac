import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { eventsByIds } from '#platform/event-log/read'
import { findWebhook } from './endpoints.ts'
import { eventBody } from './envelope.ts'
import { webhookErrors } from './errors.ts'
import type {
  Delivery,
  DeliveryDetail,
  EventTypes,
  GetDelivery,
  GetWebhook,
  ListDeliveries,
  ListWebhooks,
  Webhook,
} from './schemas.ts'
import { hintOf, openSecret } from './secrets.ts'
import { eventNames } from './sender.ts'
import {
  type AttemptRow,
  type DeliveryRow,
  db,
  type ProgressRow,
  type WebhookRow,
} from './tables.ts'

/** One endpoint. Throws `not_found`. */
export async function getWebhook(ctx: Context, { id }: GetWebhook): Promise<Webhook> {
  const [told] = await tellWebhooks(ctx, [await findWebhook(ctx, id)])
  return told as Webhook
}

/** Endpoints, the newest first. */
export function listWebhooks(ctx: Context, query: ListWebhooks): Promise<Page<Webhook>> {
  let rows = db(ctx).selectFrom('webhooks').selectAll().where('status', '<>', 'deleted')
  if (query.status) rows = rows.where('status', '=', query.status)
  if (query.channel) rows = rows.where('channel', '=', query.channel)
  return pageById(ctx, query, { name: 'webhooks', rows, tell: (some) => tellWebhooks(ctx, some) })
}

async function tellWebhooks(ctx: Context, rows: readonly WebhookRow[]): Promise<Webhook[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const found = await db(ctx)
    .selectFrom('webhook_progress')
    .selectAll()
    .where('webhook_id', 'in', ids)
    .execute()
  const progress = new Map(found.map((one) => [one.webhook_id, one]))
  return rows.map((row) => tellWebhook(ctx, row, progress.get(row.id)))
}

function tellWebhook(ctx: Context, row: WebhookRow, progress: ProgressRow | undefined): Webhook {
  const until = row.previous_valid_until
  return {
    id: row.id,
    channel: row.channel,
    url: row.url,
    description: row.description,
    events: row.events,
    filters: row.filters,
    status: row.status,
    paused: row.status === 'paused',
    pause_reason: row.pause_reason,
    paused_at: row.paused_at,
    signing: row.signing,
    secret_hint: secretHint(ctx, row),
    previous_secret_valid_until: until !== null && until > ctx.now ? until : null,
    failures: progress?.failures ?? 0,
    failing_since: progress?.failing_since ?? null,
    last_success_at: progress?.succeeded_at ?? null,
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
  }
}

function secretHint(ctx: Context, { secret, signing }: WebhookRow): string {
  if (signing === 'ucp') return 'a private key'
  try {
    return hintOf(openSecret(secret, ctx.settings))
  } catch {
    // The house's own secret is another one than when it was sealed; deliveries say so too.
    return 'unreadable: rotate it'
  }
}

/** Deliveries, the newest first. */
export function listDeliveries(ctx: Context, query: ListDeliveries): Promise<Page<Delivery>> {
  let rows = db(ctx).selectFrom('webhook_deliveries').selectAll()
  if (query.webhook_id) rows = rows.where('webhook_id', '=', query.webhook_id)
  if (query.status) rows = rows.where('status', '=', query.status)
  if (query.type) rows = rows.where('type', '=', query.type)
  if (query.entity_id) rows = rows.where('entity_id', '=', query.entity_id)
  if (query.message_id) rows = rows.where('message_id', '=', query.message_id)
  return pageById(ctx, query, {
    name: 'webhook_deliveries',
    rows,
    tell: (some) => some.map(tellDelivery),
  })
}

export const tellDelivery = ({
  body: _,
  next_at,
  replayed_at: __,
  ...row
}: DeliveryRow): Delivery => ({
  ...row,
  next_attempt_at: row.finished_at === null ? next_at : null,
})

/** One delivery with every try. Throws `delivery_not_found`. */
export async function getDelivery(ctx: Context, { id }: GetDelivery): Promise<DeliveryDetail> {
  const row = await findDelivery(ctx, id)
  const tries = await db(ctx)
    .selectFrom('webhook_attempts')
    .selectAll()
    .where('delivery_id', '=', id)
    .orderBy('id')
    .limit(100)
    .execute()
  const body = await bodyOf(ctx, row)
  return { ...tellDelivery(row), tries: tries.map((one) => tellTry(one, body)) }
}

/** A delivery. Throws `delivery_not_found`. */
export async function findDelivery(ctx: Context, id: DeliveryRow['id']): Promise<DeliveryRow> {
  const row = await db(ctx)
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw webhookErrors.delivery_not_found({ id })
  return row
}

async function bodyOf(ctx: Context, row: DeliveryRow): Promise<string> {
  if (row.body !== null) return row.body
  const [event] = await eventsByIds(ctx, [row.message_id])
  return event ? eventBody(event, row) : '{}'
}

const tellTry = (row: AttemptRow, body: string): DeliveryDetail['tries'][number] => ({
  attempt: row.attempt,
  started_at: row.started_at,
  duration_ms: row.duration_ms,
  error: row.error,
  request: { url: row.url, headers: row.request_headers, body },
  response:
    row.response_status === null
      ? null
      : {
          status: row.response_status,
          headers: row.response_headers ?? {},
          body: row.response_body ?? '',
        },
})

/** Every event that can be subscribed to. */
export async function listEventTypes(ctx: Context): Promise<EventTypes> {
  return { items: [...eventNames.of(ctx)] }
}
