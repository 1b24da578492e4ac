import { type Page, pageErrors, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { db as events } from '#platform/events'
import type { AskHistory, HistoryEntry } from './edit-schemas.ts'
import { findOrder } from './find.ts'

/** What happened to an order, newest first: its events, which are written with every change. */
export async function orderHistory(ctx: Context, query: AskHistory): Promise<Page<HistoryEntry>> {
  const order = await findOrder(ctx, query.id)
  const start = pageStart(query, '-sequence')
  const own = events(ctx)
    .selectFrom('events')
    .where('entity_id', '=', order.id)
    .where('entity_type', '=', 'order')
  const page = own
    .select(['id', 'sequence', 'name', 'occurred_at', 'actor', 'payload'])
    .orderBy('sequence', 'desc')
    .limit(start.limit + 1)
  const rows = await (start.after
    ? page.where('sequence', '<', sequenceIn(start.after[0]))
    : page.offset(start.offset)
  ).execute()
  const { own_only } = ctx.actor
  return pageOf({
    start,
    sort: '-sequence',
    rows,
    key: ({ sequence }) => [sequence],
    item: ({ id, sequence, name, occurred_at, actor, payload }) => ({
      id,
      sequence,
      event: name,
      occurred_at,
      actor: own_only ? null : actor,
      details: payload,
    }),
    total: await countUpTo(ctx, own),
  })
}

function sequenceIn(after: string | number | null | undefined): number {
  if (typeof after === 'number') return after
  throw pageErrors.bad_cursor()
}
