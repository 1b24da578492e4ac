import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import type { OrderRow } from '../find.ts'
import { followGiftCards } from '../gift-cards/settle-gift-cards.ts'
import { moveOrder } from '../moves.ts'
import { owedFor } from '../payment-status.ts'
import { followCosts, statusAt } from '../settle.ts'
import { followOpenUnits } from '../units/held-stock.ts'
import { openUnits } from '../units/lines.ts'
import { fulfilmentStatus } from '../units/status.ts'
import { applied } from './apply.ts'
import { endApplied, keepOrigin, keepSteps, newChange, type Step } from './change-rows.ts'
import { differenceOf } from './difference.ts'
import type { Effect, OrderState } from './effects.ts'
import { momentOf } from './moment.ts'
import { totalsOf } from './money.ts'
import { stateOf } from './order-state.ts'
import { requirePossible, requireSound } from './possible.ts'
import { standingOf } from './standing.ts'
import { storeFacts, storeRows } from './store-state.ts'
import type { ChangeRow } from './tables.ts'

export type NewChange = {
  kind: ChangeRow['kind']
  effects: readonly Effect[]
  reason: string | null
  /** The open set that is applied; otherwise a change is made of it at once. */
  set?: ChangeRow
  /** The id of a change that is made at once: a retry finds it by that. */
  id?: Id<'order_change'> | undefined
  /** The process that applies it, for its retry. */
  key?: string | undefined
  /** Whether the caller moves the stock: with units that go to another order. */
  keepsStock?: boolean
  /** Moves money before it is told what the change means for the payment, of a possible change. */
  moveMoney?: (planned: Planned) => Promise<void>
}

/** An order before and after a change. */
export type Changed = {
  order: OrderRow
  before: OrderState
  after: OrderState
  change: ChangeRow
}

/** A change before it is stored: every step, and what the order is before and after all of them. */
export type Planned = { before: OrderState; after: OrderState; steps: Step[] }

/**
 * What a change comes to. Preview and apply are this one function. Throws what `requirePossible`
 * and `requireSound` throw.
 */
export async function planChange(
  ctx: Context,
  order: OrderRow,
  effects: readonly Effect[],
): Promise<Planned> {
  const plan = await stepsOf(ctx, order, effects)
  if (effects.some(({ kind }) => kind !== 'set_details')) requireSound(plan.after)
  return plan
}

/** The steps of a change, whatever is left of the order after them. */
async function stepsOf(
  ctx: Context,
  order: OrderRow,
  effects: readonly Effect[],
): Promise<Planned> {
  const [before, standing] = await Promise.all([stateOf(ctx, order), standingOf(ctx, order)])
  const steps: Step[] = []
  let state = before
  for (const effect of effects) {
    requirePossible(state, effect, standing)
    const next = applied(state, effect)
    steps.push({ effect, ...differenceOf(state, next) })
    state = next
  }
  return { before, after: state, steps }
}

/**
 * Changes an order in one transaction under its lock: its rows, its stock, its history. `tell`
 * emits what happened, before it is told what that means for its payment. Throws `not_editable`,
 * `item_not_found`, `units_not_there`, `too_many_items`, `total_too_large`, `insufficient_stock`.
 */
export async function commitChange(
  ctx: Context,
  order: OrderRow,
  said: NewChange,
  tell: (changed: Changed) => void,
): Promise<Changed> {
  const plan = await planChange(ctx, order, said.effects)
  const { before, after } = plan
  await said.moveMoney?.(plan)
  const change = await keepApplied(ctx, order, { said, plan })
  await storeRows(ctx, order.id, { before, after })
  if (!said.keepsStock) {
    await followOpenUnits(ctx, order, { before: openOf(before), after: openOf(after) })
  }
  const totals = totalsOf(after)
  const stored = await storeFacts(ctx, order, {
    ...totals,
    ...after.details,
    fulfillment_status: fulfilmentStatus(after.lines),
    payment_status: await statusAt(ctx, order, { ...order, ...totals }),
  })
  tell({ order: stored, before, after, change })
  const followed = await followCosts(ctx, order, stored)
  // Nothing waits to leave any more, but something has left.
  const isOver = stored.fulfillment_status === 'fulfilled' && followed.status === 'processing'
  const settled = isOver ? await moveOrder(ctx, followed, 'ship') : followed
  return { order: await followGiftCards(ctx, settled, after.lines), before, after, change }
}

/**
 * Keeps a change as one that was made, while the caller makes it in its own way: an order that is
 * cancelled, or becomes part of another.
 */
export async function recordChange(
  ctx: Context,
  order: OrderRow,
  said: NewChange,
): Promise<ChangeRow> {
  return keepApplied(ctx, order, { said, plan: await stepsOf(ctx, order, said.effects) })
}

async function keepApplied(
  ctx: Context,
  order: OrderRow,
  { said, plan }: { said: NewChange; plan: Planned },
): Promise<ChangeRow> {
  const { before, after, steps } = plan
  const fresh = () => newChange(ctx, order, { ...said, base: momentOf(order, before) })
  const owed = { old_owed_amount: owedFor(order), new_owed_amount: owedFor(totalsOf(after)) }
  await keepOrigin(ctx, order, before)
  const how = { owed, isKept: said.set !== undefined, key: said.key }
  const closed = await endApplied(ctx, said.set ?? fresh(), how)
  await keepSteps(ctx, closed, steps)
  return closed
}

const openOf = ({ lines }: OrderState) =>
  lines.map((line) => ({ ...line, open_quantity: openUnits(line) }))
