import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { lastEvent } from '#platform/event-log/read'
import { emit } from '#platform/events'
import { findWebhook } from '../endpoints.ts'
import { webhookEvents } from '../events.ts'
import { webhookEndpointLifecycle } from '../lifecycle.ts'
import { getWebhook } from '../queries.ts'
import type { GetWebhook, ResumeWebhook, Webhook } from '../schemas.ts'
import { db, type WebhookRow } from '../tables.ts'
import { discardWaiting } from './delete-webhook.ts'

/** Pauses an endpoint, if it is active still: nothing more of what waits is tried. */
export async function pauseWebhook(
  ctx: Context,
  id: Id<'webhook'>,
  reason: NonNullable<WebhookRow['pause_reason']>,
): Promise<void> {
  const paused = await db(ctx)
    .updateTable('webhooks')
    .set((eb) => ({
      status: 'paused' as const,
      pause_reason: reason,
      paused_at: ctx.now,
      updated_at: ctx.now,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', id)
    .where('status', '=', 'active')
    .returning('url')
    .executeTakeFirst()
  if (paused) emit(ctx, webhookEvents.paused({ webhook_id: id, url: paused.url, reason }))
}

/** Pauses by hand. Throws `not_found`, a 409 if it is paused. */
export async function pauseByHand(ctx: Context, { id }: GetWebhook): Promise<Webhook> {
  await lockEntity(ctx, 'webhook', id)
  const { status } = await findWebhook(ctx, id)
  webhookEndpointLifecycle.next(status, 'pause')
  await pauseWebhook(ctx, id, 'manual')
  return getWebhook(ctx, { id })
}

/**
 * Goes on where it stopped: everything that waited is due at once, and what happened meanwhile
 * follows. With `skip` all that is left out.
 */
export async function resumeWebhook(
  ctx: Context,
  { id, skip = false }: ResumeWebhook,
): Promise<Webhook> {
  await lockEntity(ctx, 'webhook', id)
  const { status, url, version } = await findWebhook(ctx, id)
  webhookEndpointLifecycle.next(status, 'resume')
  await db(ctx)
    .updateTable('webhooks')
    .set({ status: 'active', pause_reason: null, paused_at: null, updated_at: ctx.now })
    .set({ version: version + 1 })
    .where('id', '=', id)
    .execute()
  const progress = db(ctx).updateTable('webhook_progress').where('webhook_id', '=', id)
  await progress.set({ failures: 0, failing_since: null }).execute()
  if (skip) {
    await discardWaiting(ctx, id)
    await progress.set({ after_event_id: await lastEvent(ctx) }).execute()
  } else {
    await db(ctx)
      .updateTable('webhook_deliveries')
      .set({ next_at: ctx.now })
      .where('webhook_id', '=', id)
      .where('status', '=', 'pending')
      .execute()
  }
  emit(ctx, webhookEvents.resumed({ webhook_id: id, url }))
  ctx.leaves.work = true
  return getWebhook(ctx, { id })
}
