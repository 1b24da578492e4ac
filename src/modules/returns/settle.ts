import type { Id } from '#kit/ids'
import { orderEvents } from '#modules/orders'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { together } from '#platform/reactions'
import { dueUnits } from './due.ts'
import { returnEvents } from './events.ts'
import { linesOfReturns } from './find.ts'
import { waitingUnits } from './lines.ts'
import { moveReturn } from './moves.ts'
import { paidOf } from './refunds.ts'
import { db, type ReturnRow } from './tables.ts'

const anyById = prepared(db, (open, p: { id: Id<'return'> }) =>
  open.selectFrom('returns').selectAll().where('id', '=', p.id),
)

/**
 * How a return stands once goods or money of it have moved: it is refunded as soon as all its goods
 * were looked at and every accepted unit is paid back, and received again if that money comes back.
 * The order's lock is held.
 */
export async function settleReturn(ctx: Context, row: ReturnRow): Promise<ReturnRow> {
  if (row.status !== 'Received' && row.status !== 'Refunded') return row
  const [lines, paid] = await Promise.all([
    linesOfReturns(ctx, { returns: [row.id] }),
    paidOf(ctx, [row.id]),
  ])
  const own = paid.get(row.id)
  const accepted = lines.reduce((sum, line) => sum + line.accepted_quantity, 0)
  const open = lines.some((line) => waitingUnits(line) > 0 || dueUnits(line, own) > 0)
  const isPaid = accepted > 0 && !open && own?.status === 'succeeded'
  if (isPaid === (row.status === 'Refunded')) return row
  if (!isPaid) {
    const lost = await moveReturn(ctx, row, { move: 'lose_refund' })
    emit(ctx, returnEvents.refund_lost(lost.told))
    return lost.row
  }
  const moved = await moveReturn(ctx, row, { move: 'refund' })
  const { amount } = own
  emit(ctx, returnEvents.refunded({ ...moved.told, currency: row.currency, amount }))
  return moved.row
}

const setStatus = prepared(db, (open, p: { id: Id<'order_refund'>; status: string }) =>
  open
    .updateTable('return_refunds')
    .set({ status: p.status })
    .where('order_refund_id', '=', p.id)
    .where('status', '<>', p.status)
    .returning('return_id'),
)

type Settled = {
  order_refund_id: Id<'order_refund'>
  return_id: Id<'return'> | null
  status: string
}

/** Follows the refund that pays a return, in the transaction that knows how it ended. */
async function followRefund(ctx: Context, told: Settled): Promise<void> {
  if (told.return_id === null) return
  const { order_refund_id: id, status } = told
  await setStatus.run(ctx, { id, status })
  const row = await anyById.first(ctx, { id: told.return_id })
  if (row) await settleReturn(ctx, row)
}

const rememberDelivery = prepared(db, (open, p: { order_id: Id<'order'>; now: string }) =>
  open
    .insertInto('order_deliveries')
    .values({ order_id: p.order_id, delivered_at: p.now })
    .onConflict((conflict) => conflict.column('order_id').doNothing()),
)

export const settleReactions = [
  together(orderEvents.refund_settled, 'returns.follow_refund', followRefund),
  // The window of a return runs from the day on which the last unit came.
  together(orderEvents.completed, 'returns.remember_delivery', async (ctx, { order_id }) => {
    await rememberDelivery.run(ctx, { order_id, now: ctx.now })
  }),
]
