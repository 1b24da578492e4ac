import { hash } from 'node:crypto'
import type { Id } from '#kit/ids'
import { sessionOfOrder } from '#modules/agentic'
import { linesOf, orderOfMoney } from '#modules/orders'
import { linesOfShipments, parcelsOfShipments, shipmentsOfOrders } from '#modules/shipments'
import { queueDelivery } from '#modules/webhooks'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { insertRows } from '#platform/tables'
import { DIALECT, type Known, webhookBody } from './body.ts'
import { type AgentOrderRow, db, type FactRow } from './tables.ts'

type OrderId = Id<'order'>

const byOrder = prepared(db, (open, p: { order_id: OrderId }) =>
  open.selectFrom('agent_orders').selectAll().where('order_id', '=', p.order_id),
)
const factsOf = prepared(db, (open, p: { order_id: OrderId }) =>
  open.selectFrom('agent_order_facts').selectAll().where('order_id', '=', p.order_id).orderBy('id'),
)
const keepTold = prepared(
  db,
  (open, p: { order_id: OrderId; told_hash: string; told_total: number; now: string }) =>
    open
      .updateTable('agent_orders')
      .set({ told_hash: p.told_hash, told_total: p.told_total, updated_at: p.now })
      .where('order_id', '=', p.order_id),
)
const insertOrders = insertRows(db, 'agent_orders')
const insertFacts = insertRows(db, 'agent_order_facts')

/**
 * Tells the agent of an order that it has just placed, in the transaction that completes its
 * session. Every later change of the order is told as well, from `tellChange`.
 */
export async function tellPlaced(ctx: Context, order_id: OrderId): Promise<void> {
  const session = await sessionOfOrder(ctx, order_id)
  // Partners of UCP are told in its own words.
  if (!session?.order || session.protocol.startsWith('ucp')) return
  if (await byOrder.first(ctx, { order_id })) return
  const { id: session_id, protocol, order } = session
  const told = { session_id, protocol, permalink_url: order.permalink_url }
  const { body, told_hash } = await bodyOf(ctx, { order_id, told, first: true })
  const at = { created_at: ctx.now, updated_at: ctx.now }
  await insertOrders(ctx, { rows: [{ order_id, ...told, told_total: 1, told_hash, ...at }] })
  await queue(ctx, { order_id, protocol }, body)
}

/** What happened to an order, as far as it is not seen in the order itself. */
export type NewFact = Omit<FactRow, 'id' | 'order_id' | 'occurred_at'>

/**
 * Tells the agent how its order is now, in the transaction of the change: all of it, and only if
 * something is different from what was told last. Several changes of one transaction are told once.
 */
export async function tellChange(ctx: Context, order_id: OrderId, fact?: NewFact): Promise<void> {
  const row = await byOrder.first(ctx, { order_id })
  if (!row) return
  if (fact) {
    const added = { id: ctx.newId('agent_order_fact'), order_id, occurred_at: ctx.now, ...fact }
    await insertFacts(ctx, { rows: [added] })
  }
  const { body, told_hash } = await bodyOf(ctx, { order_id, told: row, first: false })
  if (told_hash === row.told_hash) return
  const told_total = row.told_total + 1
  await keepTold.run(ctx, { order_id, told_hash, told_total, now: ctx.now })
  await queue(ctx, row, body)
}

type About = { order_id: OrderId; told: Known['told']; first: boolean }

async function bodyOf(ctx: Context, { order_id, told, first }: About) {
  const orders = [order_id]
  const [order, lines, shipments, facts] = await Promise.all([
    orderOfMoney(ctx, order_id),
    linesOf(ctx, orders),
    shipmentsOfOrders(ctx, { orders }),
    factsOf(ctx, { order_id }),
  ])
  const ids = shipments.map(({ id }) => id)
  const [shipped, parcels] = await Promise.all([
    ids.length > 0 ? linesOfShipments(ctx, { shipments: ids }) : [],
    ids.length > 0 ? parcelsOfShipments(ctx, { shipments: ids }) : [],
  ])
  const known = { told, order, shipments, shipped, parcels, facts }
  const body = webhookBody({ ...known, lines: lines.get(order_id) ?? [] }, first)
  const told_hash = hash('sha256', JSON.stringify(body.data), 'base64url')
  return { body, told_hash }
}

type Heard = Pick<AgentOrderRow, 'order_id' | 'protocol'>

async function queue(ctx: Context, { order_id, protocol }: Heard, body: { type: string }) {
  const { agentic_commerce_webhook_url: url, agentic_commerce_webhook_secret } = ctx.settings
  await queueDelivery(ctx, {
    channel: 'acp',
    url: url as string,
    secret: agentic_commerce_webhook_secret,
    signing: 'acp',
    signature_form: protocol === DIALECT ? 'hex' : undefined,
    type: body.type,
    entity_type: 'order',
    entity_id: order_id,
    body,
    event_id: ctx.newId('agent_order_news'),
  })
}
