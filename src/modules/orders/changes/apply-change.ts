import type { Context } from '#platform/context'
import type { ProcessContext } from '#platform/processes'
import { requireVersion } from '#platform/versions'
import { orderErrors } from '../errors.ts'
import { findOrder, lockOrder, type OrderRow } from '../find.ts'
import { withLines } from '../queries.ts'
import { type BegunRefund, finishRefund, knownRefund } from '../refunds/begin-refund.ts'
import { cancelUnitsAs } from '../units/cancel-units.ts'
import { balanceOf, paidAmount } from './balance.ts'
import { actionsOf, changeById } from './change-rows.ts'
import { lockChange, requireFresh } from './commands.ts'
import { commitChange } from './commit.ts'
import { beginGivingBack, requireMayRefund } from './give-back.ts'
import { orderChangeLifecycle } from './lifecycle.ts'
import { effectOf } from './print.ts'
import type { ApplyChange, CancelItems, ChangedOrder } from './schemas.ts'
import type { ChangeRow } from './tables.ts'
import { tellChanged } from './tell.ts'

type Done = {
  order_id: OrderRow['id']
  change_id: ChangeRow['id'] | null
  refund: BegunRefund | undefined
}

/**
 * Applies an open set in one transaction: the order becomes what the preview said, its stock is
 * promised or given back, and with `refund` what is paid too much goes back. A retry finds what was
 * done. Throws `change_stale` with what moved since it was begun, and what `commitChange` throws.
 */
export async function applyChange(ctx: ProcessContext, input: ApplyChange): Promise<ChangedOrder> {
  if (input.refund) requireMayRefund(ctx)
  const done = await ctx.transaction((tx) => apply(tx, ctx.key, input), 'read committed')
  return finish(ctx, done)
}

async function apply(ctx: Context, key: string, input: ApplyChange): Promise<Done> {
  const { order, row } = await lockChange(ctx, input)
  const done = { order_id: order.id, change_id: row.id }
  if (row.status === 'applied' && row.applied_key === key) {
    return { ...done, refund: await knownRefund(ctx, key as never) }
  }
  orderChangeLifecycle.next(row.status, 'apply')
  requireVersion(ctx, order.version)
  await requireFresh(ctx, order, row)
  const effects = (await actionsOf(ctx, { order_change_id: row.id })).map(effectOf)
  if (effects.length === 0) throw orderErrors.change_empty({ change_id: row.id })
  const change = { kind: row.kind, effects, reason: row.reason, set: row, key }
  const changed = await commitChange(ctx, order, change, (told) => tellChanged(ctx, effects, told))
  const back = { id: key, reason: row.reason ?? 'order changed', units: [] }
  const refund = input.refund ? await beginGivingBack(ctx, changed.order, back) : undefined
  return { ...done, refund }
}

/**
 * Withdraws open units of an order, and with `refund` gives back what is paid too much for it then.
 * With the last unit the order is cancelled, and what was paid goes back in any case.
 */
export async function cancelItems(ctx: ProcessContext, input: CancelItems): Promise<ChangedOrder> {
  if (input.refund) requireMayRefund(ctx)
  const done = await ctx.transaction((tx) => cancel(tx, ctx.key, input), 'read committed')
  return finish(ctx, done)
}

async function cancel(ctx: Context, key: string, input: CancelItems): Promise<Done> {
  const order = await lockOrder(ctx, input.id)
  const id = key as ChangeRow['id']
  const done = { order_id: order.id, change_id: id }
  if (await changeById.first(ctx, { id })) {
    return { ...done, refund: await knownRefund(ctx, key as never) }
  }
  requireVersion(ctx, order.version)
  const units = input.items.map(({ item_id, quantity }) => ({ order_line_id: item_id, quantity }))
  const reason = input.reason ?? null
  const after = await cancelUnitsAs(ctx, order, { units, reason, id })
  // All that was paid for a cancelled order is on its way back already.
  const isPart = input.refund && after.status !== 'cancelled'
  const back = { id: key, reason: reason ?? 'items cancelled', units }
  return { ...done, refund: isPart ? await beginGivingBack(ctx, after, back) : undefined }
}

async function finish(
  ctx: ProcessContext,
  { order_id, change_id, refund }: Done,
): Promise<ChangedOrder> {
  if (refund) await finishRefund(ctx, refund)
  return ctx.read(async (tx) => {
    const order = await findOrder(tx, order_id)
    return {
      order: await withLines(tx, order),
      change_id,
      balance: balanceOf(order, await paidAmount(tx, order)),
      refund_id: refund?.id ?? null,
    }
  })
}
