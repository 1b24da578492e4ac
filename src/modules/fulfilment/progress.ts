import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { isLive } from './lifecycle.ts'
import { fulfilmentOrdersOf } from './work/rows.ts'
import { unitsInHand, unitsLeft } from './work/units.ts'

/** How far the work on one order line is, in units that have not left. */
export type LineProgress = {
  /** Wait for stock. */
  waiting: number
  /** Are on a pick list, picked or packed. */
  begun: number
  packed: number
  /** When the last that wait are expected, as far as that is known. */
  promised_at: string | null
}

/** How far the work on each line of an order is; a line without work is missing. */
export async function progressOf(
  ctx: Context,
  order_id: Id<'order'>,
): Promise<Map<Id<'order_line'>, LineProgress>> {
  const progress = new Map<Id<'order_line'>, LineProgress>()
  const work = await fulfilmentOrdersOf(ctx, [order_id])
  for (const { status, promised_at, lines } of work.filter((one) => isLive(one.status))) {
    for (const line of lines) {
      const known = progress.get(line.order_line_id)
      const { waiting, begun, packed, promised_at: before } = known ?? NOTHING
      const waits = status === 'waiting'
      progress.set(line.order_line_id, {
        waiting: waiting + (waits ? unitsLeft(line) : 0),
        begun: begun + Math.max(0, unitsInHand(line)) + line.picking_quantity,
        packed: packed + Math.max(0, line.packed_quantity - line.shipped_quantity),
        promised_at: waits ? latest([before, promised_at]) : before,
      })
    }
  }
  return progress
}

const NOTHING: LineProgress = { waiting: 0, begun: 0, packed: 0, promised_at: null }

/** The last of these instants; null if there is none. */
export const latest = (instants: readonly (string | null)[]): string | null =>
  instants.reduce((last, one) => (one !== null && (last === null || one > last) ? one : last), null)
