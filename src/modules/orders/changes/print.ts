import { formatMoney } from '#kit/money'
import type { Context } from '#platform/context'
import type { OrderRow } from '../find.ts'
import { giftCardRecipients } from '../gift-cards/recipients.ts'
import { type LineRow, orderOf } from '../wire.ts'
import { balanceOf, paidAmount } from './balance.ts'
import { actionsOf } from './change-rows.ts'
import { planChange } from './commit.ts'
import type { Effect, OrderState } from './effects.ts'
import { totalsOf } from './money.ts'
import type { Change, ChangeSummary } from './schemas.ts'
import type { ActionRow, ChangeRow } from './tables.ts'

/** A set of changes as a list tells it. */
export function summaryOf(
  { actor }: Pick<Context, 'actor'>,
  { currency }: Pick<OrderRow, 'currency'>,
  row: ChangeRow,
): ChangeSummary {
  const money = (minor: number | null) => (minor === null ? null : formatMoney(minor, currency))
  return {
    id: row.id,
    order_id: row.order_id,
    kind: row.kind,
    status: row.status,
    number: row.number,
    base_version: row.base_version,
    reason: row.reason,
    currency,
    old_owed_amount: money(row.old_owed_amount),
    new_owed_amount: money(row.new_owed_amount),
    created_by: actor.own_only ? null : row.created_by,
    created_at: row.created_at,
    closed_at: row.closed_at,
  }
}

export const effectOf = ({ effect }: Pick<ActionRow, 'effect'>): Effect =>
  effect as unknown as Effect

/** A set of changes with its steps; an open one with what the order will be. */
export async function changeOf(ctx: Context, order: OrderRow, row: ChangeRow): Promise<Change> {
  const actions = await actionsOf(ctx, { order_change_id: row.id })
  const summary = summaryOf(ctx, order, row)
  if (row.status !== 'open') {
    return { ...summary, actions: actions.map(stepOf), preview: null, stale: false }
  }
  // Of a set that is not for this version nothing can be foretold: it may not even be possible.
  if (row.base_version !== order.version) {
    return { ...summary, actions: actions.map(stepOf), preview: null, stale: true }
  }
  const plan = await planChange(ctx, order, actions.map(effectOf))
  const steps = actions.map((action, nth) => stepOf({ ...action, ...plan.steps[nth] } as ActionRow))
  const after = await printed(ctx, order, plan.after)
  const paid = await paidAmount(ctx, order)
  const costs = { currency: order.currency, ...totalsOf(plan.after) }
  const preview = { order: after, balance: balanceOf(costs, paid) }
  return { ...summary, actions: steps, preview, stale: false }
}

const stepOf = ({ position, kind, before, after }: ActionRow): Change['actions'][number] => ({
  position,
  action: kind,
  before,
  after,
})

/** The order as it would be answered, were this its state. */
async function printed(ctx: Context, order: OrderRow, state: OrderState) {
  const rows = <R>(of: readonly Omit<R, 'order_id'>[]) =>
    of.map((row) => ({ ...row, order_id: order.id })) as unknown as R[]
  return orderOf({ ...order, ...totalsOf(state), ...state.details }, rows<LineRow>(state.lines), {
    discounts: rows(state.discounts),
    taxes: rows(state.taxes),
    fees: rows(state.fees),
    recipients: await giftCardRecipients(ctx, [order], state.lines),
  })
}
