import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { eachRow, type Row } from '#platform/database/each-row'
import { lockingRows } from '#platform/database/locks'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { db } from './tables.ts'

// What lies where, by the thousand, for modules that keep more of it than how many units there are.

/** Units of an item at a location in one state; none without units. */
export type StateUnits = {
  item_id: Id<'item'>
  location_id: Id<'location'>
  state: string
  quantity: number
}

const unitsOfItems = prepared(db, (open, p: { items: readonly string[] }, engine) => {
  const own = (alias: string) =>
    isOneOf(engine, `${alias}.item_id`, { values: p.items, kind: 'uuid' })
  return rawQuery(
    open,
    sql<StateUnits>`
      select l.item_id, l.location_id, 'sellable' as state, l.on_hand as quantity
      from stock_levels as l where ${own('l')} and l.on_hand > 0
      union all
      select s.item_id, s.location_id, s.state, s.quantity
      from stock_states as s where ${own('s')} and s.quantity > 0`,
  )
})

/** Units of these items at every location, by state: one statement. */
export const unitsByState = (ctx: Context, items: readonly Id<'item'>[]): Promise<StateUnits[]> =>
  items.length > 0 ? unitsOfItems(ctx, { items }) : Promise.resolve([])

/** A shelf of a location, with what stands on it for sale. */
export type Shelf = {
  item_id: Id<'item'>
  sku: string
  on_hand: number
  reserved: number
}

const shelvesOf = prepared(db, (open, p: { location_id: string; after: string; limit: number }) =>
  rawQuery(
    open,
    sql<Shelf>`select l.item_id, i.sku, l.on_hand, l.reserved
        from stock_levels as l join inventory_items as i on i.id = l.item_id
        where l.location_id = ${p.location_id} and l.item_id > ${p.after}
        order by l.item_id limit ${p.limit}`,
  ),
)

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000'

/** The next shelves of a location behind an item, in the order of their items. */
export const shelvesAfter = (
  ctx: Context,
  page: { location_id: Id<'location'>; after: string | null; limit: number },
): Promise<Shelf[]> => shelvesOf(ctx, { ...page, after: page.after ?? BEFORE_ALL })

type Key = { item_id: string; location_id: string }
const KEY = { item_id: 'uuid', location_id: 'uuid' } as const

/** A shelf as it is while nobody else can change it. */
export type LockedShelf = Key & { on_hand: number; reserved: number; sequence: number }

const lockThem = eachRow(db, KEY, (key: Row<Key>, from, engine) => {
  const isIt = sql`l.item_id = ${key.item_id} and l.location_id = ${key.location_id}`
  const columns = sql`l.item_id, l.location_id, l.on_hand, l.reserved`
  if (!from) return sql<LockedShelf>`select ${columns} from stock_levels as l where ${isIt}`
  return sql<LockedShelf>`select ${columns} from ${from} as r join stock_levels as l on ${isIt}
    order by l.item_id, l.location_id ${lockingRows(engine, 'l')}`
})

const sequencesOf = eachRow(db, KEY, (key: Row<Key>, from) => {
  const last = sql`(select max(m.sequence) from stock_movements as m
    where m.item_id = ${key.item_id} and m.location_id = ${key.location_id})`
  const columns = sql`${key.item_id} as item_id, ${key.location_id} as location_id,
    coalesce(${last}, 0) as sequence`
  return sql<Key & { sequence: number }>`select ${columns} ${from ? sql`from ${from} as r` : sql``}`
})

/**
 * Holds shelves as they are until the commit, in the order in which everyone locks them, and says
 * what stands on them and up to which row of the ledger. Those that were never filled are missing.
 * In READ COMMITTED, which sees what the one before us left. Two statements.
 */
export async function lockShelves(
  ctx: Context,
  shelves: readonly { item_id: Id<'item'>; location_id: Id<'location'> }[],
): Promise<Map<string, LockedShelf>> {
  if (shelves.length === 0) return new Map()
  const rows = [...new Map(shelves.map((one) => [keyOf(one), one])).values()].map(
    ({ item_id, location_id }) => ({ item_id, location_id }),
  )
  const locked = await lockThem(ctx, { rows })
  const last = await sequencesOf(ctx, { rows })
  const sequences = new Map(last.map((row) => [keyOf(row), row.sequence]))
  return new Map(
    locked.map((row) => [keyOf(row), { ...row, sequence: sequences.get(keyOf(row)) ?? 0 }]),
  )
}

const keyOf = ({ item_id, location_id }: Key): string => `${item_id} ${location_id}`

const skusById = prepared(db, (open, p: { items: readonly string[] }, engine) =>
  open
    .selectFrom('inventory_items')
    .select(['id', 'sku'])
    .where(isOneOf(engine, 'id', { values: p.items, kind: 'uuid' })),
)

/** The SKUs of these items, archived ones too. */
export async function skusOf(
  ctx: Context,
  items: readonly Id<'item'>[],
): Promise<Map<Id<'item'>, string>> {
  const rows = items.length > 0 ? await skusById(ctx, { items: [...new Set(items)] }) : []
  return new Map(rows.map(({ id, sku }) => [id, sku]))
}
