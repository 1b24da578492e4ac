import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { db } from './tables.ts'

type Asked = { items: readonly Id<'item'>[]; location_id: Id<'location'>; as_of: string }
type Units = { item_id: Id<'item'>; quantity: number }

const unitsOf = prepared(db, (open, p: Asked, engine) =>
  rawQuery(
    open,
    sql<Units>`select item_id, sum(case when state_from is null then quantity
        when state_to is null then -quantity else 0 end) as quantity
      from stock_movements
      where ${isOneOf(engine, 'item_id', { values: p.items, kind: 'uuid' })}
        and location_id = ${p.location_id} and occurred_at <= ${p.as_of}
      group by item_id`,
  ),
)

/**
 * Units of these items that lay at a location at an instant (UTC), in any state: what the ledger
 * adds up to. One statement; items that were never there are missing.
 */
export async function unitsAt(ctx: Context, asked: Asked): Promise<Map<Id<'item'>, number>> {
  const rows = asked.items.length > 0 ? await unitsOf(ctx, asked) : []
  return new Map(rows.map(({ item_id, quantity }) => [item_id, quantity]))
}

/** Whether an item was ever kept at a location, as an expression; `item` is one too. */
export const isKeptAt = (
  item: RawBuilder<unknown>,
  location_id: Id<'location'>,
): RawBuilder<SqlBool> =>
  sql`exists (select 1 from stock_levels as k
    where k.item_id = ${item} and k.location_id = ${location_id})`
