import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { BAND_RANGES, STOCK_BANDS } from './stock-bands.ts'
import { db } from './tables.ts'

// What «available» means: on hand − reserved − safety stock, a shelf at a time, and never below
// zero, because what one shelf lacks of its safety stock takes nothing from another. Modules above
// use these expressions and need to know none of our tables.

/** Units of one level that can be promised now. */
export const availableUnits = ({ on_hand, reserved, safety_stock }: LevelCounts): number =>
  Math.max(0, on_hand - reserved - safety_stock)
export type LevelCounts = { on_hand: number; reserved: number; safety_stock: number }

/** The same as an expression over a row of `stock_levels`, whose alias is `level`. */
export const availableOfLevel = (level = 'stock_levels'): RawBuilder<number> => {
  const own = (name: string) => sql.ref(`${level}.${name}`)
  const rest = sql`${own('on_hand')} - ${own('reserved')} - ${own('safety_stock')}`
  return sql`case when ${rest} > 0 then ${rest} else 0 end`
}

/** Units of an item that can be promised now, as an expression; `item` is an expression too. */
export const availableUnitsOf = (item: RawBuilder<unknown>): RawBuilder<number> =>
  sql`coalesce((select sum(${availableOfLevel()}) from stock_levels where item_id = ${item}), 0)`

/** Whether a unit of an item can be promised now. */
export const hasStock = (item: RawBuilder<unknown>): RawBuilder<SqlBool> =>
  sql`exists (select 1 from stock_levels
    where item_id = ${item} and on_hand - reserved > safety_stock)`

/**
 * A table expression: `item_id` and `available`, the units of every item that can be promised now,
 * summed over its locations. An item without stock is missing.
 */
export const availableUnitsByItem: RawBuilder<unknown> = sql`(
  select item_id, sum(${availableOfLevel()}) as available from stock_levels group by item_id)`

/** The band of an expression that counts available units, as `bandOf` says it. */
export function bandColumn(available: RawBuilder<unknown>): RawBuilder<string> {
  const cases = STOCK_BANDS.slice(0, -1).map(
    (band) =>
      sql`when ${available} <= ${sql.lit(BAND_RANGES[band].to)} then ${sql.lit(band as string)}`,
  )
  return sql`case ${sql.join(cases, sql` `)} else ${sql.lit(STOCK_BANDS.at(-1) as string)} end`
}

/** What of an item can be promised at one location. */
export type AvailableAt = {
  location_id: Id<'location'>
  location_code: string
  location_name: string
  available_quantity: number
}
type Row = AvailableAt & { item_id: Id<'item'> }

/** Of an item at more locations, only those asked first are told. */
export const LOCATIONS_TOLD_MAX = 100

const byLocation = prepared(db, (open, p: { items: readonly string[] }, engine) =>
  rawQuery(
    open,
    sql<Row & { nth: number }>`select * from (
      select s.item_id, l.id as location_id, l.code as location_code, l.name as location_name,
        ${availableOfLevel('s')} as available_quantity,
        row_number() over (partition by s.item_id order by l.priority, l.code) as nth
      from ${listOf(engine, p.items, 'uuid')} as a
      join stock_levels as s on s.item_id = a.value
      join locations as l on l.id = s.location_id and l.archived_at is null) as ranked
    where nth <= ${sql.lit(LOCATIONS_TOLD_MAX)} order by item_id, nth`,
  ),
)

/**
 * What of these items can be promised at each location, in the order in which locations are asked;
 * an item that lies nowhere is missing. One statement.
 */
export async function availabilityByLocation(
  ctx: Context,
  items: readonly Id<'item'>[],
): Promise<Map<Id<'item'>, AvailableAt[]>> {
  if (items.length === 0) return new Map()
  const told = new Map<Id<'item'>, AvailableAt[]>()
  for (const { item_id, nth: _, ...at } of await byLocation(ctx, { items })) {
    const known = told.get(item_id)
    if (known) known.push(at)
    else told.set(item_id, [at])
  }
  return told
}
