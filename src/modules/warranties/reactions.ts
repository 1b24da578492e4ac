import type { Id } from '#kit/ids'
import { linesOf, orderEvents } from '#modules/orders'
import { linesOfShipments, shipmentEvents, shipmentsOfOrders } from '#modules/shipments'
import type { Context } from '#platform/context'
import { later } from '#platform/reactions'
import { coverDelivery } from './coverage/cover-deliveries.ts'

/** Units of an order that have left without a shipment: nothing else tells that they arrived. */
async function unitsWithoutShipment(ctx: Context, order_id: Id<'order'>) {
  const [lines, shipments] = await Promise.all([
    linesOf(ctx, [order_id]),
    shipmentsOfOrders(ctx, { orders: [order_id] }),
  ])
  const sent = shipments.filter(({ shipped_at, cancelled_at }) => shipped_at && !cancelled_at)
  const shipped = await linesOfShipments(ctx, { shipments: sent.map(({ id }) => id) })
  const left = new Map<string, number>()
  for (const { order_line_id, quantity, returned_quantity } of shipped) {
    const units = quantity - returned_quantity
    left.set(order_line_id, (left.get(order_line_id) ?? 0) + units)
  }
  return (lines.get(order_id) ?? [])
    .map(({ id, fulfilled_quantity }) => ({
      order_line_id: id,
      quantity: fulfilled_quantity - (left.get(id) ?? 0),
    }))
    .filter(({ quantity }) => quantity > 0)
}

export const reactions = [
  later(shipmentEvents.delivered, 'warranties.cover_a_shipment', async (ctx, delivered) => {
    await coverDelivery(ctx, delivered)
  }),
  // An order may be delivered by a word of staff, without any shipment.
  later(orderEvents.completed, 'warranties.cover_an_order', async (ctx, { order_id }) => {
    const units = await unitsWithoutShipment(ctx, order_id)
    const delivery = { order_id, shipment_id: null, units, serial_numbers: [] }
    if (units.length > 0) await coverDelivery(ctx, { ...delivery, delivered_at: ctx.now })
  }),
]
