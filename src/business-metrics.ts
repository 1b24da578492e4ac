import type { EventCounter } from '#platform/metrics'

/**
 * The documented business counters, each with the events it follows. Modules need not know that
 * they are counted. A name here that no module emits counts nothing; the metrics test says so.
 */
export const businessMetrics: readonly EventCounter[] = [
  { name: 'orders_created_total', help: 'Orders placed.', on: ['order.created'] },
  { name: 'orders_cancelled_total', help: 'Orders cancelled.', on: ['order.cancelled'] },
  {
    name: 'inventory_reservations_total',
    help: 'Promises of stock to a holder such as an order.',
    on: ['inventory.reserved'],
  },
]
