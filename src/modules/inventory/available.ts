import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { db } from './tables.ts'

// What stock means in a query of a module above, which then needs to know none of our tables.

/** Units of an item that can be promised now, as an expression; `item` is an expression too. */
export const unitsAvailable = (item: RawBuilder<unknown>): RawBuilder<number> =>
  sql`coalesce((select sum(on_hand - reserved) from stock_levels where item_id = ${item}), 0)`

/** Whether a unit of an item can be promised now. No level is below zero, so one above will do. */
export const hasStock = (item: RawBuilder<unknown>): RawBuilder<SqlBool> =>
  sql`exists (select 1 from stock_levels where item_id = ${item} and on_hand > reserved)`

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
        s.on_hand - s.reserved as available_quantity,
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
