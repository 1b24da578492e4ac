import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { eventsAfter, isLogged, type LoggedEvent, lastEvent } from '#platform/event-log/read'
import { webhookErrors } from '../errors.ts'
import { nameMatcher } from '../matching.ts'
import type { ListLog, Log, StreamedEvent } from '../schemas.ts'

const PAGE = 200

type Wanted = Pick<ListLog, 'events' | 'entity_type' | 'entity_id'>

/** A test whether somebody who follows wants an event. */
export function followMatcher({ events, entity_type, entity_id }: Wanted) {
  const named = events === undefined ? () => true : nameMatcher(events.split(/\s*,\s*/))
  return (event: LoggedEvent): boolean =>
    named(event.name) &&
    (entity_type === undefined || event.entity_type === entity_type) &&
    (entity_id === undefined || event.entity_id === entity_id)
}

/** An event as it is streamed. */
export const tellEvent = (event: LoggedEvent): StreamedEvent => ({
  id: event.id,
  type: event.name,
  version: event.schema_version,
  timestamp: event.occurred_at,
  entity: { type: event.entity_type, id: event.entity_id, sequence: event.sequence },
  data: event.payload,
})

/** Where to go on from: an event of the log, or its end. Throws `event_not_found`. */
export async function startOf(
  ctx: Context,
  after: string | undefined,
): Promise<Id<'event'> | null> {
  if (after === undefined) return lastEvent(ctx)
  if (!(await isLogged(ctx, after))) throw webhookErrors.event_not_found({ id: after })
  return after as Id<'event'>
}

/**
 * Events in the order of their commits, for whoever would rather ask than listen. Throws
 * `event_not_found`.
 */
export async function listLog(ctx: Context, { after, ...wanted }: ListLog): Promise<Log> {
  const start = await startOf(ctx, after)
  if (after === undefined) return { items: [], last_id: start, more: false }
  const events = await eventsAfter(ctx, { after: start, limit: PAGE })
  return {
    items: events.filter(followMatcher(wanted)).map(tellEvent),
    last_id: events.at(-1)?.id ?? start,
    more: events.length === PAGE,
  }
}
