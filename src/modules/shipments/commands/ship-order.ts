import type { Id } from '#kit/ids'
import { lockOrder, type OrderRow } from '#modules/orders'
import type { Context } from '#platform/context'
import { shipmentErrors } from '../errors.ts'
import { shipmentsOfOrders } from '../find.ts'
import { isUnshipped } from '../lifecycle.ts'
import { makeShipment } from '../new-shipment.ts'
import { openWork } from '../open-work.ts'
import { contentsOf, shipOut } from '../ship.ts'
import type { ShipmentRow } from '../tables.ts'
import { refuseClosed } from './create-shipment.ts'

export type ShipOrder = {
  order_id: Id<'order'>
  carrier?: string
  shipping_method?: string
  notes?: string
}

/**
 * Ships everything of an order that waits: the shipments that were made for it, and one new one for
 * each location where more of it lies. What is held, or waits for stock, is refused with the whole
 * (409). Throws `nothing_open` where nothing waits.
 */
export async function shipOrder(
  ctx: Context,
  { order_id, ...facts }: ShipOrder,
): Promise<{ order: OrderRow; shipments: ShipmentRow[] }> {
  let order = await lockOrder(ctx, order_id)
  refuseClosed(order)
  const works = (await openWork(ctx, order)).filter(({ units }) => units.length > 0)
  const made = await shipmentsOfOrders(ctx, { orders: [order.id] })
  const waiting = made.filter(({ status }) => isUnshipped(status))
  if (works.length + waiting.length === 0) throw shipmentErrors.nothing_open({ order_id })
  const shipments: ShipmentRow[] = []
  for (const shipment of waiting) {
    const shipped = await shipOut(ctx, order, await contentsOf(ctx, shipment))
    order = shipped.order
    shipments.push(shipped.shipment)
  }
  for (const work of works) {
    const made = await makeShipment(ctx, order, { work, units: work.units, sent: facts })
    const shipped = await shipOut(ctx, order, made)
    order = shipped.order
    shipments.push(shipped.shipment)
  }
  return { order, shipments }
}
