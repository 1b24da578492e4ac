import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { db } from './tables.ts'

export type RefundStatus = 'pending' | 'partly_failed' | 'failed' | 'succeeded'

/** What was paid back for a return, or is on the way; minor units. */
export type Paid = {
  amount: number
  fee_amount: number
  label_fee_amount: number
  status: RefundStatus
  /** Units by line, and their share of what was paid. */
  units: Map<Id<'return_line'>, number>
  shares: Map<Id<'return_line'>, number>
}

const refundsOf = prepared(db, (open, p: { returns: readonly string[] }, engine) =>
  open
    .selectFrom('return_refunds')
    .selectAll()
    .where('return_id', 'in', listOf(engine, p.returns, 'uuid'))
    .orderBy('order_refund_id'),
)
const unitsOf = prepared(db, (open, p: { returns: readonly string[] }, engine) =>
  open
    .selectFrom('return_refunds as r')
    .innerJoin('return_refund_lines as l', 'l.order_refund_id', 'r.order_refund_id')
    .select(['r.return_id', 'l.return_line_id'])
    .select([sql<number>`sum(l.quantity)`.as('quantity'), sql<number>`sum(l.amount)`.as('amount')])
    .where('r.return_id', 'in', listOf(engine, p.returns, 'uuid'))
    .where('r.status', '<>', 'failed')
    .groupBy(['r.return_id', 'l.return_line_id']),
)

/** What was paid back for each of these returns; two statements. One without refunds is missing. */
export async function paidOf(
  ctx: Context,
  returns: readonly Id<'return'>[],
): Promise<Map<Id<'return'>, Paid>> {
  const [rows, units] = await Promise.all([refundsOf(ctx, { returns }), unitsOf(ctx, { returns })])
  const unitsBy = Map.groupBy(units, ({ return_id }) => return_id)
  return new Map(
    [...Map.groupBy(rows, ({ return_id }) => return_id)].map(([id, own]) => {
      // A refund that failed as a whole paid nothing and kept nothing back.
      const live = own.filter(({ status }) => status !== 'failed')
      const sum = (member: 'amount' | 'restocking_fee_amount' | 'label_fee_amount') =>
        live.reduce((total, row) => total + row[member], 0)
      const lines = unitsBy.get(id) ?? []
      const label_fee_amount = sum('label_fee_amount')
      return [
        id,
        {
          amount: sum('amount'),
          fee_amount: sum('restocking_fee_amount') + label_fee_amount,
          label_fee_amount,
          status: statusOf(own.map(({ status }) => status as RefundStatus)),
          units: new Map(lines.map((row) => [row.return_line_id, Number(row.quantity)])),
          shares: new Map(lines.map((row) => [row.return_line_id, Number(row.amount)])),
        },
      ]
    }),
  )
}

/** How all refunds of a return stand together; what failed counts only while nothing came after. */
function statusOf(statuses: readonly RefundStatus[]): RefundStatus {
  const live = statuses.filter((status) => status !== 'failed')
  if (live.includes('pending')) return 'pending'
  if (live.includes('partly_failed')) return 'partly_failed'
  return live.length > 0 ? 'succeeded' : 'failed'
}
