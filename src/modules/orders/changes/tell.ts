import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { orderEvents } from '../events.ts'
import { owedFor } from '../payment-status.ts'
import type { Changed } from './commit.ts'
import { DETAILS, type Effect, type StateLine } from './effects.ts'
import { isEqual } from './store-state.ts'

/** What a change by hand is: each step as it is published, then the change as a whole. */
export function tellChanged(
  ctx: Context,
  effects: readonly Effect[],
  { order, before, after, change }: Changed,
): void {
  const { id: order_id, currency, total_amount } = order
  const former = new Map(before.lines.map((line) => [line.id, line]))
  const lines = after.lines.flatMap((line) => {
    const known = former.get(line.id)
    return known && isEqual(known, line) ? [] : [{ line, old_quantity: known?.quantity ?? 0 }]
  })
  for (const { line, old_quantity } of lines) {
    const { id: item_id, sku, quantity, unit_amount } = line
    const told = { order_id, item_id, sku, quantity, unit_amount, currency, total_amount }
    if (!former.has(line.id)) emit(ctx, orderEvents.item_added(told))
    else if (isCounted(effects, line)) {
      emit(ctx, orderEvents.item_changed({ ...told, old_quantity }))
    }
  }
  const members = DETAILS.filter((name) => !isEqual(before.details[name], after.details[name]))
  // The members by name only: events are kept for ever, and addresses are not their business.
  if (members.length > 0) emit(ctx, orderEvents.updated({ order_id, members }))
  emit(
    ctx,
    orderEvents.changed({
      order_id,
      order_change_id: change.id,
      lines: lines.map(({ line: { id, quantity }, old_quantity }) => ({
        order_line_id: id,
        old_quantity,
        new_quantity: quantity,
      })),
      members,
      total_amount,
      owed_amount: owedFor(order),
      currency,
    }),
  )
}

const isCounted = (effects: readonly Effect[], { id }: StateLine): boolean =>
  effects.some((effect) => effect.kind === 'set_quantity' && effect.order_line_id === id)
