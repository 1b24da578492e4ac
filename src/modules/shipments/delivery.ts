import { type Static, Type } from 'typebox'
import { type Id, IdSchema } from '#kit/ids'
import { Text } from '#kit/schemas'
import { type LineProgress, latest, progressOf } from '#modules/fulfilment'
import {
  DELIVERY_STATES,
  Delivery,
  type DeliveryLine,
  findOrder,
  linesOf,
  type OrderLine,
  type OrderRow,
  orderErrors,
  printOrderNumber,
  type Sending,
} from '#modules/orders'
import type { Context } from '#platform/context'
import { query } from '#platform/operations'
import { linesOfShipments, parcelsOfShipments, shipmentsOfOrders } from './find.ts'
import { hasLeft } from './lifecycle.ts'
import type { LineRow, ParcelRow, ShipmentRow } from './tables.ts'
import { trackingLink } from './tracking-links.ts'
import { printCarrier, printStatus } from './words.ts'

/** How far the units of an order are, what was promised, and where its parcels are. */
export async function deliveryOf(ctx: Context, order: OrderRow): Promise<Delivery> {
  const [lines, progress, shipments] = await Promise.all([
    linesOf(ctx, [order.id]),
    progressOf(ctx, order.id),
    shipmentsOfOrders(ctx, { orders: [order.id] }),
  ])
  const left = shipments.filter(({ status }) => hasLeft(status))
  const ids = { shipments: left.map(({ id }) => id) }
  const [sent, parcels] =
    left.length === 0
      ? [[], []]
      : await Promise.all([linesOfShipments(ctx, ids), parcelsOfShipments(ctx, ids)])
  const arrived = arrivedUnits(order, left, sent)
  const items = (lines.get(order.id) ?? [])
    .filter(({ quantity }) => quantity > 0)
    .map((line) => lineOf(line, { progress: progress.get(line.id), arrived: arrived(line) }))
  return {
    promised_at: latest(items.map(({ promised_at }) => promised_at)),
    items,
    shipments: left.map((shipment) => sendingOf(shipment, { sent, parcels })),
  }
}

/** How many units of a line have arrived. Whoever says so of the whole order means all of them. */
function arrivedUnits(
  { status }: OrderRow,
  left: readonly ShipmentRow[],
  sent: readonly LineRow[],
): (line: OrderLine) => number {
  if (status === 'delivered') return ({ fulfilled_quantity }) => fulfilled_quantity
  const delivered = new Set(
    left.filter((shipment) => shipment.status === 'delivered').map(({ id }) => id),
  )
  const units = new Map<Id<'order_line'>, number>()
  for (const { shipment_id, order_line_id, quantity } of sent) {
    if (!delivered.has(shipment_id)) continue
    units.set(order_line_id, (units.get(order_line_id) ?? 0) + quantity)
  }
  return ({ id, fulfilled_quantity }) => Math.min(fulfilled_quantity, units.get(id) ?? 0)
}

type Known = { progress: LineProgress | undefined; arrived: number }

function lineOf(line: OrderLine, { progress, arrived }: Known): DeliveryLine {
  const backordered = Math.min(line.open_quantity, progress?.waiting ?? 0)
  const there = line.open_quantity - backordered
  const packing = Math.min(there, progress?.begun ?? 0)
  const units = {
    backordered,
    waiting: there - packing,
    packing,
    shipped: line.fulfilled_quantity - arrived,
    delivered: arrived,
  }
  const states = DELIVERY_STATES.flatMap((state) =>
    units[state] > 0 ? [{ state, quantity: units[state] }] : [],
  )
  return {
    order_line_id: line.id,
    sku: line.sku,
    name: line.name,
    quantity: line.quantity - line.cancelled_quantity,
    state: states[0]?.state ?? null,
    states,
    waiting_quantity: backordered,
    preparing_quantity: there,
    packed_quantity: Math.min(there, progress?.packed ?? 0),
    sent_quantity: line.fulfilled_quantity,
    delivered_quantity: arrived,
    promised_at: progress?.promised_at ?? null,
  }
}

type Contents = { sent: readonly LineRow[]; parcels: readonly ParcelRow[] }

const sendingOf = (row: ShipmentRow, { sent, parcels }: Contents): Sending => ({
  shipment_number: row.number,
  status: printStatus(row.status),
  carrier: row.carrier && printCarrier(row.carrier),
  service_level: row.service,
  shipped_at: row.shipped_at,
  estimated_delivery: row.estimated_delivery_at,
  delivered_at: row.delivered_at,
  items: sent
    .filter(({ shipment_id }) => shipment_id === row.id)
    .map(({ order_line_id, quantity }) => ({ order_line_id, quantity })),
  parcels: parcels
    .filter(({ shipment_id }) => shipment_id === row.id)
    .map(({ tracking_number, tracking_url, status }) => ({
      tracking_number,
      tracking_url: trackingLink({ carrier: row.carrier, tracking_number, tracking_url }),
      status,
    })),
})

const OfOrder = Type.Object({ id: Text(64, { description: "The order's id or its number." }) })
const Progress = Type.Object({
  order_id: IdSchema('order'),
  order_number: Type.String({ examples: ['ORD-1000001'] }),
  fulfillment_status: Type.Enum(['unfulfilled', 'partially_fulfilled', 'fulfilled']),
  ...Delivery.properties,
})
type Progress = Static<typeof Progress>

/**
 * How far an order is, as its buyer may know it. Customers see their own orders only. Throws
 * `not_found`.
 */
async function getProgress(ctx: Context, { id }: Static<typeof OfOrder>): Promise<Progress> {
  const order = await findOrder(ctx, id)
  return {
    order_id: order.id,
    order_number: printOrderNumber(order.number),
    fulfillment_status: order.fulfillment_status,
    ...(await deliveryOf(ctx, order)),
  }
}

export const deliveryOperations = [
  query('shipments.get_progress', {
    rest: 'GET /api/v1/orders/:id/progress',
    permission: 'orders:read',
    summary: 'Read how far an order is: what waits, is packed, sent and delivered',
    description:
      'Each line with the states of its units and what was promised, each shipment with its tracking links. Customers see it of their own orders.',
    input: OfOrder,
    output: Progress,
    errors: [orderErrors.not_found],
    example: { id: '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10' },
    run: getProgress,
  }),
]
