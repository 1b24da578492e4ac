import type { Id } from '#kit/ids'
import { confirmReservations, releaseReservations, reserveStock } from '#modules/inventory'
import { paidFor } from '#modules/payments'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { requireVersion } from '#platform/versions'
import type { ChangeItem, RemoveItem } from '../edit-schemas.ts'
import { followTotals, requireEditable, storeTotals } from '../edit-totals.ts'
import { orderErrors } from '../errors.ts'
import { orderEvents } from '../events.ts'
import { lockOrder, type OrderRow } from '../find.ts'
import { linesOf, withLines } from '../queries.ts'
import type { Order } from '../schemas.ts'
import { db } from '../tables.ts'
import type { LineRow } from '../wire.ts'

/** Lowers the quantity of a line of an unpaid order; the price of a unit stays. */
export const changeItem = (ctx: Context, { id, item_id, quantity }: ChangeItem): Promise<Order> =>
  lowerTo(ctx, { id, item_id }, quantity)

/** Takes a line out of an unpaid order; the last one stays, because that would be to cancel it. */
export const removeItem = (ctx: Context, { id, item_id }: RemoveItem): Promise<Order> =>
  lowerTo(ctx, { id, item_id }, 0)

async function lowerTo(ctx: Context, named: RemoveItem, quantity: number): Promise<Order> {
  const order = await lockOrder(ctx, named.id)
  requireVersion(ctx, order.version)
  const lines = await linesOf(ctx, { orders: [order.id] })
  const line = lines.find(({ id }) => id === named.item_id)
  if (!line) throw orderErrors.item_not_found({ item_id: named.item_id })
  requireEditable(order)
  await requireUnpaid(ctx, order)
  if (quantity === line.quantity) return withLines(ctx, order)
  if (quantity > line.quantity) {
    throw invalidField('quantity', `must be <= ${line.quantity}; add an item for more`)
  }
  if (quantity === 0 && lines.length === 1) {
    throw orderErrors.not_editable({ problem: 'its last item stays; cancel the order instead' })
  }
  const lowered = { ...line, quantity, total_amount: line.unit_amount * quantity }
  const rest = lines.map((one) => (one === line ? lowered : one))
  if (quantity === 0) await dropLine.run(ctx, { id: line.id })
  else await lowerLine.run(ctx, lowered)
  await reserveAnew(ctx, order, rest)
  return withLines(ctx, await storeLowered(ctx, order, { before: line, after: lowered }))
}

const lowerLine = prepared(
  db,
  (open, p: { id: Id<'order_line'>; quantity: number; total_amount: number }) =>
    open
      .updateTable('order_lines')
      .set({ quantity: p.quantity, total_amount: p.total_amount })
      .where('id', '=', p.id),
)
const dropLine = prepared(db, (open, p: { id: Id<'order_line'> }) =>
  open.deleteFrom('order_lines').where('id', '=', p.id),
)

/** Once there is money, lines go back by a refund; what a checkout computed stays as agreed. */
async function requireUnpaid(ctx: Context, order: OrderRow): Promise<void> {
  if (order.tax_status === 'computed') {
    throw orderErrors.not_editable({ problem: 'its taxes and discounts were agreed at checkout' })
  }
  const paid = await paidFor(ctx, { order_id: order.id })
  if (paid.undecided || paid.held_amount > 0 || paid.captured_amount > 0) {
    throw orderErrors.not_editable({ problem: 'money was taken or held for it' })
  }
}

/** Lets the units of the order go and promises those it still has; nobody can take them between. */
async function reserveAnew(
  ctx: Context,
  order: OrderRow,
  lines: readonly LineRow[],
): Promise<void> {
  const holder = { reference_type: 'order', reference_id: order.id }
  const demands = lines.flatMap(({ item_id, quantity }) =>
    item_id && quantity > 0 ? [{ item_id, quantity }] : [],
  )
  await releaseReservations(ctx, holder)
  if (demands.length > 0) await reserveStock(ctx, demands, holder)
  if (order.status !== 'pending') await confirmReservations(ctx, holder)
}

async function storeLowered(
  ctx: Context,
  order: OrderRow,
  { before, after }: { before: LineRow; after: LineRow },
): Promise<OrderRow> {
  const change = after.total_amount - before.total_amount
  const added = { total_amount: change, tax_amount: 0, gross_amount: change }
  const stored = await storeTotals(ctx, order, added)
  const { id: order_id, currency, total_amount } = stored
  const { id: item_id, sku, quantity, unit_amount } = after
  const told = { order_id, item_id, sku, quantity, unit_amount, currency, total_amount }
  emit(ctx, orderEvents.item_changed({ ...told, old_quantity: before.quantity }))
  return followTotals(ctx, order, stored)
}
