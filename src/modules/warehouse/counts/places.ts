import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { eachRow, type Row } from '#platform/database/each-row'
import { db } from '../tables.ts'

type Key = { item_id: string; location_id: string; spot: string }
const KEY = { item_id: 'uuid', location_id: 'uuid', spot: 'text' } as const

/** One word for a place, for maps. */
export const placeKey = ({ item_id, location_id, spot }: Key): string =>
  `${item_id} ${location_id} ${spot}`

const keysOf = (places: readonly Key[]): Key[] => [
  ...new Map(
    places.map(({ item_id, location_id, spot }) => {
      const key = { item_id, location_id, spot }
      return [placeKey(key), key]
    }),
  ).values(),
]

const unitsIn = eachRow(db, KEY, (key: Row<Key>, from) => {
  const isIt = sql`l.item_id = ${key.item_id} and l.location_id = ${key.location_id}
    and l.state = 'sellable' and l.spot = ${key.spot}`
  const columns = sql`l.item_id, l.location_id, l.spot, l.quantity`
  return from
    ? sql<Key & { quantity: number }>`select ${columns} from ${from} as r
        join lot_levels as l on ${isIt}`
    : sql<Key & { quantity: number }>`select ${columns} from lot_levels as l where ${isIt}`
})

/** Sellable units at places, by `placeKey`; an empty one may be missing. */
export async function unitsAtPlaces(
  ctx: Context,
  places: readonly Key[],
): Promise<Map<string, number>> {
  const rows = places.length > 0 ? await unitsIn(ctx, { rows: keysOf(places) }) : []
  return new Map(rows.map((row) => [placeKey(row), row.quantity]))
}

type SerialAt = { item_id: Id<'item'>; location_id: string; spot: string; serial_number: string }

const serialsIn = eachRow(db, KEY, (key: Row<Key>, from) => {
  const spot = sql`coalesce(cast(s.bin_id as text), '') || '/' || coalesce(cast(s.lot_id as text), '')`
  const isIt = sql`s.item_id = ${key.item_id} and s.location_id = ${key.location_id}
    and s.state = 'sellable' and s.status = 'in_stock' and ${spot} = ${key.spot}`
  const columns = sql`s.item_id, s.location_id, ${key.spot} as spot, s.serial_number`
  return from
    ? sql<SerialAt>`select ${columns} from ${from} as r join serials as s on ${isIt}`
    : sql<SerialAt>`select ${columns} from serials as s where ${isIt}`
})

/** The serial numbers for sale at places, by `placeKey`. */
export async function serialsAtPlaces(
  ctx: Context,
  places: readonly Key[],
): Promise<Map<string, string[]>> {
  const rows = places.length > 0 ? await serialsIn(ctx, { rows: keysOf(places) }) : []
  const groups = Map.groupBy(rows, placeKey)
  return new Map(
    [...groups].map(([key, own]) => [key, own.map(({ serial_number }) => serial_number)]),
  )
}
