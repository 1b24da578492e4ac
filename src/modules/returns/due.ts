import { formatMoney, parseMoney } from '#kit/money'
import {
  planRefund,
  type Refundable,
  type RefundPlan,
  refundableOf,
  sharesOf,
} from '#modules/orders'
import { shareOut } from '#modules/pricing'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import { returnErrors } from './errors.ts'
import { type Locked, printRma } from './find.ts'
import { waitingUnits } from './lines.ts'
import { linesNow } from './receiving.ts'
import { type Paid, paidOf } from './refunds.ts'
import type { LineRow, ReturnRow } from './tables.ts'
import { type Worth, type WorthLine, worthOf } from './worth.ts'

/** How accepted units are to be paid back. */
export type HowPaid = {
  /** In minor units: what of it is given as store credit; all of it, or so much. */
  credit?: 'all' | number | undefined
  include_shipping?: boolean | undefined
  /** Another fee than the terms say. */
  fee?: string | number | undefined
}

/** What is due for a return now, and the refund of the order that pays it. */
export type Due = { worth: Worth; plan: RefundPlan; lines: readonly LineRow[] }

/**
 * What the accepted units of a return are worth that were not paid back yet: their frozen paid
 * share less fees. Throws `not_inspected`, `nothing_to_refund`, `fee_exceeds_refund`, and what the
 * refund of an order may throw.
 */
export async function dueFor(ctx: Context, locked: Locked, how: HowPaid = {}): Promise<Due> {
  const { order, row } = locked
  const worth = await worthNow(ctx, locked, how)
  if (worth.quantity === 0) throw nothingDue(row, worth.lines)
  const { refundable, units } = worth
  if (refundable.payments.length === 0) {
    const problem = `nothing that was paid for order ${order.id} is left`
    throw returnErrors.nothing_to_refund({ rma_number: printRma(row.number), problem })
  }
  const plan = planRefund(refundable, {
    units,
    include_shipping: how.include_shipping,
    fee_amount: worth.worth.fee_amount,
    credit: how.credit,
  })
  return { worth: worth.worth, plan, lines: worth.lines }
}

type WorthNow = {
  worth: Worth
  lines: readonly LineRow[]
  refundable: Refundable
  units: Map<LineRow['order_line_id'], number>
  quantity: number
}

/** The same without a refund: what the goods come to, also where nothing is left to pay it from. */
export async function worthNow(ctx: Context, locked: Locked, how: HowPaid = {}): Promise<WorthNow> {
  const { order, row } = locked
  const [lines, refundable, paid] = await Promise.all([
    linesNow(ctx, locked),
    refundableOf(ctx, order),
    paidOf(ctx, [row.id]),
  ])
  const known = paid.get(row.id)
  const units = new Map(lines.map((line) => [line.order_line_id, dueUnits(line, known)] as const))
  const shares = new Map(sharesOf(refundable, units).map((share) => [share.line_id, share.amount]))
  const due = lines
    .filter((line) => (units.get(line.order_line_id) ?? 0) > 0)
    .map((line) => ({
      ...worthLine(line, known),
      quantity: units.get(line.order_line_id) ?? 0,
      amount: shares.get(line.order_line_id) ?? 0,
    }))
  const worth =
    how.fee === undefined
      ? worthOf(due, labelOf(row, known))
      : withFee(due, { fee: how.fee, currency: row.currency })
  const quantity = due.reduce((sum, line) => sum + line.quantity, 0)
  return { worth, lines, refundable, units, quantity }
}

/** Accepted units of a line that were not paid back, and are not on the way. */
export const dueUnits = (line: LineRow, paid: Paid | undefined): number =>
  line.accepted_quantity - (paid?.units.get(line.id) ?? 0)

const worthLine = (
  line: LineRow,
  paid: Paid | undefined,
): Omit<WorthLine, 'quantity' | 'amount'> => ({
  key: line.id,
  fee_ppm: line.fee_ppm,
  fee_unit_amount: line.fee_unit_amount,
  before: {
    quantity: paid?.units.get(line.id) ?? 0,
    amount: paid?.shares.get(line.id) ?? 0,
  },
})

const labelOf = (row: ReturnRow, paid: Paid | undefined) => ({
  amount: row.label_paid_by === 'customer' ? row.label_amount : 0,
  taken_amount: paid?.label_fee_amount ?? 0,
})

/** The worth with a fee that somebody says, shared out over the lines by what they are worth. */
function withFee(
  due: readonly WorthLine[],
  { fee, currency }: { fee: string | number; currency: string },
): Worth {
  const fee_amount = parseMoney(fee, currency, 'fee_amount')
  if (fee_amount < 0) throw invalidField('fee_amount', 'must not be negative')
  const items_amount = due.reduce((sum, { amount }) => sum + amount, 0)
  if (fee_amount > items_amount) {
    const money = (amount: number) => formatMoney(amount, currency)
    const told = { fee: money(fee_amount), amount: money(items_amount), currency }
    throw returnErrors.fee_exceeds_refund(told)
  }
  const fees = shareOut(
    fee_amount,
    due.map(({ key, amount }) => ({ key, weight: amount })),
  )
  return {
    lines: due.map(({ key, quantity, amount }) => ({
      key,
      quantity,
      amount,
      fee_amount: fees.get(key) ?? 0,
    })),
    items_amount,
    restocking_fee_amount: fee_amount,
    label_fee_amount: 0,
    fee_amount,
    due_amount: items_amount - fee_amount,
  }
}

function nothingDue(row: ReturnRow, lines: readonly LineRow[]) {
  const waiting = lines.reduce((sum, line) => sum + waitingUnits(line), 0)
  if (waiting > 0) return returnErrors.not_inspected({ waiting })
  const problem = 'no accepted unit waits to be paid back'
  return returnErrors.nothing_to_refund({ rma_number: printRma(row.number), problem })
}
