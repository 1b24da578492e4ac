import type { Id } from '#kit/ids'
import { lockOrder, type OrderRow } from '#modules/orders'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import { shipmentErrors } from '../errors.ts'
import { makeShipment } from '../new-shipment.ts'
import { chooseUnits, openWork, type Wanted } from '../open-work.ts'
import type { CreateShipment, ItemInput, Shipment } from '../schemas.ts'
import { withDetails } from '../wire.ts'

/** Nothing of an order in these states is sent. */
const CLOSED = new Set<OrderRow['status']>(['cancelled', 'refunded', 'exchanged'])

/** Refuses (409) to make shipments of an order that is over. */
export function refuseClosed(order: OrderRow): void {
  if (!CLOSED.has(order.status)) return
  throw shipmentErrors.order_closed({ order_id: order.id, order_status: order.status })
}

/**
 * Makes a shipment of units that lie at one location: those named, or all that waits at the first
 * one. Nothing leaves the shelves yet.
 */
export async function createShipment(ctx: Context, input: CreateShipment): Promise<Shipment> {
  const order = await lockOrder(ctx, input.order_id)
  refuseClosed(order)
  const { order_id: _, fulfilment_order_id, ...sent } = input
  const works = (await openWork(ctx, order)).filter(
    ({ id }) => fulfilment_order_id === undefined || id === fulfilment_order_id,
  )
  const chosen = chooseUnits(order.id, works, sent.items?.map(wantedOf))
  const { shipment } = await makeShipment(ctx, order, { ...chosen, sent })
  return withDetails(ctx, shipment)
}

function wantedOf(item: ItemInput, index: number): Wanted {
  const order_line_id: Id<'order_line'> | undefined = item.order_item_id ?? item.order_line_id
  if (!order_line_id) throw invalidField(`items.${index}.order_item_id`, 'is required')
  return { order_line_id, quantity: item.quantity }
}
