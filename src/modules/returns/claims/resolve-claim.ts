import type { Id } from '#kit/ids'
import {
  type BegunRefund,
  beginRefund,
  finishRefund,
  knownRefund,
  linesOf,
  orderEvents,
  type RefundPlan,
  refundPlanOf,
} from '#modules/orders'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import type { ProcessContext } from '#platform/processes'
import { together } from '#platform/reactions'
import { requireVersion } from '#platform/versions'
import { refuseShoppers } from '../find.ts'
import { placeGoods, priceGoods } from '../out-goods.ts'
import { claimEvents } from './events.ts'
import {
  answerClaim,
  findClaim,
  type LockedClaim,
  linesOfClaims,
  lockClaim,
  printNumber,
  storeClaim,
  tellClaim,
} from './find.ts'
import { claimLifecycle } from './lifecycle.ts'
import type { Claim, MoveClaim } from './schemas.ts'
import { type ClaimRow, db } from './tables.ts'

/**
 * Does what was agreed for a claim: gives money back (by the payments of the order, or as store
 * credit), or places the replacement, which costs nothing and is reserved in the same write. What
 * failed is tried again by asking again. Throws `insufficient_stock`, and what the refund of an
 * order throws.
 */
export async function resolveClaim(ctx: ProcessContext, input: MoveClaim): Promise<Claim> {
  refuseShoppers(ctx, 'resolve a claim')
  const begun = await ctx.transaction((tx) => begin(tx, ctx.key, input), 'read committed')
  if (begun) await finishRefund(ctx, begun)
  return ctx.read(async (tx) => answerClaim(tx, await findClaim(tx, input.id)))
}

async function begin(
  ctx: Context,
  key: string,
  input: MoveClaim,
): Promise<BegunRefund | undefined> {
  const id = key as Id<'order_refund'>
  const locked = await lockClaim(ctx, input.id)
  const known = await knownRefund(ctx, id)
  if (known) return known
  const { row, order } = locked
  requireVersion(ctx, row.version)
  claimLifecycle.next(row.status, 'resolve')
  if (row.remedy === 'none') return void (await resolved(ctx, row, {}))
  if (row.remedy === 'replacement') return void (await replace(ctx, locked))
  const open = await openRefund(ctx, row)
  if (open) return open
  const plan = await planFor(ctx, locked)
  const reason = `Claim ${printNumber(row.number)}`
  const begun = await beginRefund(ctx, order, { id, plan, reason, claim_id: row.id })
  await storeClaim(ctx, row, { order_refund_id: id })
  return begun
}

/** A refund that was begun by another call and has not failed is not begun again. */
async function openRefund(ctx: Context, row: ClaimRow): Promise<BegunRefund | undefined> {
  return row.order_refund_id === null ? undefined : knownRefund(ctx, row.order_refund_id)
}

async function planFor(ctx: Context, { order, row }: LockedClaim): Promise<RefundPlan> {
  const credit = row.remedy === 'store_credit' ? ('all' as const) : undefined
  if (row.remedy_amount !== null) {
    return refundPlanOf(ctx, order, { goodwill_amount: row.remedy_amount, credit })
  }
  const lines = await linesOfClaims(ctx, { ids: [row.id] })
  const units = new Map(lines.map((line) => [line.order_line_id, line.quantity] as const))
  return refundPlanOf(ctx, order, { units, credit })
}

async function replace(ctx: Context, { order, row }: LockedClaim): Promise<void> {
  const [lines, ordered] = await Promise.all([
    linesOfClaims(ctx, { ids: [row.id] }),
    linesOf(ctx, [order.id]),
  ])
  const sold = new Map((ordered.get(order.id) ?? []).map((line) => [line.id, line]))
  const wanted = lines.flatMap(({ order_line_id, quantity }) => {
    const line = sold.get(order_line_id)
    return line ? [{ variant_id: line.variant_id, quantity, unit_amount: line.unit_amount }] : []
  })
  const label = `Replacement for claim ${printNumber(row.number)}`
  const goods = await priceGoods(ctx, order, { lines: wanted, free: { id: row.id, label } })
  const placed = await placeGoods(ctx, order, { goods, notes: label })
  await resolved(ctx, row, { out_order_id: placed.id })
}

async function resolved(ctx: Context, row: ClaimRow, change: Partial<ClaimRow>): Promise<void> {
  const status = claimLifecycle.next(row.status, 'resolve')
  const after = await storeClaim(ctx, row, { ...change, status, closed_at: ctx.now })
  tellClaim(ctx, after, claimEvents.resolved)
}

const claimById = prepared(db, (open, p: { id: Id<'claim'> }) =>
  open.selectFrom('claims').selectAll().where('id', '=', p.id),
)

type Settled = { claim_id: Id<'claim'> | null; order_refund_id: Id<'order_refund'>; status: string }

/** A claim is resolved when its money has gone back; what failed as a whole is asked for anew. */
async function followRefund(ctx: Context, told: Settled): Promise<void> {
  if (told.claim_id === null) return
  const row = await claimById.first(ctx, { id: told.claim_id })
  if (row?.order_refund_id !== told.order_refund_id || row.status !== 'approved') return
  if (told.status === 'succeeded') await resolved(ctx, row, {})
  if (told.status === 'failed') await storeClaim(ctx, row, { order_refund_id: null })
}

export const claimReactions = [
  together(orderEvents.refund_settled, 'returns.follow_claim_refund', followRefund),
]
