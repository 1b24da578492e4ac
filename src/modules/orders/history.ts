import type { Id } from '#kit/ids'
import { type Page, pageErrors, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { type DomainEvent, emit, db as events } from '#platform/events'
import { insertRows } from '#platform/tables'
import { db as changeSets } from './changes/tables.ts'
import { db } from './desk/tables.ts'
import type { AskHistory, HistoryEntry } from './edit-schemas.ts'
import { findOrder } from './find.ts'

/** What members were and became; null where there was, or is, nothing. */
export type Changes = Record<string, { before: unknown; after: unknown }>

const insertChanges = insertRows(db, 'order_changes')

/**
 * States an event of an order and keeps, beside it, what members were and became. For what may not
 * stand in an event, which goes out to listeners and is kept for ever: addresses, notes and the
 * like can be erased here. What an event says itself (`old_status`, `new_status`) need not be told.
 */
export async function emitChange(
  ctx: Context,
  event: DomainEvent,
  changes: Changes,
): Promise<void> {
  emit(ctx, event)
  const event_id = ctx.emitted.at(-1)?.id as Id<'event'>
  await insertChanges(ctx, { rows: [{ event_id, order_id: event.entity.id as never, changes }] })
}

const changesOf = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('order_changes')
    .select(['event_id', 'changes'])
    .where('event_id', 'in', listOf(engine, p.ids, 'uuid')),
)

const stepsOf = prepared(changeSets, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('order_change_actions')
    .select(['order_change_id', 'before', 'after'])
    .where('order_change_id', 'in', listOf(engine, p.ids, 'uuid'))
    .orderBy('order_change_id')
    .orderBy('position'),
)

/** What the desk does among staff; buyers are not told. */
const FOR_STAFF = [
  'order.held',
  'order.released',
  'order.archived',
  'order.unarchived',
  'order.tags_changed',
  'order.attributes_changed',
  'order.note_added',
  'order.note_removed',
  'order.attachment_added',
  'order.attachment_removed',
]

/**
 * What happened to an order, newest first: its events, which are written with every change, each
 * with what it changed. A buyer is told neither who did it nor what staff does among itself.
 */
export async function orderHistory(ctx: Context, query: AskHistory): Promise<Page<HistoryEntry>> {
  const order = await findOrder(ctx, query.id)
  const { own_only } = ctx.actor
  const start = pageStart(query, '-sequence')
  let own = events(ctx)
    .selectFrom('events')
    .where('entity_id', '=', order.id)
    .where('entity_type', '=', 'order')
  if (own_only) own = own.where('name', 'not in', FOR_STAFF)
  const page = own
    .select(['id', 'sequence', 'name', 'occurred_at', 'actor', 'payload'])
    .orderBy('sequence', 'desc')
    .limit(start.limit + 1)
  const rows = await (start.after
    ? page.where('sequence', '<', sequenceIn(start.after[0]))
    : page.offset(start.offset)
  ).execute()
  const kept = await changesOf(ctx, { ids: rows.map(({ id }) => id) })
  const changes = new Map(kept.map((row) => [row.event_id, row.changes]))
  const sets = await changesOfSets(
    ctx,
    rows.flatMap(({ payload }) => setIn(payload as Payload) ?? []),
  )
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
      changes: {
        ...told(name, payload as Payload),
        ...sets.get(setIn(payload as Payload) ?? ''),
        ...changes.get(id),
      },
      details: payload,
    }),
    total: await countUpTo(ctx, own),
  })
}

function sequenceIn(after: string | number | null | undefined): number {
  if (typeof after === 'number') return after
  throw pageErrors.bad_cursor()
}

type Payload = Record<string, unknown>

/** The change of lines, money or facts that an event tells of, if it is one. */
const setIn = ({ order_change_id: id }: Payload): string | undefined =>
  typeof id === 'string' ? id : undefined

/**
 * What changes of orders came to: of each member, what it was before the first step, and at last.
 */
async function changesOfSets(ctx: Context, ids: readonly string[]): Promise<Map<string, Changes>> {
  const found = new Map<string, Changes>()
  if (ids.length === 0) return found
  for (const { order_change_id, before, after } of await stepsOf(ctx, { ids })) {
    const changes = found.get(order_change_id) ?? {}
    const [from, to] = [leavesOf(before), leavesOf(after)]
    for (const member of new Set([...from.keys(), ...to.keys()])) {
      const first = changes[member]?.before ?? from.get(member) ?? null
      changes[member] = { before: first, after: to.get(member) ?? null }
    }
    found.set(order_change_id, changes)
  }
  return found
}

/**
 * The members of a difference by their paths: `lines.<id>.quantity`; facts of the order by name.
 */
function leavesOf(value: unknown, path: readonly string[] = []): Map<string, unknown> {
  const isOpen = value !== null && typeof value === 'object' && !Array.isArray(value)
  const isFact = path[0] === 'details' && path.length === 2
  if (!isOpen || isFact) {
    const name = isFact ? path.slice(1) : path
    return new Map(name.length === 0 ? [] : [[name.join('.'), value]])
  }
  return new Map(
    Object.entries(value).flatMap(([name, inner]) => [...leavesOf(inner, [...path, name])]),
  )
}

/**
 * What an event says itself of what changed: `old_status` and `new_status` are the member `status`.
 */
function told(name: string, payload: Payload): Changes {
  const pairs = Object.entries(payload).flatMap(([member, after]) => {
    const [, plain] = /^new_(.+)$/.exec(member) ?? []
    if (plain === undefined || !(`old_${plain}` in payload)) return []
    const [, field = ''] = /^order\.(.+)_status_changed$/.exec(name) ?? []
    const called = plain === 'status' && field ? `${field}_status` : plain
    return [[called, { before: payload[`old_${plain}`], after }] as const]
  })
  return { ...Object.fromEntries(pairs), ...BY_NAME[name]?.(payload) }
}

const flag = (member: string, before: boolean) => (): Changes => ({
  [member]: { before, after: !before },
})

const BY_NAME: Record<string, (payload: Payload) => Changes> = {
  'order.item_added': ({ sku, quantity }) => ({
    [`items.${sku}.quantity`]: { before: 0, after: quantity },
  }),
  'order.item_changed': ({ sku, quantity, old_quantity }) => ({
    [`items.${sku}.quantity`]: { before: old_quantity, after: quantity },
  }),
  'order.archived': flag('is_archived', false),
  'order.unarchived': flag('is_archived', true),
  'order.deleted': flag('is_deleted', false),
  'order.held': ({ code }) => ({ [`holds.${code}`]: { before: null, after: 'open' } }),
  'order.released': ({ code }) => ({ [`holds.${code}`]: { before: 'open', after: null } }),
}
