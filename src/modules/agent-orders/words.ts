import type { OrderRow } from '#modules/orders'
import type { ShipmentRow } from '#modules/shipments'

/** An order's state in the words of ACP since 2026-04-17. */
export function orderStatus({ status, fulfillment_status }: OrderRow): string {
  const known: Partial<Record<OrderRow['status'], string>> = {
    pending: 'created',
    confirmed: 'confirmed',
    processing: 'processing',
    on_hold: 'manual_review',
    shipped: 'shipped',
    delivered: 'completed',
    cancelled: 'canceled',
    exchanged: 'completed',
  }
  // What was refunded was delivered before, or cancelled.
  return known[status] ?? (fulfillment_status === 'unfulfilled' ? 'canceled' : 'completed')
}

/** The same in the six words of older versions. */
export function olderStatus(order: OrderRow): string {
  const status = orderStatus(order)
  if (status === 'completed') return 'fulfilled'
  return status === 'processing' ? 'confirmed' : status
}

const PARCEL: Record<ShipmentRow['status'], string> = {
  pending: 'pending',
  processing: 'processing',
  ready_to_ship: 'processing',
  on_hold: 'pending',
  shipped: 'shipped',
  in_transit: 'in_transit',
  out_for_delivery: 'out_for_delivery',
  failed: 'failed',
  delivered: 'delivered',
  returned: 'failed',
  cancelled: 'canceled',
}

/** A shipment's state as a fulfilment has it. */
export const fulfillmentStatus = ({ status }: Pick<ShipmentRow, 'status'>): string => PARCEL[status]

const STEPS: Partial<Record<ShipmentRow['status'], string>> = {
  processing: 'processing',
  shipped: 'shipped',
  in_transit: 'in_transit',
  out_for_delivery: 'out_for_delivery',
  failed: 'failed_attempt',
  delivered: 'delivered',
  returned: 'returned_to_sender',
  cancelled: 'canceled',
}

/** What happened when a shipment came to a state; undefined for what no agent is told of. */
export const stepTo = (status: ShipmentRow['status']): string | undefined => STEPS[status]
