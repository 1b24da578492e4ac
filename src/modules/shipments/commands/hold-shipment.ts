import type { Context } from '#platform/context'
import { lockShipment, parcelsOfShipments } from '../find.ts'
import { moveShipment } from '../move.ts'
import type { GiveReason, Shipment } from '../schemas.ts'
import { withDetails } from '../wire.ts'

/** Stops a shipment that has not left. */
export async function holdShipment(ctx: Context, { id, reason }: GiveReason): Promise<Shipment> {
  const { shipment } = await lockShipment(ctx, id)
  return withDetails(ctx, await moveShipment(ctx, shipment, 'hold', reason))
}

/** Lets a held shipment go on: ready, if it has a tracking number. */
export async function releaseShipment(ctx: Context, { id, reason }: GiveReason): Promise<Shipment> {
  const { shipment } = await lockShipment(ctx, id)
  const released = await moveShipment(ctx, shipment, 'release', reason)
  const parcels = await parcelsOfShipments(ctx, { shipments: [shipment.id] })
  const ready = parcels.some(({ tracking_number }) => tracking_number !== null)
  return withDetails(
    ctx,
    ready ? await moveShipment(ctx, released, 'make_ready', reason) : released,
  )
}
