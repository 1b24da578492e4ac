import type { ProcessContext } from '#platform/processes'
import { requireVersion } from '#platform/versions'
import { lockOrder } from '../find.ts'
import { type BegunRefund, beginRefund, finishRefund, knownRefund } from './begin-refund.ts'
import { refundOf, refuseShoppers } from './refundable.ts'
import type { OrderRefund, RefundOrder } from './schemas.ts'
import type { RefundRow } from './tables.ts'

/**
 * Gives back what was paid for lines, units and shipping of an order, by its payments, the newest
 * first, or as store credit. Everything is written and set aside in one transaction under the
 * order's lock before a provider is asked; a retry with the same key goes on with what it finds.
 */
export async function refundOrder(ctx: ProcessContext, input: RefundOrder): Promise<OrderRefund> {
  refuseShoppers(ctx)
  const begun = await ctx.transaction(async (tx): Promise<BegunRefund> => {
    const id = ctx.key as RefundRow['id']
    const order = await lockOrder(tx, input.id)
    const known = await knownRefund(tx, id)
    if (known) return known
    requireVersion(tx, order.version)
    const plan = await refundOf(tx, order, input)
    return beginRefund(tx, order, { id, plan, reason: input.reason ?? null })
  }, 'read committed')
  return finishRefund(ctx, begun)
}
