import type { Context } from '#platform/context'
import { lastEvent } from '#platform/event-log/read'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { checkUrl } from '../addresses.ts'
import { addWebhook } from '../endpoints.ts'
import { webhookErrors } from '../errors.ts'
import { webhookEvents } from '../events.ts'
import { nameMatcher } from '../matching.ts'
import { getWebhook } from '../queries.ts'
import type { CreateWebhook, NewWebhook } from '../schemas.ts'
import { keyOf, newSecret, sealSecret } from '../secrets.ts'
import { eventNames } from '../sender.ts'
import { db, type WebhookRow } from '../tables.ts'

/** Every one of them is asked of each event, so there is an end. */
const WEBHOOKS_MAX = 500

/**
 * Subscribes an address to events that happen from now on. Throws `url_refused`, `event_unknown`,
 * `too_many`.
 */
export async function createWebhook(ctx: Context, input: CreateWebhook): Promise<NewWebhook> {
  const url = checkUrl(input.url, ctx.settings)
  checkEvents(ctx, input.events)
  const secret = input.secret ?? newSecret()
  checkSecret(secret)
  await checkRoom(ctx)
  const isPaused = input.paused ?? false
  const row: WebhookRow = {
    id: ctx.newId('webhook'),
    channel: 'webhook',
    url,
    description: input.description ?? null,
    events: input.events,
    filters: input.filters ?? {},
    signing: 'standard',
    signature_form: null,
    secret: sealSecret(secret, ctx.settings),
    previous_secret: null,
    previous_valid_until: null,
    protocol_key: null,
    status: isPaused ? 'paused' : 'active',
    pause_reason: isPaused ? 'manual' : null,
    paused_at: isPaused ? ctx.now : null,
    version: 1,
    created_by: ctx.actor.id,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  await addWebhook(ctx, row, await lastEvent(ctx))
  emit(ctx, webhookEvents.created({ webhook_id: row.id, url }))
  return { ...(await getWebhook(ctx, row)), secret }
}

/** Refuses names that no event has: what is misspelt would wait for ever. */
export function checkEvents(ctx: Context, patterns: readonly string[]): void {
  const names = eventNames.of(ctx)
  for (const event of patterns) {
    const matches = nameMatcher([event])
    if (!names.some(({ name }) => matches(name))) throw webhookErrors.event_unknown({ event })
  }
}

/** Standard Webhooks asks for 24 to 64 bytes. */
export function checkSecret(secret: string): void {
  if (!secret.startsWith('whsec_')) return
  const isBase64 = /^whsec_[A-Za-z0-9+/]+={0,2}$/.test(secret)
  const { length } = keyOf(secret)
  if (isBase64 && length >= 24 && length <= 64) return
  throw invalidField('secret', 'must be base64 of 24 to 64 bytes behind whsec_')
}

async function checkRoom(ctx: Context): Promise<void> {
  const last = await db(ctx)
    .selectFrom('webhooks')
    .select('id')
    .where('status', '<>', 'deleted')
    .where('channel', '=', 'webhook')
    .offset(WEBHOOKS_MAX - 1)
    .limit(1)
    .executeTakeFirst()
  if (last) throw webhookErrors.too_many({ limit: WEBHOOKS_MAX })
}
