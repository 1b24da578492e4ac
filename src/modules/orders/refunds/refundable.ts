import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { parseMoney } from '#kit/money'
import { refundableParts } from '#modules/payments'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { invalidField } from '#platform/operations'
import { orderErrors } from '../errors.ts'
import type { OrderRow } from '../find.ts'
import { feesOf, linesOf } from '../queries.ts'
import { paidForLine } from '../wire.ts'
import { planRefund, type Refundable, type RefundPlan, type Wanted } from './plan.ts'
import type { RefundOrder } from './schemas.ts'
import { db } from './tables.ts'

const refundedLines = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open
    .selectFrom('order_refunds as r')
    .innerJoin('order_refund_lines as l', 'l.order_refund_id', 'r.id')
    .select(['l.order_line_id', (eb) => eb.fn.sum<number>('l.quantity').as('quantity')])
    .select((eb) => eb.fn.sum<number>('l.amount').as('amount'))
    .select(sql<number>`sum(coalesce(l.tax_amount, 0))`.as('tax_amount'))
    .where('r.order_id', '=', p.order_id)
    .where('r.status', '<>', 'failed')
    .groupBy('l.order_line_id'),
)
const refundedSums = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open
    .selectFrom('order_refunds')
    .select((eb) => [
      eb.fn.sum<number | null>('shipping_amount').as('shipping'),
      eb.fn.sum<number | null>('credit_amount').as('credited'),
    ])
    .where('order_id', '=', p.order_id)
    .where('status', '<>', 'failed'),
)

/** Shoppers may ask for a refund, but not decide over money that was taken. */
export function refuseShoppers({ actor }: Pick<Context, 'actor'>): void {
  if (actor.own_only) throw orderErrors.staff_only({ action: 'refund an order' })
}

/** What a refund of the order comes to now; for a preview, and under the order's lock for real. */
export async function refundOf(
  ctx: Context,
  order: OrderRow,
  input: RefundOrder,
): Promise<RefundPlan> {
  const refundable = await refundableOf(ctx, order)
  return planned(refundable, wantedOf(refundable, input))
}

/** The same of units and amounts that another module has worked out. */
export const refundPlanOf = async (
  ctx: Context,
  order: OrderRow,
  wanted: Wanted,
): Promise<RefundPlan> => planned(await refundableOf(ctx, order), wanted)

function planned(refundable: Refundable, wanted: Wanted): RefundPlan {
  if (refundable.payments.length === 0) {
    throw orderErrors.nothing_to_refund({ problem: 'nothing that was paid for it is left' })
  }
  return planRefund(refundable, wanted)
}

/** All of an order that can still be given back. */
export async function refundableOf(ctx: Context, order: OrderRow): Promise<Refundable> {
  const order_id = order.id
  const [lines, fees, refunded, sums, payments] = await Promise.all([
    linesOf(ctx, { orders: [order_id] }),
    feesOf(ctx, { orders: [order_id] }),
    refundedLines(ctx, { order_id }),
    refundedSums.first(ctx, { order_id }),
    refundableParts(ctx, { order_id }),
  ])
  const byLine = new Map(refunded.map((row) => [row.order_line_id, row]))
  return {
    currency: order.currency,
    // A line that was taken out of its order stays in the books, with no unit.
    lines: lines.flatMap((line) => {
      if (line.quantity === 0) return []
      const known = byLine.get(line.id)
      return {
        line_id: line.id,
        sku: line.sku,
        quantity: line.quantity,
        amount: paidForLine(line),
        tax_amount: line.tax_amount ?? 0,
        is_taxed: line.tax_amount !== null,
        fulfilled_quantity: line.fulfilled_quantity,
        refunded: {
          quantity: Number(known?.quantity ?? 0),
          amount: Number(known?.amount ?? 0),
          tax_amount: Number(known?.tax_amount ?? 0),
        },
      }
    }),
    shipping: {
      amount: fees
        .filter(({ kind }) => kind === 'shipping')
        .reduce((sum, { gross_amount }) => sum + gross_amount, 0),
      refunded_amount: Number(sums?.shipping ?? 0),
    },
    payments,
    credited_amount: Number(sums?.credited ?? 0),
  }
}

function wantedOf({ lines, currency }: Refundable, input: RefundOrder): Wanted {
  const units = new Map<Id<'order_line'>, number>()
  const known = new Set(lines.map(({ line_id }) => line_id))
  for (const [index, { item_id, quantity }] of (input.items ?? []).entries()) {
    if (!known.has(item_id)) throw invalidField(`items.${index}.item_id`, 'is not in this order')
    units.set(item_id, (units.get(item_id) ?? 0) + quantity)
  }
  return {
    units: input.items && units,
    include_shipping: input.include_shipping,
    goodwill_amount: amountIn(input, 'amount', currency),
    fee_amount: amountIn(input, 'fee_amount', currency),
    credit: input.to === 'store_credit' ? 'all' : undefined,
  }
}

function amountIn(input: RefundOrder, field: 'amount' | 'fee_amount', currency: string) {
  if (input[field] === undefined) return undefined
  const amount = parseMoney(input[field], currency, field)
  if (amount <= 0) throw invalidField(field, 'must be above zero')
  return amount
}
