import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { updateEach } from '#platform/database/each-row'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { db } from '../tables.ts'
import type { LineChange } from '../work/store.ts'

const packedLines = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('carton_lines as l')
    .innerJoin('cartons as c', 'c.id', 'l.carton_id')
    .select(['l.carton_id', 'l.order_line_id', 'l.quantity', 'c.fulfilment_order_id', 'c.nth'])
    .where('c.fulfilment_order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .orderBy('c.nth', 'desc'),
)

type Less = { carton_id: Id<'carton'>; order_line_id: Id<'order_line'>; quantity: number }

const KINDS = { carton_id: 'uuid', order_line_id: 'uuid', quantity: 'bigint' } as const
const lower = updateEach<Less, unknown>(db as never, KINDS, {
  table: 'carton_lines',
  key: ['carton_id', 'order_line_id'],
  set: ({ quantity }) => ({ quantity }),
  where: () => sql`true`,
})
const drop = prepared(db, (open, p: { carton: string; line: string }) =>
  open
    .deleteFrom('carton_lines')
    .where('carton_id', '=', p.carton as Id<'carton'>)
    .where('order_line_id', '=', p.line as Id<'order_line'>),
)

/**
 * Takes units out of cartons that are not wanted any more, out of the newest first. The order's
 * lock is held.
 */
export async function unpack(ctx: Context, changes: readonly LineChange[]): Promise<void> {
  const less = changes.filter(({ packed }) => packed < 0)
  if (less.length === 0) return
  const orders = [...new Set(less.map(({ line }) => line.fulfilment_order_id))]
  const packed = await packedLines(ctx, { orders })
  const lowered: Less[] = []
  for (const { line, packed: change } of less) {
    let over = -change
    for (const row of packed) {
      const isOwn =
        row.fulfilment_order_id === line.fulfilment_order_id &&
        row.order_line_id === line.order_line_id
      const taken = isOwn ? Math.min(over, row.quantity) : 0
      if (taken === 0) continue
      over -= taken
      const { carton_id, order_line_id } = row
      lowered.push({ carton_id, order_line_id, quantity: row.quantity - taken })
    }
    if (over > 0) throw new Error(`${over} units of ${line.sku} are in no carton`)
  }
  const rows = lowered.filter(({ quantity }) => quantity > 0)
  if (rows.length > 0) await lower.run(ctx, { rows })
  for (const { carton_id, order_line_id, quantity } of lowered) {
    if (quantity === 0) await drop.run(ctx, { carton: carton_id, line: order_line_id })
  }
}
