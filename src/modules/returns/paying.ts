import type { Id } from '#kit/ids'
import { type BegunRefund, beginRefund } from '#modules/orders'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import type { Due } from './due.ts'
import { returnEvents } from './events.ts'
import type { Locked } from './find.ts'
import { toldOf } from './moves.ts'
import { db } from './tables.ts'

const insertRefunds = insertRows(db, 'return_refunds')
const insertRefundLines = insertRows(db, 'return_refund_lines')

type Payment = { id: Id<'order_refund'>; due: Due; reason: string | null }

/**
 * Stores that accepted units of a return are paid back, with the refund of the order that does it;
 * in the caller's transaction, which holds the order's lock. `finishRefund` asks the providers.
 */
export async function beginPayback(
  ctx: Context,
  { order, row }: Locked,
  { id, due, reason }: Payment,
): Promise<BegunRefund> {
  const { worth, plan } = due
  const begun = await beginRefund(ctx, order, { id, plan, reason, return_id: row.id })
  const { restocking_fee_amount, label_fee_amount, fee_amount } = worth
  const { amount, currency } = { ...plan, currency: row.currency }
  const refund = { order_refund_id: id, return_id: row.id, status: 'pending', amount }
  const fees = { restocking_fee_amount, label_fee_amount, created_at: ctx.now }
  await insertRefunds(ctx, { rows: [{ ...refund, ...fees }] })
  await insertRefundLines(ctx, {
    rows: worth.lines.map(({ key, ...line }) => ({
      ...line,
      order_refund_id: id,
      return_line_id: key as Id<'return_line'>,
    })),
  })
  const told = { order_refund_id: id, currency, amount, fee_amount }
  emit(ctx, returnEvents.refund_begun({ ...toldOf(row), ...told }))
  return begun
}
