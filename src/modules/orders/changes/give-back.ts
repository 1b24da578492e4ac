import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { requestErrors } from '#platform/operations'
import type { OrderRow } from '../find.ts'
import { owedFor } from '../payment-status.ts'
import { type BegunRefund, beginRefund } from '../refunds/begin-refund.ts'
import { planRefund, type Refundable } from '../refunds/plan.ts'
import { refundableOf, refuseShoppers } from '../refunds/refundable.ts'
import type { LineUnits } from '../units/lines.ts'
import { paidAmount } from './balance.ts'

const REFUND = 'payments:write'

/** Refuses who may change an order, but not give money back for it. */
export function requireMayRefund(ctx: Pick<Context, 'actor'>): void {
  refuseShoppers(ctx)
  if (!ctx.actor.may(REFUND)) throw requestErrors.forbidden({ permission: REFUND })
}

type GivenBack = { id: string; reason: string | null; units: readonly LineUnits[] }

/**
 * Begins to give back what is paid too much for an order, in the transaction that made it so; the
 * units for which it is are named as refunded. Undefined if nothing is paid too much: it may be
 * that only a part was paid, or that money is held and not taken.
 */
export async function beginGivingBack(
  ctx: Context,
  order: OrderRow,
  { id, reason, units }: GivenBack,
): Promise<BegunRefund | undefined> {
  const too_much = (await paidAmount(ctx, order)) - owedFor(order)
  if (too_much <= 0) return undefined
  const plan = await planOf(ctx, order, { units, too_much })
  return beginRefund(ctx, order, { id: id as Id<'order_refund'>, plan, reason })
}

type TooMuch = { units: readonly LineUnits[]; too_much: number }

/** The units that were cancelled, if what is paid too much is at least what they came to. */
async function planOf(ctx: Context, order: OrderRow, { units, too_much }: TooMuch) {
  const refundable = await refundableOf(ctx, order)
  const named = new Map(units.map((one) => [one.order_line_id, one.quantity]))
  const rest = too_much - shareOf(refundable, named, too_much)
  // Paid in part, or refunded before: less is too much than the units cost.
  if (rest < 0) return planRefund(refundable, { goodwill_amount: too_much })
  const more = rest > 0 && { goodwill_amount: rest }
  return planRefund(refundable, { ...(named.size > 0 && { units: named }), ...more })
}

/** What units come to, whoever paid for them; more than there is, if they were refunded already. */
function shareOf(
  refundable: Refundable,
  units: ReadonlyMap<Id<'order_line'>, number>,
  too_much: number,
): number {
  const isLeft = refundable.lines.every(
    ({ line_id, quantity, refunded }) => (units.get(line_id) ?? 0) <= quantity - refunded.quantity,
  )
  if (!isLeft) return Number.POSITIVE_INFINITY
  const [first] = refundable.payments
  const payments = first ? [{ ...first, amount: Number.MAX_SAFE_INTEGER }] : []
  const rich = { ...refundable, payments, credited_amount: 0 }
  return planRefund(rich, { units, goodwill_amount: too_much }).items_amount
}
