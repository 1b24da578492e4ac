import type { Context } from '#platform/context'
import { requireVersion } from '#platform/versions'
import { commitChange } from '../changes/commit.ts'
import { stateOf } from '../changes/order-state.ts'
import { newLine } from '../changes/resolve.ts'
import { tellChanged } from '../changes/tell.ts'
import type { AddItem } from '../edit-schemas.ts'
import { requireEditable } from '../editable.ts'
import { lockOrder } from '../find.ts'
import { withLines } from '../queries.ts'
import type { Order } from '../schemas.ts'

/**
 * Adds a line at the catalogue's price of now, its stock reserved in the same transaction. It is
 * priced by itself, in the tax context of the order: what was agreed for the other lines stays.
 * What was paid for the order may be too little then. A change of one step.
 */
export async function addItem(ctx: Context, { id, ...wanted }: AddItem): Promise<Order> {
  const order = await lockOrder(ctx, id)
  requireVersion(ctx, order.version)
  requireEditable(order)
  const effects = [await newLine(ctx, wanted, { order, state: await stateOf(ctx, order) })]
  const change = { kind: 'edit', effects, reason: null } as const
  const changed = await commitChange(ctx, order, change, (done) => tellChanged(ctx, effects, done))
  return withLines(ctx, changed.order)
}
