import { paidFor } from '#modules/payments'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import { requireVersion } from '#platform/versions'
import { commitChange } from '../changes/commit.ts'
import { tellChanged } from '../changes/tell.ts'
import type { ChangeItem, RemoveItem } from '../edit-schemas.ts'
import { requireEditable } from '../editable.ts'
import { orderErrors } from '../errors.ts'
import { lockOrder, type OrderRow } from '../find.ts'
import { linesOf, withLines } from '../queries.ts'
import type { Order } from '../schemas.ts'
import { isOrdered } from '../wire.ts'

/** Lowers the quantity of a line of an unpaid order; the price of a unit stays. */
export const changeItem = (ctx: Context, { id, item_id, quantity }: ChangeItem): Promise<Order> =>
  lowerTo(ctx, { id, item_id }, quantity)

/** Takes a line out of an unpaid order; the last one stays, because that would be to cancel it. */
export const removeItem = (ctx: Context, { id, item_id }: RemoveItem): Promise<Order> =>
  lowerTo(ctx, { id, item_id }, 0)

/** A change of one step. */
async function lowerTo(ctx: Context, named: RemoveItem, quantity: number): Promise<Order> {
  const order = await lockOrder(ctx, named.id)
  requireVersion(ctx, order.version)
  const lines = (await linesOf(ctx, { orders: [order.id] })).filter(isOrdered)
  const line = lines.find(({ id }) => id === named.item_id)
  if (!line) throw orderErrors.item_not_found({ item_id: named.item_id })
  requireEditable(order)
  await requireUnpaid(ctx, order)
  if (quantity === line.quantity) return withLines(ctx, order)
  if (quantity > line.quantity) {
    throw invalidField('quantity', `must be <= ${line.quantity}; add an item for more`)
  }
  const effects = [{ kind: 'set_quantity' as const, order_line_id: line.id, quantity }]
  const change = { kind: 'edit', effects, reason: null } as const
  const changed = await commitChange(ctx, order, change, (done) => tellChanged(ctx, effects, done))
  return withLines(ctx, changed.order)
}

/** Once there is money, or a checkout has agreed on it, a change is put together and previewed. */
async function requireUnpaid(ctx: Context, order: OrderRow): Promise<void> {
  if (order.tax_status === 'computed') {
    throw orderErrors.not_editable({ problem: 'its taxes and discounts were agreed at checkout' })
  }
  const paid = await paidFor(ctx, { order_id: order.id })
  if (paid.undecided || paid.held_amount > 0 || paid.captured_amount > 0) {
    throw orderErrors.not_editable({ problem: 'money was taken or held for it' })
  }
}
