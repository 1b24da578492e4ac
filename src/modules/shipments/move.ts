import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { shipmentEvents } from './events.ts'
import { storeShipment } from './find.ts'
import { shipmentLifecycle } from './lifecycle.ts'
import type { ShipmentRow } from './tables.ts'

/** The moves that change nothing but the shipment itself. */
type PlainMove = 'process' | 'make_ready' | 'reopen' | 'hold' | 'release'

/** Makes one plain move; refuses (409) one that is not open. The order's lock is held. */
export async function moveShipment(
  ctx: Context,
  shipment: ShipmentRow,
  move: PlainMove,
  reason: string | null = null,
): Promise<ShipmentRow> {
  const status = shipmentLifecycle.next(shipment.status, move)
  const stored = await storeShipment(ctx, shipment, { status, status_reason: reason })
  const { id: shipment_id, order_id, status: old_status } = shipment
  const moved = { shipment_id, order_id, old_status, new_status: status, reason }
  emit(ctx, shipmentEvents.status_changed(moved))
  return stored
}
