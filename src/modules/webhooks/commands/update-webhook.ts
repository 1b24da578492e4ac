import { instantIn } from '#platform/back-off'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { checkUrl } from '../addresses.ts'
import { changeWebhook, findWebhook } from '../endpoints.ts'
import { webhookErrors } from '../errors.ts'
import { webhookEvents } from '../events.ts'
import { getWebhook } from '../queries.ts'
import type { NewWebhook, RotateSecret, UpdateWebhook, Webhook } from '../schemas.ts'
import { newSecret, sealSecret } from '../secrets.ts'
import type { WebhookRow } from '../tables.ts'
import { checkEvents, checkSecret } from './create-webhook.ts'

/**
 * Changes where a webhook goes and what it gets from now on; what waits goes there too. Throws
 * `not_found`, `of_protocol`, `url_refused`, `event_unknown`.
 */
export async function updateWebhook(
  ctx: Context,
  { id, url, ...change }: UpdateWebhook,
): Promise<Webhook> {
  const row = await holdOwn(ctx, id)
  requireVersion(ctx, row.version)
  const changes: Partial<WebhookRow> = { ...change }
  if (url !== undefined) changes.url = checkUrl(url, ctx.settings)
  if (change.events) checkEvents(ctx, change.events)
  const after = await changeWebhook(ctx, row, changes)
  emit(ctx, webhookEvents.changed({ webhook_id: id, url: after.url }))
  return getWebhook(ctx, { id })
}

const HOUR_MS = 60 * 60_000

/**
 * Gives a webhook another secret. The one of now signs beside it for a while, so that the receiver
 * can change over without missing anything. Throws `not_found`, `of_protocol`.
 */
export async function rotateSecret(
  ctx: Context,
  { id, secret = newSecret(), keep_previous_hours = 24 }: RotateSecret,
): Promise<NewWebhook> {
  checkSecret(secret)
  const row = await holdOwn(ctx, id)
  requireVersion(ctx, row.version)
  const keeps = keep_previous_hours > 0
  const until = instantIn(() => new Date(ctx.now), keep_previous_hours * HOUR_MS)
  await changeWebhook(ctx, row, {
    secret: sealSecret(secret, ctx.settings),
    previous_secret: keeps ? row.secret : null,
    previous_valid_until: keeps ? until : null,
  })
  emit(ctx, webhookEvents.secret_rotated({ webhook_id: id }))
  return { ...(await getWebhook(ctx, { id })), secret }
}

async function holdOwn(ctx: Context, id: WebhookRow['id']): Promise<WebhookRow> {
  await lockEntity(ctx, 'webhook', id)
  const row = await findWebhook(ctx, id)
  if (row.channel !== 'webhook') throw webhookErrors.of_protocol({ id })
  return row
}
