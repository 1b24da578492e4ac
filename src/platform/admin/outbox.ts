import { sql } from 'kysely'
import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import { type Page, pageOf, pageStart } from '#kit/pages'
import { adminErrors } from '#platform/admin/errors'
import type {
  AuditedEvent,
  ById,
  ListEvents,
  ListOutbox,
  OutboxEvent,
  OutboxEventDetail,
  RetriedEvent,
} from '#platform/admin/schemas'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { db } from '#platform/events'
import { outboxLifecycle } from '#platform/outbox-lifecycle'

// The very words of the partial index, so that the engines see that it serves.
const undelivered = sql<boolean>`status <> 'delivered'`

/** What is not delivered, newest first: waiting, being worked on, dead. */
export async function listOutbox(
  ctx: Context,
  query: Static<typeof ListOutbox>,
): Promise<Page<Static<typeof OutboxEvent>>> {
  const start = pageStart(query, 'outbox')
  let rows = db(ctx).selectFrom('events').where(undelivered)
  rows = query.status
    ? rows.where('status', '=', query.status)
    : rows.where('status', '!=', 'discarded')
  if (query.event_type) rows = rows.where('name', '=', query.event_type)
  const total = await countUpTo(ctx, rows)
  let page = rows
    .selectAll()
    .orderBy('id', 'desc')
    .limit(start.limit + 1)
  if (start.after) page = page.where('id', '<', start.after[0] as Id<'event'>)
  else page = page.offset(start.offset)
  const found = await page.execute()
  return pageOf({ start, sort: 'outbox', rows: found, key: ({ id }) => [id], item: printed, total })
}

/** One event with its payload and how far its delivery is. */
export async function getOutboxEvent(
  ctx: Context,
  { id }: Static<typeof ById>,
): Promise<Static<typeof OutboxEventDetail>> {
  const event = await findEvent(ctx, id)
  const done = await db(ctx)
    .selectFrom('event_reactions')
    .select('reaction')
    .where('event_id', '=', id)
    .orderBy('reaction')
    .execute()
  const reactions_done = done.map(({ reaction }) => reaction)
  return { ...printed(event), payload: event.payload, reactions_done }
}

/** Gives a dead letter, or one that waits for its next try, a full set of tries from now on. */
export async function retryOutboxEvent(
  ctx: Context,
  { id }: Static<typeof ById>,
): Promise<Static<typeof RetriedEvent>> {
  const event = await findEvent(ctx, id)
  const change = {
    status: outboxLifecycle.next(event.status, 'retry'),
    available_at: ctx.now,
    attempts: 0,
  }
  await db(ctx).updateTable('events').set(change).where('id', '=', id).execute()
  ctx.leaves.work = true
  return { ok: true, ...printed({ ...event, ...change }) }
}

/** Takes a dead letter off the list. The event itself stays in the audit trail. */
export async function discardOutboxEvent(
  ctx: Context,
  { id }: Static<typeof ById>,
): Promise<undefined> {
  const event = await findEvent(ctx, id)
  const status = outboxLifecycle.next(event.status, 'discard')
  await db(ctx).updateTable('events').set({ status }).where('id', '=', id).execute()
  return undefined
}

/** The audit trail, newest first: everything, or the history of one thing. */
export async function listEvents(
  ctx: Context,
  query: Static<typeof ListEvents>,
): Promise<Page<Static<typeof AuditedEvent>>> {
  const start = pageStart(query, 'events')
  let rows = db(ctx).selectFrom('events')
  if (query.aggregate_id) rows = rows.where('entity_id', '=', query.aggregate_id)
  const total = await countUpTo(ctx, rows)
  // The events of one thing are read by its index; their ids rise with their numbers.
  let page = query.aggregate_id
    ? rows.selectAll().orderBy('sequence', 'desc')
    : rows.selectAll().orderBy('id', 'desc')
  page = page.limit(start.limit + 1)
  const after = start.after?.[0]
  if (after === undefined) page = page.offset(start.offset)
  else if (query.aggregate_id) page = page.where('sequence', '<', Number(after))
  else page = page.where('id', '<', String(after) as Id<'event'>)
  const found = await page.execute()
  return pageOf({
    start,
    sort: 'events',
    rows: found,
    key: ({ id, sequence }) => [query.aggregate_id ? sequence : id],
    item: audited,
    total,
  })
}

async function findEvent(ctx: Context, id: Id<'event'>): Promise<EventRow> {
  const event = await db(ctx)
    .selectFrom('events')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (!event) throw adminErrors.event_not_found({ event_id: id })
  return event
}

type EventRow = Static<typeof db.tables.events>

const printed = (event: EventRow): Static<typeof OutboxEvent> => ({
  id: event.id,
  aggregate_type: event.entity_type,
  aggregate_id: event.entity_id,
  event_type: event.name,
  sequence: event.sequence,
  status: event.status,
  attempts: event.attempts,
  available_at: event.available_at,
  created_at: event.occurred_at,
  delivered_at: event.delivered_at,
  error_message: event.error,
})

const audited = (event: EventRow): Static<typeof AuditedEvent> => ({
  id: event.id,
  event_type: event.name,
  schema_version: event.schema_version,
  aggregate_type: event.entity_type,
  aggregate_id: event.entity_id,
  sequence: event.sequence,
  payload: event.payload,
  actor: event.actor,
  request_id: event.request_id,
  occurred_at: event.occurred_at,
})
