import type { OrderLine, OrderRow } from '#modules/orders'
import { printOrderNumber } from '#modules/orders'
import type { ShipmentLine, ShipmentRow } from '#modules/shipments'
import type { AgentOrderRow, FactRow } from './tables.ts'
import { fulfillmentStatus, olderStatus, orderStatus } from './words.ts'

export type Parcel = {
  shipment_id: string
  tracking_number: string | null
  tracking_url: string | null
}

/** All that is told of an order, as it is now. Amounts are minor units. */
export type Known = {
  told: Pick<AgentOrderRow, 'session_id' | 'protocol' | 'permalink_url'>
  order: OrderRow
  lines: readonly OrderLine[]
  shipments: readonly ShipmentRow[]
  shipped: readonly ShipmentLine[]
  parcels: readonly Parcel[]
  facts: readonly FactRow[]
}

/** The structured dialect, which has words and a signature of its own. */
export const DIALECT = 'dialect-a'

/** The newest version, in which orders are told in full. */
const FULL_SINCE = '2026-04-17'

/** The body of an order webhook: the order as it is now, in the version of its agent. */
export function webhookBody(known: Known, first: boolean): { type: string; data: object } {
  const [protocol, version = FULL_SINCE] = known.told.protocol.split('/')
  if (protocol === DIALECT) {
    return { type: first ? 'order_created' : 'order_updated', data: olderOrder(known) }
  }
  const type = first ? 'order_create' : 'order_update'
  const full = protocol !== 'acp' || version >= FULL_SINCE
  return { type, data: full ? fullOrder(known) : olderOrder(known) }
}

/** Versions before 2026-04-17 know a state and what went back. */
function olderOrder({ told, order, facts }: Known) {
  return {
    type: 'order',
    checkout_session_id: told.session_id,
    permalink_url: told.permalink_url,
    status: olderStatus(order),
    refunds: completedRefunds(facts).map(({ amount }) => ({ type: 'original_payment', amount })),
  }
}

function fullOrder(known: Known) {
  const { told, order, lines, shipments, facts } = known
  const adjustments = facts.filter(({ kind }) => kind === 'adjustment')
  return {
    type: 'order',
    id: order.id,
    checkout_session_id: told.session_id,
    order_number: printOrderNumber(order.number),
    permalink_url: told.permalink_url,
    status: orderStatus(order),
    line_items: lines.filter(({ quantity }) => quantity > 0).map(lineOf),
    fulfillments: shipments.map((shipment) => fulfillmentOf(shipment, known)),
    adjustments: adjustments.map(adjustmentOf),
    totals: totalsOf(known),
  }
}

function lineOf(line: OrderLine) {
  const current = line.quantity - line.cancelled_quantity
  const fulfilled = Math.min(line.fulfilled_quantity, current)
  return {
    id: line.id,
    title: line.name,
    product_id: line.variant_id,
    ...(line.image_url && { image_url: line.image_url }),
    quantity: { ordered: line.quantity, current, fulfilled },
    unit_price: line.unit_amount,
    subtotal: line.total_amount,
    status: lineStatus(current, fulfilled),
  }
}

/** Derived in this order (ACP, orders). */
function lineStatus(current: number, fulfilled: number): string {
  if (current === 0) return 'removed'
  if (fulfilled === current) return 'fulfilled'
  return fulfilled > 0 ? 'partial' : 'processing'
}

function fulfillmentOf(shipment: ShipmentRow, { shipped, parcels, facts }: Known) {
  const lines = shipped.filter(({ shipment_id }) => shipment_id === shipment.id)
  const parcel = parcels.find(({ shipment_id }) => shipment_id === shipment.id)
  const { estimated_delivery_at: expected, carrier } = shipment
  return {
    id: shipment.id,
    type: 'shipping',
    status: fulfillmentStatus(shipment),
    line_items: lines.map(({ order_line_id: id, quantity }) => ({ id, quantity })),
    ...(carrier && { carrier: carrier.toUpperCase() }),
    ...(parcel?.tracking_number && { tracking_number: parcel.tracking_number }),
    ...(parcel?.tracking_url && { tracking_url: parcel.tracking_url }),
    ...(expected && { estimated_delivery: { earliest: expected, latest: expected } }),
    events: facts
      .filter(({ shipment_id }) => shipment_id === shipment.id)
      .map(({ id, type, occurred_at, description }) => ({
        id,
        type,
        occurred_at,
        ...(description && { description }),
      })),
  }
}

const adjustmentOf = (fact: FactRow) => ({
  id: fact.id,
  type: fact.type,
  occurred_at: fact.occurred_at,
  status: fact.status,
  amount: fact.amount,
  currency: fact.currency?.toLowerCase(),
  ...(fact.description && { reason: fact.description }),
})

const completedRefunds = (facts: readonly FactRow[]) =>
  facts.filter(({ type, status }) => type === 'refund' && status === 'completed')

/** `total` stays what was charged at checkout; what went back stands beside it. */
function totalsOf({ order, facts }: Known) {
  const refunded = completedRefunds(facts).reduce((sum, { amount }) => sum + (amount ?? 0), 0)
  const rows: [string, string, number | null][] = [
    ['subtotal', 'Subtotal', order.subtotal_amount],
    ['discount', 'Discount', order.discount_amount || null],
    ['fulfillment', 'Shipping', order.shipping_amount],
    ['tax', 'Tax', order.tax_amount],
    ['total', 'Total', order.total_amount],
    ['amount_refunded', 'Refunded', refunded || null],
  ]
  return rows.flatMap(([type, display_text, amount]) =>
    amount === null ? [] : [{ type, display_text, amount }],
  )
}
