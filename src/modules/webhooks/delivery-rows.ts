import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { insertEach } from '#platform/database/each-row'
import type { LoggedEvent } from '#platform/event-log/read'
import { type DeliveryRow, db } from './tables.ts'

const insertOnce = insertEach<DeliveryRow, unknown>(
  db as never,
  db.kinds('webhook_deliveries') as never,
  {
    table: 'webhook_deliveries',
    values: (row) => row,
    onConflict: sql`on conflict do nothing`,
  },
)

/** Queues deliveries; an event that is queued for its endpoint already is left out. */
export async function insertDeliveries(
  ctx: Context,
  rows: readonly DeliveryRow[],
): Promise<number> {
  if (rows.length === 0) return 0
  const { affected } = await insertOnce.run(ctx, { rows })
  if (affected > 0) ctx.leaves.work = true
  return affected
}

type Given = Pick<
  DeliveryRow,
  'webhook_id' | 'purpose' | 'message_id' | 'type' | 'entity_type' | 'entity_id' | 'sequence'
> &
  Partial<DeliveryRow>

/** A delivery that is due at once. */
export const newDelivery = (ctx: Context, given: Given): DeliveryRow => ({
  id: ctx.newId('webhook_delivery'),
  body: null,
  status: 'pending',
  attempts: 0,
  next_at: ctx.now,
  response_status: null,
  error: null,
  replay_of: null,
  replayed_at: null,
  created_at: ctx.now,
  finished_at: null,
  ...given,
})

/** An event for an endpoint. */
export const deliveryOf = (
  ctx: Context,
  webhook_id: Id<'webhook'>,
  { event, purpose }: { event: LoggedEvent; purpose: 'event' | 'replay' },
): DeliveryRow =>
  newDelivery(ctx, {
    webhook_id,
    purpose,
    message_id: event.id,
    type: event.name,
    entity_type: event.entity_type,
    entity_id: event.entity_id,
    sequence: event.sequence,
  })

/** So many may wait for one endpoint; what happens beyond waits in the log of events. */
export const WAITING_MAX = 10_000

/** Whether an endpoint has as much waiting as it may. */
export async function isFull(ctx: Context, webhook_id: Id<'webhook'>): Promise<boolean> {
  const nth = await db(ctx)
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('webhook_id', '=', webhook_id)
    .where('status', 'in', ['pending', 'sending'])
    .offset(WAITING_MAX - 1)
    .limit(1)
    .executeTakeFirst()
  return nth !== undefined
}
