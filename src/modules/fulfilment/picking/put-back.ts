import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { updateEach } from '#platform/database/each-row'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { db } from '../tables.ts'
import type { LineChange } from '../work/store.ts'

const taken = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('picks')
    .select(['id', 'fulfilment_order_id', 'order_line_id', 'quantity', 'put_back_quantity'])
    .where('fulfilment_order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .where(sql<boolean>`put_back_quantity < quantity`)
    .orderBy('id', 'desc'),
)

const write = updateEach<{ id: Id<'pick'>; units: number }, unknown>(
  db as never,
  { id: 'uuid', units: 'bigint' },
  {
    table: 'picks',
    key: ['id'],
    set: ({ units }) => ({ put_back_quantity: sql`picks.put_back_quantity + ${units}` }),
    where: ({ units }) => sql`picks.put_back_quantity + ${units} <= picks.quantity`,
  },
)

/**
 * Notes that units which were picked belong on the shelf again, the last taken first. What left
 * without being written down as picked has no pick to note it at. The order's lock is held.
 */
export async function putBack(ctx: Context, changes: readonly LineChange[]): Promise<void> {
  const less = changes.filter(({ picked }) => picked < 0)
  if (less.length === 0) return
  const orders = [...new Set(less.map(({ line }) => line.fulfilment_order_id))]
  const picks = await taken(ctx, { orders })
  const rows = less.flatMap(({ line, picked }) => {
    let over = -picked
    return picks
      .filter(
        (pick) =>
          pick.fulfilment_order_id === line.fulfilment_order_id &&
          pick.order_line_id === line.order_line_id,
      )
      .flatMap((pick) => {
        const units = Math.min(over, pick.quantity - pick.put_back_quantity)
        over -= units
        return units > 0 ? [{ id: pick.id, units }] : []
      })
  })
  if (rows.length > 0) await write.run(ctx, { rows })
}
