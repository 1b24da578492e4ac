import type { Id } from '#kit/ids'
import { agenticEvents } from '#modules/agentic'
import { orderEvents } from '#modules/orders'
import { shipmentEvents } from '#modules/shipments'
import { queueDelivery } from '#modules/webhooks'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import type { DomainEvent } from '#platform/events'
import { laterUnderLock, type Reaction } from '#platform/reactions'
import { keysOf } from './keys.ts'
import { orderDocument } from './order-document.ts'
import { db } from './tables.ts'

const platformOf = prepared(db, (open, p: { session_id: Id<'agent_session'> }) =>
  open.selectFrom('ucp_checkouts').selectAll().where('session_id', '=', p.session_id),
)

/** Tells the platform that brought an order how it stands now. */
async function tell(ctx: Context, order_id: Id<'order'>, event: DomainEvent): Promise<void> {
  const [key] = keysOf(ctx.settings)
  if (!key) return
  const found = await orderDocument(ctx, order_id)
  if (!found) return
  const { document } = found
  const platform = await platformOf.first(ctx, { session_id: document.checkout_id })
  if (!platform?.webhook_url) return
  const { version, webhook_url: url } = platform
  const capabilities = { 'dev.ucp.shopping.order': [{ version }] }
  await queueDelivery(ctx, {
    channel: 'ucp',
    url,
    secret: JSON.stringify(key),
    signing: 'ucp',
    type: event.name,
    entity_type: 'order',
    entity_id: order_id,
    body: { ucp: { version, status: 'success', capabilities }, ...document },
    event_id: event.id as string,
  })
}

type OfOrder = { order_id: Id<'order'> }
const on = (happened: Parameters<typeof laterUnderLock>[0]): Reaction => ({
  ...laterUnderLock(
    happened,
    `ucp.tell_${happened.type.replace('.', '_')}`,
    (ctx, payload, event) => tell(ctx, (payload as OfOrder).order_id, event),
  ),
  // Without a key nothing can be signed, so nothing is sent, and no order need wait for it.
  wanted: ({ ucp_signing_secrets }) => ucp_signing_secrets.length > 0,
})

export const reactions: readonly Reaction[] = [
  on(agenticEvents.completed as never),
  on(orderEvents.status_changed as never),
  on(orderEvents.refund_settled as never),
  on(orderEvents.cancelled as never),
  on(shipmentEvents.shipped as never),
  on(shipmentEvents.delivered as never),
]
