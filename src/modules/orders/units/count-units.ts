import { type RawBuilder, sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { type Row, updateEach } from '#platform/database/each-row'
import { orderErrors } from '../errors.ts'
import { db } from '../tables.ts'
import type { LineUnits } from './lines.ts'

type Count = { id: Id<'order_line'>; order_id: Id<'order'>; quantity: number }
const KINDS = { id: 'uuid', order_id: 'uuid', quantity: 'bigint' } as const

/** Adds units to a counter of lines, each only where `room` says there are as many. */
const counter = (
  column: string,
  { sign, room }: { sign: '+' | '-'; room: RawBuilder<unknown> },
) => {
  const own = sql.ref(`order_lines.${column}`)
  return updateEach<Count, unknown>(db as never, KINDS, {
    table: 'order_lines',
    key: ['id'],
    set: (row) => ({ [column]: sql`${own} ${sql.raw(sign)} ${row.quantity}` }),
    where: (row: Row<Count>) =>
      sql`order_lines.order_id = ${row.order_id} and ${row.quantity} <= ${room}`,
  })
}

const OPEN = sql`order_lines.quantity - order_lines.cancelled_quantity
  - order_lines.fulfilled_quantity`
const OUT = sql`order_lines.fulfilled_quantity - order_lines.returned_quantity`

const COUNTERS = {
  /** Open units leave. */
  fulfil: counter('fulfilled_quantity', { sign: '+', room: OPEN }),
  /** Units that had left are open again; those that were returned are not among them. */
  unfulfil: counter('fulfilled_quantity', { sign: '-', room: OUT }),
  /** Units that had left come back. */
  return: counter('returned_quantity', { sign: '+', room: OUT }),
  unreturn: counter('returned_quantity', {
    sign: '-',
    room: sql`order_lines.returned_quantity`,
  }),
} as const

/**
 * Counts units of lines of one order, whose lock is held. The write itself looks that there are as
 * many; throws `units_not_there` (409) otherwise. Answers the units, one entry a line.
 */
export async function countUnits(
  ctx: Context,
  order_id: Id<'order'>,
  { what, units }: { what: keyof typeof COUNTERS; units: readonly LineUnits[] },
): Promise<LineUnits[]> {
  const wanted = byLine(units)
  const rows = wanted.map(({ order_line_id: id, quantity }) => ({ id, order_id, quantity }))
  const { affected } = await COUNTERS[what].run(ctx, { rows })
  if (affected === wanted.length) return wanted
  throw orderErrors.units_not_there({ action: what, order_id })
}

/** The same units, each line once, none of no unit. */
export function byLine(units: readonly LineUnits[]): LineUnits[] {
  const sums = new Map<Id<'order_line'>, number>()
  for (const { order_line_id, quantity } of units) {
    if (quantity < 0) throw new Error(`${quantity} units of line ${order_line_id}`)
    sums.set(order_line_id, (sums.get(order_line_id) ?? 0) + quantity)
  }
  return [...sums]
    .filter(([, quantity]) => quantity > 0)
    .map(([order_line_id, quantity]) => ({ order_line_id, quantity }))
}
