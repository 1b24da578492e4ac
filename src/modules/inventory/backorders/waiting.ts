import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { updateEach } from '#platform/database/each-row'
import { db } from '../tables.ts'

type Waiting = { id: string; delta: number }

/**
 * Counts the units of an item that wait for stock. More wait only within the item's limit, and
 * fewer always may: the row count is the answer.
 */
export const changeBackordered = updateEach<Waiting, unknown>(
  db as never,
  { id: 'uuid', delta: 'bigint' },
  {
    table: 'inventory_items',
    key: ['id'],
    set: ({ delta }) => ({ backordered: sql`inventory_items.backordered + ${delta}` }),
    where: ({ delta }) => sql`inventory_items.backordered + ${delta} >= 0 and (${delta} <= 0
      or inventory_items.backordered + ${delta} <= inventory_items.backorder_limit)`,
  },
)

type Units = { item_id: Id<'item'>; location_id?: Id<'location'> | null; quantity: number }

/** What promises without a location add to their items (or take, with -1), one entry an item. */
export function waitingChanges(rows: readonly Units[], sign: 1 | -1 = 1): Waiting[] {
  const waiting = rows.filter(({ location_id = null }) => location_id === null)
  return [...Map.groupBy(waiting, ({ item_id }) => item_id)].map(([id, own]) => ({
    id,
    delta: sign * own.reduce((sum, { quantity }) => sum + quantity, 0),
  }))
}
