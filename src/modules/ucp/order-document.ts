import { parseMoney } from '#kit/money'
import { type AgentSession, sessionOfOrder } from '#modules/agentic'
import {
  findOrder,
  linesOf,
  listRefunds,
  type OrderLine,
  type OrderRefund,
  type OrderRow,
  printOrderNumber,
} from '#modules/orders'
import {
  linesOfShipments,
  type ShipmentLine,
  type ShipmentRow,
  shipmentsOfOrders,
} from '#modules/shipments'
import { type Context, systemActor } from '#platform/context'
import type { Total, UcpOrder } from './schemas.ts'

/** More of one order are not told. */
const REFUNDS_MAX = 100

type Known = {
  order: OrderRow
  lines: readonly OrderLine[]
  session: AgentSession
  permalink_url: string
  refunds: readonly OrderRefund[]
}
type Sent = { shipments: readonly ShipmentRow[]; contents: readonly ShipmentLine[] }

/** An order's document, who brought it, and whose it is. */
export type Brought = { agent: string; customer_id: OrderRow['customer_id']; document: UcpOrder }

/** An order that an agent brought, as the protocol tells it; undefined if none did (yet). */
export async function orderDocument(
  ctx: Context,
  order_id: OrderRow['id'],
): Promise<Brought | undefined> {
  const session = await sessionOfOrder(ctx, order_id)
  // Until it is completed, the session is what is told, and not its order.
  if (!session?.order) return undefined
  // Whose it is was decided by the session, so it is read as the house itself.
  const asHouse = { ...ctx, actor: systemActor }
  const [order, lines, shipments, refunds] = await Promise.all([
    findOrder(asHouse, order_id),
    linesOf(ctx, [order_id]),
    shipmentsOfOrders(ctx, { orders: [order_id] }),
    listRefunds(asHouse, { id: order_id, limit: REFUNDS_MAX }),
  ])
  const contents = await linesOfShipments(ctx, { shipments: shipments.map(({ id }) => id) })
  const { permalink_url } = session.order
  const known = {
    order,
    lines: lines.get(order_id) ?? [],
    session,
    permalink_url,
    refunds: refunds.items,
  }
  const { customer_id } = order
  return { agent: session.agent, customer_id, document: printed(known, { shipments, contents }) }
}

function printed(known: Known, sent: Sent): UcpOrder {
  const { order, lines, session, permalink_url } = known
  return {
    id: order.id,
    label: printOrderNumber(order.number),
    checkout_id: session.id,
    permalink_url,
    currency: order.currency,
    line_items: lines.map((line) => lineOf(line, order)),
    fulfillment: { expectations: expectationsOf(known), events: eventsOf(sent) },
    adjustments: [...cancellationOf(order), ...known.refunds.map(refundOf)],
    totals: totalsOf(order),
  }
}

type Line = UcpOrder['line_items'][number]

function lineOf(line: OrderLine, { prices_include_tax }: OrderRow): Line {
  const total = line.quantity - line.cancelled_quantity
  const tax = prices_include_tax ? 0 : (line.tax_amount ?? 0)
  return {
    id: line.id,
    item: { id: line.sku, title: line.name, price: line.unit_amount },
    quantity: { original: line.quantity, total, fulfilled: line.fulfilled_quantity },
    totals: [
      { type: 'subtotal', amount: line.total_amount },
      ...less('items_discount', line.discount_amount),
      ...more('tax', tax),
      { type: 'total', amount: line.total_amount - line.discount_amount + tax },
    ],
    status: statusOf(total, line.fulfilled_quantity),
  }
}

function statusOf(total: number, fulfilled: number): Line['status'] {
  if (total === 0) return 'removed'
  if (fulfilled >= total) return 'fulfilled'
  return fulfilled > 0 ? 'partial' : 'processing'
}

const less = (type: string, amount: number): Total[] =>
  amount > 0 ? [{ type, amount: -amount }] : []
const more = (type: string, amount: number): Total[] => (amount > 0 ? [{ type, amount }] : [])

/** What the order came to when it was placed; what became of it since are adjustments. */
function totalsOf(order: OrderRow): Total[] {
  const { total_amount, discount_amount, shipping_amount, tax_amount } = order
  const tax = order.prices_include_tax ? 0 : tax_amount
  const subtotal = total_amount + discount_amount - shipping_amount - tax
  return [
    { type: 'subtotal', amount: subtotal },
    ...less('discount', discount_amount),
    ...more('fulfillment', shipping_amount),
    ...more('tax', tax),
    { type: 'total', amount: total_amount },
  ]
}

function expectationsOf({ order, lines, session }: Known): UcpOrder['fulfillment']['expectations'] {
  const shipped = new Set(
    session.lines.filter((line) => line.requires_shipping).map(({ variant_id }) => variant_id),
  )
  const open = lines.filter(({ quantity, cancelled_quantity }) => quantity > cancelled_quantity)
  const of = (method_type: 'shipping' | 'digital') => {
    const units = open
      .filter(({ variant_id }) => shipped.has(variant_id) === (method_type === 'shipping'))
      .map(({ id, quantity, cancelled_quantity }) => ({
        id,
        quantity: quantity - cancelled_quantity,
      }))
    if (units.length === 0) return []
    const destination = method_type === 'shipping' ? destinationOf(order) : {}
    return [{ id: method_type, line_items: units, method_type, destination }]
  }
  return [...of('shipping'), ...of('digital')]
}

function destinationOf({ shipping_address }: OrderRow) {
  if (!shipping_address) return {}
  const { name = '', street, street2, city, state, postal_code, country, phone } = shipping_address
  const [first_name = '', ...rest] = name.split(' ')
  return {
    ...(first_name && { first_name }),
    ...(rest.length > 0 && { last_name: rest.join(' ') }),
    street_address: street,
    ...(street2 && { extended_address: street2 }),
    address_locality: city,
    ...(state && { address_region: state }),
    postal_code,
    address_country: country,
    ...(phone && { phone_number: phone }),
  }
}

const MOMENTS = [
  ['shipped_at', 'shipped'],
  ['delivered_at', 'delivered'],
  ['returned_at', 'returned_to_sender'],
  ['cancelled_at', 'canceled'],
] as const

function eventsOf({ shipments, contents }: Sent): UcpOrder['fulfillment']['events'] {
  const byShipment = Map.groupBy(contents, ({ shipment_id }) => shipment_id)
  return shipments.flatMap((shipment) => {
    const line_items = (byShipment.get(shipment.id) ?? []).map(({ order_line_id, quantity }) => ({
      id: order_line_id,
      quantity,
    }))
    return MOMENTS.flatMap(([member, type]) => {
      const occurred_at = shipment[member]
      if (occurred_at === null) return []
      const { id, carrier } = shipment
      return [{ id: `${id}-${type}`, occurred_at, type, line_items, ...(carrier && { carrier }) }]
    })
  })
}

/** Cancelled units and what is not owed for them. */
function cancellationOf(order: OrderRow): UcpOrder['adjustments'] {
  const { id, cancelled_amount, cancelled_at, updated_at } = order
  if (cancelled_amount === 0 && cancelled_at === null) return []
  return [
    {
      id: `${id}-cancellation`,
      type: 'cancellation',
      occurred_at: cancelled_at ?? updated_at,
      status: 'completed',
      totals: [{ type: 'total', amount: -cancelled_amount }],
    },
  ]
}

const REFUND_STATES = {
  pending: 'pending',
  succeeded: 'completed',
  partly_failed: 'failed',
  failed: 'failed',
} as const

function refundOf(refund: OrderRefund): UcpOrder['adjustments'][number] {
  const { id, amount, currency, status, reason, created_at, settled_at } = refund
  return {
    id,
    type: 'refund',
    occurred_at: settled_at ?? created_at,
    status: REFUND_STATES[status],
    totals: [{ type: 'total', amount: -parseMoney(amount, currency) }],
    ...(reason !== null && { description: reason }),
  }
}
