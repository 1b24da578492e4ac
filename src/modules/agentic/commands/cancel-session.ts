import { giveBackSpending } from '#modules/agents'
import { cancelUnpaidOrder } from '#modules/orders'
import { paymentsOfOrder } from '#modules/payments'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { emit } from '#platform/events'
import { agenticErrors } from '../errors.ts'
import { agenticEvents } from '../events.ts'
import { lockedSession, requireOpen, saveSession } from '../find.ts'
import { letGo } from '../hold.ts'
import { agentSessionLifecycle } from '../lifecycle.ts'
import type { AgentSession, CancelSession } from '../schemas.ts'

/**
 * Gives a session up: what it holds is available at once, and an order that waits for its payer is
 * cancelled. Throws `ended` for one that has ended, and `busy` while nobody knows whether it is
 * paid.
 */
export async function cancelSession(ctx: Context, input: CancelSession): Promise<AgentSession> {
  const row = await lockedSession(ctx, input)
  requireOpen(ctx, row)
  const { id: session_id, status, order_id } = row
  if (order_id) {
    await lockEntity(ctx, 'order', order_id)
    const payments = await paymentsOfOrder(ctx, { order_id })
    const isUndecided = payments.some(
      (one) => one.processed_at === null && one.status !== 'requires_action',
    )
    if (isUndecided) throw agenticErrors.busy({ session_id, status })
  }
  emit(ctx, agenticEvents.canceled({ session_id }))
  const { row: saved } = await saveSession(ctx, row, {
    change: {
      status: agentSessionLifecycle.next(status, 'cancel'),
      order_id: null,
      held_until: null,
      ended_at: ctx.now,
      told: { ...row.told, intent_trace: input.intent_trace ?? null },
      document: { messages: [], authentication: null },
    },
  })
  if (order_id) {
    await cancelUnpaidOrder(ctx, order_id, 'given up by the agent')
    await giveBackSpending(ctx, { session_id })
  } else await letGo(ctx, row)
  return saved.document
}
