import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { eachRow, type Row } from '#platform/database/each-row'
import { sharingRows } from '#platform/database/locks'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { type BinRow, db, type LotRow, type SerialRow, type TrackingRow } from '../tables.ts'
import type { Spot } from './shelves.ts'

type Ids = { ids: readonly string[] }

// The lock on the table that comes with `held` lets a change of these rules wait for whoever has
// decided by the old ones; see `setTracking`. A query may not lock, and does not decide.
const trackingOf = (held: boolean) =>
  prepared(db, (open, p: Ids, engine) => {
    const ids = isOneOf(engine, 't.item_id', { values: p.ids, kind: 'uuid' })
    const lock = held ? sharingRows(engine, 't') : sql``
    return rawQuery(open, sql<TrackingRow>`select t.* from item_tracking as t where ${ids} ${lock}`)
  })
const binnedOf = (held: boolean) =>
  prepared(db, (open, p: Ids, engine) => {
    const ids = isOneOf(engine, 'b.location_id', { values: p.ids, kind: 'uuid' })
    const lock = held ? sharingRows(engine, 'b') : sql``
    return rawQuery(
      open,
      sql<{ location_id: Id<'location'> }>`select b.location_id from binned_locations as b
        where ${ids} ${lock}`,
    )
  })
const looked = { tracking: trackingOf(false), binned: binnedOf(false) }
const held = { tracking: trackingOf(true), binned: binnedOf(true) }

type At = readonly { item_id: Id<'item'>; location_id: Id<'location'> }[]

/** Which of these items and locations are kept in detail: two statements. */
export const detailOf = (ctx: Context, at: At) => readDetail(ctx, at, looked)

/** The same, for who writes by it: until the commit nobody changes how they are kept. */
export const holdDetail = (ctx: Context, at: At) => readDetail(ctx, at, held)

async function readDetail(ctx: Context, at: At, { tracking, binned }: typeof looked) {
  const items = [...new Set(at.map(({ item_id }) => item_id))]
  const locations = [...new Set(at.map(({ location_id }) => location_id))]
  const [tracked, kept] = await Promise.all([
    tracking(ctx, { ids: items }),
    binned(ctx, { ids: locations }),
  ])
  return {
    tracking: new Map(tracked.map((row) => [row.item_id, row])),
    binned: new Set(kept.map(({ location_id }) => location_id)),
  }
}
export type Detail = Awaited<ReturnType<typeof readDetail>>

type Shelf = { item_id: string; location_id: string }
const AT = { item_id: 'uuid', location_id: 'uuid' } as const

const SPOT = sql`l.item_id, l.location_id, l.state, l.bin_id, l.lot_id, l.quantity,
  o.expires_on, o.blocked_at, b.type as bin_type, b.pick_sequence, b.code as bin_code`
const JOINS = sql`left join lots as o on o.id = l.lot_id left join bins as b on b.id = l.bin_id`

/** What lies where of these items at these locations, empty places left out. */
export const spotsAt = eachRow(db, AT, (at: Row<Shelf>, from) => {
  const isThere = sql`l.item_id = ${at.item_id} and l.location_id = ${at.location_id}
    and l.quantity > 0`
  if (from) {
    return sql<Spot>`select ${SPOT} from ${from} as r join lot_levels as l on ${isThere} ${JOINS}`
  }
  return sql<Spot>`select ${SPOT} from lot_levels as l ${JOINS} where ${isThere}`
})

const lotsById = prepared(db, (open, p: Ids, engine) =>
  open
    .selectFrom('lots')
    .selectAll()
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' })),
)
const binsById = prepared(db, (open, p: Ids, engine) =>
  open
    .selectFrom('bins')
    .selectAll()
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' }))
    .where('archived_at', 'is', null),
)
const homesOf = prepared(db, (open, p: Ids, engine) =>
  open
    .selectFrom('bins')
    .selectAll()
    .where(isOneOf(engine, 'location_id', { values: p.ids, kind: 'uuid' }))
    .where('type', 'in', ['receiving', 'returns', 'quarantine', 'damaged', 'expired'])
    .where('archived_at', 'is', null)
    .orderBy('location_id')
    .orderBy('pick_sequence')
    .orderBy('code'),
)

const none = Promise.resolve([])

/** The lots of these ids. */
export async function lotsOf(ctx: Context, ids: readonly Id<'lot'>[]) {
  const rows: LotRow[] = await (ids.length > 0 ? lotsById(ctx, { ids: [...new Set(ids)] }) : none)
  return new Map(rows.map((row) => [row.id, row]))
}

/** The live bins of these ids. */
export async function binsOf(ctx: Context, ids: readonly Id<'bin'>[]) {
  const rows: BinRow[] = await (ids.length > 0 ? binsById(ctx, { ids: [...new Set(ids)] }) : none)
  return new Map(rows.map((row) => [row.id, row]))
}

/** The first bin of each type in which units land by themselves, by `location type`. */
export async function landingBins(ctx: Context, locations: readonly Id<'location'>[]) {
  const rows = await (locations.length > 0 ? homesOf(ctx, { ids: locations }) : none)
  const homes = new Map<string, Id<'bin'>>()
  for (const { id, location_id, type } of rows) {
    const key = `${location_id} ${type}`
    if (!homes.has(key)) homes.set(key, id)
  }
  return homes
}

type Named = { item_id: string; serial_key: string }

/** The serial numbers of these names, by `item key`. */
export const serialsByKey = eachRow(
  db,
  { item_id: 'uuid', serial_key: 'text' },
  (named: Row<Named>, from) => {
    const isIt = sql`s.item_id = ${named.item_id} and s.serial_key = ${named.serial_key}`
    return from
      ? sql<SerialRow>`select s.* from ${from} as r join serials as s on ${isIt}`
      : sql<SerialRow>`select s.* from serials as s where ${isIt}`
  },
)

/** A serial number that may be picked, with what its lot says. */
export type Candidate = SerialRow & { last_day: string; held_at: string | null }

export type Candidates = {
  item_id: string
  location_id: string
  state: string
  /** Neither blocked nor expired before this day; anything where it is empty. */
  good_on: string
  /** Of this lot or in this bin alone, where they are named. */
  lot_id: string | null
  bin_id: string | null
  /** 1 for those that stand in no bin alone, else 0. */
  no_bin: number
  quantity: number
}

/** The serial numbers of a shelf that would be picked first. */
export const serialsToPick = eachRow(
  db,
  {
    item_id: 'uuid',
    location_id: 'uuid',
    state: 'text',
    good_on: 'text',
    lot_id: 'uuid',
    bin_id: 'uuid',
    no_bin: 'bigint',
    quantity: 'bigint',
  },
  (r: Row<Candidates>, from) => {
    const some = sql`select s.*, coalesce(o.expires_on, '9999-12-31') as last_day,
        coalesce(s.blocked_at, o.blocked_at) as held_at
      from serials as s left join lots as o on o.id = s.lot_id
      where s.item_id = ${r.item_id} and s.location_id = ${r.location_id}
        and s.state = ${r.state} and s.status = 'in_stock'
        and (${r.good_on} = '' or (s.blocked_at is null and o.blocked_at is null
          and coalesce(o.expires_on, '9999-12-31') >= ${r.good_on}))
        and (${r.lot_id} is null or s.lot_id = ${r.lot_id})
        and (${r.bin_id} is null or s.bin_id = ${r.bin_id})
        and (${r.no_bin} = 0 or s.bin_id is null)
      order by last_day, s.received_at, s.serial_key limit ${r.quantity}`
    if (!from) return sql<Candidate>`${some}`
    return sql<Candidate>`select p.* from ${from} as r cross join lateral (${some}) as p`
  },
)
