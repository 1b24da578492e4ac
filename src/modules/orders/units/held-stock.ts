import type { Id } from '#kit/ids'
import { confirmReservations, releaseUnits, reserveStock } from '#modules/inventory'
import type { Context } from '#platform/context'
import type { OrderRow } from '../find.ts'
import type { OrderLine } from './lines.ts'

/** Who holds the stock of an order. */
export const holderOf = ({ id }: Pick<OrderRow, 'id'>) => ({
  reference_type: 'order',
  reference_id: id,
})

type Open = Pick<OrderLine, 'item_id' | 'open_quantity'>
type Change = { before: readonly Open[]; after: readonly Open[] }

/**
 * Makes an order hold what its lines need after a change: what is open no more is free again, and
 * more is promised, or the change is refused. Throws `insufficient_stock`.
 */
export async function followOpenUnits(
  ctx: Context,
  order: OrderRow,
  { before, after }: Change,
): Promise<void> {
  const wanted = new Map<Id<'item'>, number>()
  const add = (lines: readonly Open[], sign: 1 | -1) => {
    for (const { item_id, open_quantity } of lines) {
      if (item_id) wanted.set(item_id, (wanted.get(item_id) ?? 0) + sign * open_quantity)
    }
  }
  add(after, 1)
  add(before, -1)
  const changes = [...wanted].map(([item_id, quantity]) => ({ item_id, quantity }))
  const fewer = changes.filter(({ quantity }) => quantity < 0)
  const more = changes.filter(({ quantity }) => quantity > 0)
  const holder = holderOf(order)
  const freed = fewer.map(({ item_id, quantity }) => ({ item_id, quantity: -quantity }))
  if (freed.length > 0) await releaseUnits(ctx, holder, freed)
  if (more.length === 0) return
  await reserveStock(ctx, more, holder)
  // What is accepted holds its stock for good, the new units like the others.
  if (order.status !== 'pending') await confirmReservations(ctx, holder)
}
