import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import {
  committedAfter,
  inCommitOrder,
  isFromElsewhere,
  isSettled,
  placeInCommitOrder,
} from '#platform/database/commit-order'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf, rowset } from '#platform/database/rowset'
import { db } from '#platform/events'

/** An event as the log keeps it. */
export type LoggedEvent = {
  id: Id<'event'>
  name: string
  schema_version: number
  entity_type: string
  entity_id: string
  sequence: number
  payload: Record<string, unknown>
  actor: string
  request_id: string
  occurred_at: string
}

const COLUMNS = sql`e.id, e.name, e.schema_version, e.entity_type, e.entity_id, e.sequence,
  e.payload, e.actor, e.request_id, e.occurred_at`

const readAfter = prepared(db, (open, p: { after: string | null; limit: number }, engine) =>
  rawQuery<LoggedEvent>(
    open,
    sql`select ${COLUMNS} from events as e where ${committedAfter(engine, uuid(engine, p.after))}
      order by ${inCommitOrder(engine, 'asc')} limit ${p.limit}`,
  ),
)

/** A stretch of the log: what is wanted of it, and its last event, wanted or not. */
export type LogPage = { wanted: LoggedEvent[]; last: Id<'event'> | null; isFull: boolean }

/** Events of one look, wanted or not: few, because on SQLite commands wait while they are taken. */
const PAGE = 400

type Page = { after: string | null; names: readonly string[] }

// The last one comes along whatever its name, because it says how far the log was read. The page
// itself is narrow: payloads are read only of what is wanted. Its size stands in the text, where
// the planners see it, and the cross join has SQLite begin with the page, not with the log.
// Numbering the rows where they are read would have the whole rest of the log numbered for each
// page.
const readPage = prepared(db, (open, p: Page, engine) => {
  const order = (direction: 'asc' | 'desc') => inCommitOrder(engine, direction)
  return rawQuery<LoggedEvent & { looked: number }>(
    open,
    sql`with page as materialized (
        select e.id, e.name, ${placeInCommitOrder(engine)} from events as e
        where ${committedAfter(engine, uuid(engine, p.after))} order by ${order('asc')}
        limit ${sql.lit(PAGE)})
      select ${COLUMNS}, (select count(*) from page) as looked
      from page as p cross join events as e
      where e.id = p.id and (p.id = (select e.id from page as e order by ${order('desc')} limit 1)
        or ${isOneOf(engine, 'p.name', { values: p.names, kind: 'text' })})
      order by ${order('asc')}`,
  )
})

/**
 * The events of these names in the next page of the log behind `after`, in the order of their
 * commits. What has another name is passed over by the database.
 */
export async function pageOfLog(ctx: Context, page: Page): Promise<LogPage> {
  const rows = await readPage(ctx, page)
  const names = new Set(page.names)
  const last = rows.at(-1)
  return {
    wanted: rows.filter(({ name }) => names.has(name)),
    last: last?.id ?? null,
    isFull: Number(last?.looked ?? 0) === PAGE,
  }
}

const readEarlier = prepared(db, (open, p: { entity_id: string; name: string; sequence: number }) =>
  open
    .selectFrom('events')
    .select('id')
    .where('entity_id', '=', p.entity_id)
    .where('sequence', '<', p.sequence)
    .where('name', '=', p.name)
    .limit(sql.lit(1)),
)

/** Whether `name` happened to the entity of an event before it. */
export const happenedBefore = async (
  ctx: Context,
  { entity_id, sequence }: Pick<LoggedEvent, 'entity_id' | 'sequence'>,
  name: string,
): Promise<boolean> => (await readEarlier(ctx, { entity_id, sequence, name })).length > 0

const readLast = prepared(db, (open, _: object, engine) =>
  rawQuery<{ id: Id<'event'> }>(
    open,
    sql`select e.id from events as e where ${isSettled(engine)}
      order by ${inCommitOrder(engine, 'desc')} limit 1`,
  ),
)

const readHeld = prepared(db, (open, _: object, engine) =>
  rawQuery<{ id: string }>(
    open,
    sql`select e.id from events as e where not (${isSettled(engine)}) limit 1`,
  ),
)

const settleForeign = prepared(db, (open, _: object, engine) =>
  rawQuery(
    open,
    sql`update events set written_in = 0 where id in (
      select e.id from events as e where ${isFromElsewhere(engine)} limit 5000)`,
  ),
)

// A parameter that stands in two places needs its type said.
const uuid = (engine: string, id: string | null) =>
  engine === 'postgres' ? sql`${id}::uuid` : sql`${id}`

/**
 * The next events behind `after` (null: from the first) in the order of their commits, at most
 * `limit`. None is ever committed before one that was read.
 */
export const eventsAfter = (
  ctx: Context,
  { after, limit }: { after: Id<'event'> | null; limit: number },
): Promise<LoggedEvent[]> => readAfter(ctx, { after, limit })

/** The last event of the log; null where there is none. */
export const lastEvent = async (ctx: Context): Promise<Id<'event'> | null> =>
  (await readLast.first(ctx, {}))?.id ?? null

/** Whether events are committed that must wait for a transaction which began before them. */
export const isHeldBack = async (ctx: Context): Promise<boolean> =>
  ctx.session.engine === 'postgres' && (await readHeld(ctx, {})).length > 0

/**
 * After a database was copied into another cluster: its events count as older than all that this
 * cluster writes. Answers how many rows it changed; call until it answers 0.
 */
export const settleCopied = async (ctx: Context): Promise<number> =>
  ctx.session.engine === 'postgres' ? (await settleForeign.run(ctx, {})).affected : 0

/** These events, in no order; those that are not there are left out. */
export const eventsByIds = (ctx: Context, ids: readonly string[]): Promise<LoggedEvent[]> =>
  readByIds(ctx, { ids: [...new Set(ids)].map((id) => ({ id })) })

const readByIds = prepared(db, (open, p: { ids: readonly { id: string }[] }, engine) =>
  rawQuery<LoggedEvent>(
    open,
    sql`select ${COLUMNS} from ${rowset<{ id: string }>(engine, p.ids, { id: 'uuid' })} as r
      join events as e on e.id = r.id`,
  ),
)

/** Whether the log has this event. */
export const isLogged = async (ctx: Context, id: string): Promise<boolean> =>
  (await eventsByIds(ctx, [id])).length > 0

const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/** The least id of this instant: ids begin with their milliseconds. */
function idAt(instant: string): string {
  const hex = Date.parse(instant).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}${FIRST_ID.slice(13)}`
}

type Range = { from: string; to: string }

/** How far an id may be from the instant of its event, if a clock was set back. */
const LEEWAY_MS = 60 * 60_000

const idBefore = (instant: string): string =>
  idAt(new Date(Math.max(0, Date.parse(instant) - LEEWAY_MS)).toISOString())
const idBehind = (instant: string): string =>
  idAt(new Date(Date.parse(instant) + LEEWAY_MS).toISOString())

/**
 * Events of a time and a little more on both sides, in the order of their ids, which is nearly that
 * of their instants: whoever asks looks at `occurred_at`.
 */
export async function eventsWithin(
  ctx: Context,
  { from, to, after, limit }: Range & { after: string | null; limit: number },
): Promise<LoggedEvent[]> {
  const first = idBefore(from)
  const start = after !== null && after > first ? after : first
  return readRange(ctx, { start, end: idBehind(to), limit })
}

const readRange = prepared(db, (open, p: { start: string; end: string; limit: number }) =>
  rawQuery<LoggedEvent>(
    open,
    sql`select ${COLUMNS} from events as e where e.id > ${p.start} and e.id < ${p.end}
      order by e.id limit ${p.limit}`,
  ),
)

/** How many events a time has. */
export async function countEvents(ctx: Context, { from, to }: Range): Promise<number> {
  const { total } = await db(ctx)
    .selectFrom('events')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where('id', '>', idBefore(from) as never)
    .where('id', '<', idBehind(to) as never)
    .where('occurred_at', '>=', from)
    .where('occurred_at', '<', to)
    .executeTakeFirstOrThrow()
  return Number(total)
}
