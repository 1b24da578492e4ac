import type { Context } from '#platform/context'
import { requireVersion } from '#platform/versions'
import { commitChange } from '../changes/commit.ts'
import { detailsOf } from '../changes/resolve.ts'
import { tellChanged } from '../changes/tell.ts'
import type { UpdateOrder } from '../edit-schemas.ts'
import { lockOrder } from '../find.ts'
import { taxesOf, withLines } from '../queries.ts'
import type { Order } from '../schemas.ts'

/**
 * Corrects what costs nothing: addresses, notes, the way to pay, where to write to. What is left
 * out stays, null takes it away. Where the parcel goes is fixed once it has left, and the country,
 * state and postal code already once taxes were computed for them; one that was never told may be
 * told as long as the taxes are those of no place. A change of one step.
 */
export async function updateOrder(ctx: Context, { id, ...said }: UpdateOrder): Promise<Order> {
  const order = await lockOrder(ctx, id)
  requireVersion(ctx, order.version)
  const effect = detailsOf(order, said, await taxesOf(ctx, { orders: [id] }))
  if (Object.keys(effect.details).length === 0) return withLines(ctx, order)
  const change = { kind: 'edit', effects: [effect], reason: null } as const
  const changed = await commitChange(ctx, order, change, (done) => tellChanged(ctx, [effect], done))
  return withLines(ctx, changed.order)
}
