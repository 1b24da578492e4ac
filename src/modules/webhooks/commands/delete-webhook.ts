import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { emit } from '#platform/events'
import { findWebhook } from '../endpoints.ts'
import { webhookEvents } from '../events.ts'
import type { GetWebhook } from '../schemas.ts'
import { db } from '../tables.ts'

/**
 * Takes an endpoint away: nothing more is sent, its secret is forgotten, its log stays readable.
 * Throws `not_found`.
 */
export async function deleteWebhook(ctx: Context, { id }: GetWebhook): Promise<undefined> {
  await lockEntity(ctx, 'webhook', id)
  const { url, version } = await findWebhook(ctx, id)
  await db(ctx)
    .updateTable('webhooks')
    .set({ status: 'deleted', pause_reason: null, secret: '', previous_secret: null })
    .set({ protocol_key: null, version: version + 1, updated_at: ctx.now })
    .where('id', '=', id)
    .execute()
  await discardWaiting(ctx, id)
  await db(ctx)
    .updateTable('webhook_replays')
    .set({ status: 'stopped', finished_at: ctx.now })
    .where('webhook_id', '=', id)
    .where('status', '=', 'running')
    .execute()
  emit(ctx, webhookEvents.deleted({ webhook_id: id, url }))
}

/** Takes everything off that waits for an endpoint; what is on its way arrives. */
export async function discardWaiting(ctx: Context, webhook_id: Id<'webhook'>): Promise<void> {
  await db(ctx)
    .updateTable('webhook_deliveries')
    .set({ status: 'discarded', finished_at: ctx.now })
    .where('webhook_id', '=', webhook_id)
    .where('status', 'in', ['pending', 'sending'])
    .execute()
}
