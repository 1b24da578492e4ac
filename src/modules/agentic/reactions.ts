import { giveBackSpending } from '#modules/agents'
import { orderEvents } from '#modules/orders'
import { paymentsOfOrder } from '#modules/payments'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { together } from '#platform/reactions'
import { agenticEvents } from './events.ts'
import { openSessionByOrder, saveSession } from './find.ts'
import { agentSessionLifecycle } from './lifecycle.ts'
import { completed, followPayment } from './outcome.ts'
import type { SessionRow } from './tables.ts'

const PAID = new Set(['authorized', 'paid'])

/** A session whose order waits for its money; undefined for all other orders. */
const waitingFor = (ctx: Context, order_id: NonNullable<SessionRow['order_id']>) =>
  openSessionByOrder.first(ctx, { order_id })

// The order of a session has no cart: for all that have one, nothing is looked up.
export const reactions = [
  together(
    orderEvents.payment_status_changed,
    'agentic.follow_money',
    async (ctx, { order_id, cart_id, new_status }) => {
      if (cart_id) return
      const row = await waitingFor(ctx, order_id)
      if (!row) return
      if (PAID.has(new_status)) return void (await completed(ctx, row))
      if (new_status !== 'failed') return
      const payment = (await paymentsOfOrder(ctx, { order_id })).at(-1)
      if (payment) await followPayment(ctx, row, payment)
    },
  ),
  together(
    orderEvents.cancelled,
    'agentic.follow_cancelled',
    async (ctx, { order_id, cart_id }) => {
      const row = cart_id ? undefined : await waitingFor(ctx, order_id)
      if (!row) return
      emit(ctx, agenticEvents.canceled({ session_id: row.id }))
      await giveBackSpending(ctx, { session_id: row.id })
      await saveSession(ctx, row, {
        change: {
          status: agentSessionLifecycle.next(row.status, 'cancel'),
          order_id: null,
          ended_at: ctx.now,
          document: { messages: [], authentication: null },
        },
      })
    },
  ),
]
