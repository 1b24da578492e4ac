import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import type { Shortage } from '../allocation.ts'
import { WHY } from '../why.ts'

const DAY_MS = 86_400_000

/** What an item allows to be sold ahead of stock. */
export type Ahead = {
  item_id: Id<'item'>
  backorder_limit: number
  backordered: number
  preorder_until: string | null
  lead_time_days: number | null
}
/** Units that wait for stock, and when they are expected. */
export type WaitingPart = {
  item_id: Id<'item'>
  quantity: number
  why: 'backorder' | 'preorder'
  promised_at: string | null
}

/**
 * Turns what is short into promises that wait, as far as the limits of the items allow; what goes
 * beyond one is left over as a shortage.
 */
export function planWaiting(
  ctx: Context,
  shortages: readonly Shortage[],
  items: ReadonlyMap<Id<'item'>, Ahead>,
): { waiting: WaitingPart[]; refused: Shortage[] } {
  const waiting: WaitingPart[] = []
  const refused: Shortage[] = []
  for (const shortage of shortages) {
    const item = items.get(shortage.item_id)
    const quantity = shortage.requested - shortage.available
    if (!item || item.backordered + quantity > item.backorder_limit) refused.push(shortage)
    else waiting.push({ item_id: shortage.item_id, quantity, ...promiseOf(ctx, item) })
  }
  return { waiting, refused }
}

/** When more of an item is expected, and what a promise of it is called until then. */
export function promiseOf(
  ctx: Context,
  { preorder_until, lead_time_days }: Pick<Ahead, 'preorder_until' | 'lead_time_days'>,
): Pick<WaitingPart, 'why' | 'promised_at'> {
  if (preorder_until !== null && preorder_until > ctx.now) {
    return { why: WHY.preorder, promised_at: preorder_until }
  }
  if (lead_time_days === null) return { why: WHY.backorder, promised_at: null }
  const ms = Date.parse(ctx.now) + lead_time_days * DAY_MS
  return { why: WHY.backorder, promised_at: new Date(ms).toISOString() }
}
