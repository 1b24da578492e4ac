import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'
import { findOrder, linesOf, orderErrors, printOrderNumber } from '#modules/orders'
import type { Context } from '#platform/context'
import { query } from '#platform/operations'
import { isLive } from './lifecycle.ts'
import { OfOrder } from './schemas.ts'
import { fulfilmentOrdersOf } from './work/rows.ts'
import type { FulfilmentOrder } from './work/units.ts'

const Count = Type.Integer({ minimum: 0 })

const ProgressLine = Type.Object({
  order_line_id: IdSchema('order_line'),
  sku: Type.String(),
  name: Type.String(),
  quantity: Type.Integer({ description: 'Ordered and not cancelled.' }),
  waiting_quantity: Type.Integer({ description: 'Waits for stock.' }),
  preparing_quantity: Type.Integer({ description: 'There, and not sent yet.' }),
  packed_quantity: Type.Integer({ description: 'Of those, already packed.' }),
  sent_quantity: Count,
  promised_at: Type.Union(Nullable(Instant).anyOf, {
    description: 'When the units that wait are expected, as far as that is known.',
  }),
})
type ProgressLine = Static<typeof ProgressLine>

const Progress = Type.Object({
  order_id: IdSchema('order'),
  order_number: Type.String({ examples: ['ORD-1000001'] }),
  fulfillment_status: Type.Enum(['unfulfilled', 'partially_fulfilled', 'fulfilled']),
  promised_at: Type.Union(Nullable(Instant).anyOf, {
    description: 'When the last units that wait are expected; null if none wait, or nobody knows.',
  }),
  items: Type.Array(ProgressLine),
})
export type Progress = Static<typeof Progress>

/**
 * How far an order is, as its buyer may know it: units and dates, no locations, people or notes.
 * Customers see their own orders only. Throws `not_found`.
 */
export async function getProgress(ctx: Context, { id }: OfOrder): Promise<Progress> {
  const order = await findOrder(ctx, id)
  const [lines, work] = await Promise.all([
    linesOf(ctx, [order.id]),
    fulfilmentOrdersOf(ctx, [order.id]),
  ])
  const live = work.filter(({ status }) => isLive(status))
  const items = (lines.get(order.id) ?? [])
    .filter(({ quantity }) => quantity > 0)
    .map((line): ProgressLine => {
      const { waiting, packed, promised_at } = standingOf(line.id, live)
      return {
        order_line_id: line.id,
        sku: line.sku,
        name: line.name,
        quantity: line.quantity - line.cancelled_quantity,
        waiting_quantity: waiting,
        preparing_quantity: line.open_quantity - waiting,
        packed_quantity: packed,
        sent_quantity: line.fulfilled_quantity,
        promised_at,
      }
    })
  return {
    order_id: order.id,
    order_number: printOrderNumber(order.number),
    fulfillment_status: order.fulfillment_status,
    promised_at: latest(items.map((item) => item.promised_at)),
    items,
  }
}

/** What of a line waits for stock, and what is packed, over all its work. */
function standingOf(order_line_id: string, live: readonly FulfilmentOrder[]) {
  let [waiting, packed] = [0, 0]
  const promised: (string | null)[] = []
  for (const { status, promised_at, lines } of live) {
    for (const line of lines) {
      if (line.order_line_id !== order_line_id) continue
      packed += line.packed_quantity - line.shipped_quantity
      if (status !== 'waiting') continue
      waiting += line.quantity
      promised.push(promised_at)
    }
  }
  return { waiting, packed: Math.max(0, packed), promised_at: latest(promised) }
}

const latest = (instants: readonly (string | null)[]): string | null =>
  instants.reduce((last, one) => (one !== null && (last === null || one > last) ? one : last), null)

export const progressOperations = [
  query('fulfilment.get_progress', {
    rest: 'GET /api/v1/orders/:id/progress',
    permission: 'orders:read',
    summary: 'Read how far an order is: what waits, is packed, is sent, and what was promised',
    description: 'Customers see it of their own orders.',
    input: OfOrder,
    output: Progress,
    errors: [orderErrors.not_found],
    example: { id: '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10' },
    run: getProgress,
  }),
]
