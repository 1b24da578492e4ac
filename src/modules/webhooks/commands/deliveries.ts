import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { insertDeliveries, newDelivery } from '../delivery-rows.ts'
import { findWebhook } from '../endpoints.ts'
import { testBody } from '../envelope.ts'
import { webhookErrors } from '../errors.ts'
import { deliveryLifecycle } from '../lifecycle.ts'
import { findDelivery, tellDelivery } from '../queries.ts'
import type { Delivery, GetDelivery, GetWebhook } from '../schemas.ts'
import { type DeliveryRow, db } from '../tables.ts'

/** Sends a `webhook.test`, to see whether an endpoint works. Throws `not_found`, `paused`. */
export async function sendTest(ctx: Context, { id }: GetWebhook): Promise<Delivery> {
  const webhook = await findWebhook(ctx, id)
  if (webhook.status === 'paused') throw webhookErrors.paused({ id })
  const own = ctx.newId('webhook_delivery')
  const row = newDelivery(ctx, {
    id: own,
    webhook_id: id,
    purpose: 'test',
    message_id: own,
    type: 'webhook.test',
    entity_type: 'webhook',
    // A test waits for nothing that failed before it.
    entity_id: own,
    sequence: 0,
    body: testBody({ id: own, webhook_id: id, now: ctx.now }),
  })
  await insertDeliveries(ctx, [row])
  return tellDelivery(row)
}

/**
 * Sends what was sent once more: the same message, as a delivery of its own. Throws
 * `delivery_not_found`, `not_found`, `paused`.
 */
export async function replayDelivery(ctx: Context, { id }: GetDelivery): Promise<Delivery> {
  const row = await findDelivery(ctx, id)
  const { status } = await findWebhook(ctx, row.webhook_id)
  if (status === 'paused') throw webhookErrors.paused({ id: row.webhook_id })
  const again = copyOf(ctx, row)
  await insertDeliveries(ctx, [again])
  await db(ctx)
    .updateTable('webhook_deliveries')
    .set({ replayed_at: ctx.now })
    .where('id', '=', id)
    .execute()
  return tellDelivery(again)
}

/** A delivery of the same message. */
export const copyOf = (ctx: Context, row: DeliveryRow): DeliveryRow =>
  newDelivery(ctx, {
    webhook_id: row.webhook_id,
    purpose: 'replay',
    message_id: row.message_id,
    type: row.type,
    entity_type: row.entity_type,
    entity_id: row.entity_id,
    sequence: row.sequence,
    body: row.body,
    replay_of: row.id,
  })

/**
 * Takes a delivery off that waits, so that what stands behind it goes on. Throws
 * `delivery_not_found`, a 409 if it is finished.
 */
export async function discardDelivery(ctx: Context, { id }: GetDelivery): Promise<undefined> {
  await lockEntity(ctx, 'webhook_delivery', id)
  const { status, webhook_id, entity_id } = await findDelivery(ctx, id)
  deliveryLifecycle.next(status, 'discard')
  await db(ctx)
    .updateTable('webhook_deliveries')
    .set({ status: 'discarded', finished_at: ctx.now })
    .where('id', '=', id)
    .where('status', 'in', ['pending', 'sending'])
    .execute()
  await db(ctx)
    .updateTable('webhook_deliveries')
    .set({ next_at: ctx.now })
    .where('webhook_id', '=', webhook_id)
    .where('entity_id', '=', entity_id)
    .where('status', '=', 'pending')
    .execute()
  ctx.leaves.work = true
}
