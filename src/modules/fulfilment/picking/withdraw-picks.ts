import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { updateEach } from '#platform/database/each-row'
import { lockEntities } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { db } from '../tables.ts'
import type { LineChange } from '../work/store.ts'
import { itemsLeft, type PickItemRow } from './items.ts'
import { finishIfDone } from './lists.ts'

const openItems = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('pick_items')
    .selectAll()
    .where('fulfilment_order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .where(sql<boolean>`picked_quantity + short_quantity + withdrawn_quantity < quantity`)
    .orderBy('pick_list_id')
    .orderBy('position', 'desc'),
)

const withdraw = updateEach<{ id: Id<'pick_item'>; units: number }, unknown>(
  db as never,
  { id: 'uuid', units: 'bigint' },
  {
    table: 'pick_items',
    key: ['id'],
    set: ({ units }) => ({
      withdrawn_quantity: sql`pick_items.withdrawn_quantity + ${units}`,
    }),
    where: () => sql`true`,
  },
)

/**
 * Takes units off the pick lists that are not to be picked any more, the last of the walk first. A
 * list with nothing left is finished. The locks of the orders are held; lists come after them.
 */
export async function withdrawPicks(ctx: Context, changes: readonly LineChange[]): Promise<void> {
  const less = changes.filter(({ picking }) => picking < 0)
  if (less.length === 0) return
  const orders = [...new Set(less.map(({ line }) => line.fulfilment_order_id))]
  const seen = await openItems(ctx, { orders })
  const lists = [...new Set(seen.map(({ pick_list_id }) => pick_list_id))]
  await lockEntities(ctx, 'pick_list', lists)
  const items = await openItems(ctx, { orders })
  const rows = less.flatMap(({ line, picking }) => unitsOff(items, line, -picking))
  const { affected } = await withdraw.run(ctx, { rows })
  if (affected !== rows.length) throw new Error('a pick item is gone')
  await finishIfDone(ctx, lists)
}

function unitsOff(
  items: readonly PickItemRow[],
  line: LineChange['line'],
  units: number,
): { id: Id<'pick_item'>; units: number }[] {
  let over = units
  const rows = items
    .filter(
      (item) =>
        item.fulfilment_order_id === line.fulfilment_order_id &&
        item.order_line_id === line.order_line_id,
    )
    .flatMap((item) => {
      const taken = Math.min(over, itemsLeft(item))
      over -= taken
      return taken > 0 ? [{ id: item.id, units: taken }] : []
    })
  if (over > 0) throw new Error(`${over} units of ${line.sku} are on no pick list`)
  return rows
}
