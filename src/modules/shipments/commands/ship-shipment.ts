import type { Context } from '#platform/context'
import { lockShipment } from '../find.ts'
import type { Shipment, ShipShipment } from '../schemas.ts'
import { contentsOf, shipOut } from '../ship.ts'
import { withDetails } from '../wire.ts'

/** A shipment leaves: its stock is consumed, and its order is shipped with its last unit. */
export async function shipShipment(ctx: Context, { id, ...how }: ShipShipment): Promise<Shipment> {
  const { shipment, order } = await lockShipment(ctx, id)
  const shipped = await shipOut(ctx, order, await contentsOf(ctx, shipment), how)
  return withDetails(ctx, shipped.shipment)
}
