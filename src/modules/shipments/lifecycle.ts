import { defineLifecycle } from '#kit/lifecycle'

/**
 * How far a shipment is. Until it ships, people decide; from then on its tracking events do: the
 * state is what `shipmentProgress` makes of them.
 */
export const shipmentLifecycle = defineLifecycle('shipment', {
  states: {
    pending: 'Made; its units wait to be packed.',
    processing: 'A label is being bought, or it is being packed.',
    ready_to_ship: 'It has a tracking number and waits for its carrier.',
    on_hold: 'Stopped for a reason; its units wait.',
    shipped: 'Its units left the shelves; no carrier has scanned it yet.',
    in_transit: 'A carrier has it.',
    out_for_delivery: 'It is on its last way, or waits to be picked up.',
    failed: 'Something is wrong: not deliverable, refused, damaged, on its way back.',
    delivered: 'It has arrived.',
    returned: 'It came back undelivered.',
    cancelled: 'Withdrawn before it left; its units are open again. Final.',
  },
  moves: {
    process: { from: ['pending'], to: 'processing', when: 'Packing begins, or a label is bought.' },
    make_ready: {
      from: ['pending', 'processing'],
      to: 'ready_to_ship',
      when: 'It has a label or a tracking number.',
    },
    reopen: {
      from: ['processing', 'ready_to_ship'],
      to: 'pending',
      when: 'Its label was voided, or could not be bought.',
    },
    hold: {
      from: ['pending', 'processing', 'ready_to_ship'],
      to: 'on_hold',
      when: 'Something must be cleared up.',
    },
    release: { from: ['on_hold'], to: 'pending', when: 'It is cleared up.' },
    ship: {
      from: ['pending', 'processing', 'ready_to_ship'],
      to: 'shipped',
      when: 'Its units leave the shelves.',
    },
    transit: {
      from: ['shipped', 'out_for_delivery', 'failed', 'returned'],
      to: 'in_transit',
      when: 'The carrier has scanned it.',
    },
    bring: {
      from: ['shipped', 'in_transit', 'failed', 'returned'],
      to: 'out_for_delivery',
      when: 'It is on its last way.',
    },
    fail: {
      from: ['shipped', 'in_transit', 'out_for_delivery', 'returned'],
      to: 'failed',
      when: 'The carrier tells an exception.',
    },
    deliver: {
      from: ['shipped', 'in_transit', 'out_for_delivery', 'failed', 'returned'],
      to: 'delivered',
      when: 'Its last parcel arrives.',
    },
    return: {
      from: ['shipped', 'in_transit', 'out_for_delivery', 'failed'],
      to: 'returned',
      when: 'It is back.',
    },
    cancel: {
      from: ['pending', 'processing', 'ready_to_ship', 'on_hold', 'shipped'],
      to: 'cancelled',
      when: 'It is withdrawn before its carrier has it.',
    },
  },
})

export type ShipmentStatus = (typeof shipmentLifecycle.states)[number]

/** Units of these are planned, and still on the shelves. */
export const UNSHIPPED = ['pending', 'processing', 'ready_to_ship', 'on_hold'] as const
/** Units of these are on their way. */
export const UNDER_WAY = ['shipped', 'in_transit', 'out_for_delivery', 'failed'] as const

export const isUnshipped = (status: ShipmentStatus): boolean =>
  (UNSHIPPED as readonly string[]).includes(status)
/** Whether its units have left the shelves, wherever they are now. */
export const hasLeft = (status: ShipmentStatus): boolean =>
  !isUnshipped(status) && status !== 'cancelled'
