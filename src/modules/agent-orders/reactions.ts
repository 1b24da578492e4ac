import { agenticEvents } from '#modules/agentic'
import { orderEvents } from '#modules/orders'
import { paymentEvents } from '#modules/payments'
import { shipmentEvents } from '#modules/shipments'
import type { Settings } from '#platform/config/settings'
import { type Reaction, together } from '#platform/reactions'
import { type NewFact, tellChange, tellPlaced } from './tell.ts'
import { stepTo } from './words.ts'

// All of them belong to the transaction of what they tell: whoever writes an order, its shipments
// or its money holds the order's lock, so what is queued is in the order in which it happened.

const NO_MONEY = { status: null, amount: null, currency: null }

const refund = (status: string, about: Pick<NewFact, 'amount' | 'currency' | 'description'>) => ({
  kind: 'adjustment' as const,
  type: 'refund',
  shipment_id: null,
  status,
  ...about,
})

type Moved = {
  shipment_id: NonNullable<NewFact['shipment_id']>
  old_status: Parameters<typeof stepTo>[0]
  new_status: Parameters<typeof stepTo>[0]
}

/** The step that a move of a shipment is; undefined for what no agent is told of. */
function stepOf({ shipment_id, old_status, new_status }: Moved, description: string | null) {
  const type = old_status === new_status ? undefined : stepTo(new_status)
  if (!type) return undefined
  return { kind: 'event' as const, shipment_id, type, description, ...NO_MONEY }
}

/** Whether there is anybody to tell. */
const tellsAgents = ({ agentic_commerce_webhook_url }: Settings): boolean =>
  agentic_commerce_webhook_url !== undefined

export const reactions: readonly Reaction[] = [
  together(agenticEvents.completed, 'agent_orders.placed', (ctx, { order_id }) =>
    tellPlaced(ctx, order_id),
  ),
  together(orderEvents.status_changed, 'agent_orders.status_changed', (ctx, { order_id }) =>
    tellChange(ctx, order_id),
  ),
  together(orderEvents.cancelled, 'agent_orders.cancelled', (ctx, { order_id }) =>
    tellChange(ctx, order_id),
  ),
  together(orderEvents.completed, 'agent_orders.order_completed', (ctx, { order_id }) =>
    tellChange(ctx, order_id),
  ),
  together(orderEvents.item_added, 'agent_orders.item_added', (ctx, { order_id }) =>
    tellChange(ctx, order_id),
  ),
  together(orderEvents.item_changed, 'agent_orders.item_changed', (ctx, { order_id }) =>
    tellChange(ctx, order_id),
  ),
  together(shipmentEvents.created, 'agent_orders.shipment_created', (ctx, { order_id }) =>
    tellChange(ctx, order_id),
  ),
  together(shipmentEvents.updated, 'agent_orders.shipment_updated', (ctx, { order_id }) =>
    tellChange(ctx, order_id),
  ),
  together(shipmentEvents.label_bought, 'agent_orders.label_bought', (ctx, { order_id }) =>
    tellChange(ctx, order_id),
  ),
  // Until it leaves, people move a shipment; from then on what its carriers tell.
  together(shipmentEvents.status_changed, 'agent_orders.shipment_moved', (ctx, moved) =>
    tellChange(ctx, moved.order_id, stepOf(moved, moved.reason)),
  ),
  together(shipmentEvents.progressed, 'agent_orders.shipment_progressed', (ctx, moved) =>
    tellChange(ctx, moved.order_id, stepOf(moved, null)),
  ),
  together(paymentEvents.refunded, 'agent_orders.refunded', (ctx, told) => {
    const { order_id, amount, currency, reason: description } = told
    return tellChange(ctx, order_id, refund('completed', { amount, currency, description }))
  }),
  together(paymentEvents.refund_failed, 'agent_orders.refund_failed', (ctx, told) => {
    const { order_id, amount, currency, message: description } = told
    return tellChange(ctx, order_id, refund('failed', { amount, currency, description }))
  }),
].map((reaction) => ({ ...reaction, wanted: tellsAgents }))
