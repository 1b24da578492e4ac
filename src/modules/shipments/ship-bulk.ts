import { type Static, Type } from 'typebox'
import { Text } from '#kit/schemas'
import type { OrderBulkAction } from '#modules/orders'
import { shipOrder } from './commands/ship-order.ts'
import { methodOf } from './new-shipment.ts'

const Parameters = Type.Object({
  carrier: Type.Optional(Text(40, { description: 'UPS, FedEx, USPS, DHL or another one.' })),
  shipping_method: Type.Optional(Text(40)),
})

/** Ships everything that waits of each order. */
export const shipBulkAction: OrderBulkAction<Static<typeof Parameters>> = {
  name: 'ship',
  permission: 'shipments:update',
  summary: 'Ship everything of an order that waits, one shipment for each location',
  parameters: Parameters,
  async run(ctx, order_id, facts) {
    methodOf(facts.shipping_method)
    const { order, shipments } = await shipOrder(ctx, { order_id, ...facts })
    return { status: order.status, shipments: shipments.map(({ number }) => number) }
  },
}
