import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { passOverLocked } from '#platform/database/pass-over'
import { prepared, rawQuery } from '#platform/database/prepared'
import { eventsAfter, type LoggedEvent } from '#platform/event-log/read'
import { deliveryOf, insertDeliveries, isFull } from './delivery-rows.ts'
import { eventMatcher } from './matching.ts'
import { type DeliveryRow, db, type WebhookRow } from './tables.ts'

/** Events of one turn. */
const BATCH = 500

type Subscriber = Pick<WebhookRow, 'id' | 'events' | 'filters'> & {
  after_event_id: Id<'event'> | null
}

const SUBSCRIBERS = sql<Subscriber>`select w.id, w.events, w.filters, p.after_event_id
  from webhook_progress as p join webhooks as w on w.id = p.webhook_id
  where w.status = 'active' and w.channel = 'webhook' order by p.webhook_id`

const readSubscribers = prepared(db, (open, _: object) => rawQuery<Subscriber>(open, SUBSCRIBERS))

// Whoever holds the row of an endpoint decides for it; other processes take the others meanwhile.
const holdSubscribers = prepared(db, (open, _: object, engine) =>
  rawQuery<Subscriber>(open, sql<Subscriber>`${SUBSCRIBERS} ${passOverLocked(engine, 'p')}`),
)

/** Whether anybody has not been told of the newest event yet. */
export async function isBehind(ctx: Context): Promise<boolean> {
  const subscribers = await readSubscribers(ctx, {})
  for (const after of new Set(subscribers.map(({ after_event_id }) => after_event_id))) {
    if ((await eventsAfter(ctx, { after, limit: 1 })).length > 0) return true
  }
  return false
}

/**
 * Makes deliveries of the next events of the log: one for each event and endpoint that wants it, in
 * the transaction that moves the endpoint on, so that neither is done without the other. Answers
 * whether there may be more.
 */
export async function fanOut(ctx: Context): Promise<boolean> {
  const held = await holdSubscribers(ctx, {})
  const groups = Map.groupBy(held, ({ after_event_id }) => after_event_id)
  let more = false
  for (const [after, subscribers] of groups) {
    const events = await eventsAfter(ctx, { after, limit: BATCH })
    if (events.length === 0) continue
    const moved = await queueFor(ctx, subscribers, events)
    more ||= moved && events.length === BATCH
  }
  return more
}

async function queueFor(
  ctx: Context,
  subscribers: readonly Subscriber[],
  events: readonly LoggedEvent[],
): Promise<boolean> {
  const rows: DeliveryRow[] = []
  const moved: Id<'webhook'>[] = []
  for (const subscriber of subscribers) {
    if (await isFull(ctx, subscriber.id)) continue
    const wants = eventMatcher(subscriber)
    for (const event of events) {
      if (wants(event)) rows.push(deliveryOf(ctx, subscriber.id, { event, purpose: 'event' }))
    }
    moved.push(subscriber.id)
  }
  if (moved.length === 0) return false
  await insertDeliveries(ctx, rows)
  const last = (events.at(-1) as LoggedEvent).id
  await db(ctx)
    .updateTable('webhook_progress')
    .set({ after_event_id: last })
    .where('webhook_id', 'in', moved)
    .execute()
  return true
}
