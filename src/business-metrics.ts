import type { EventCounter } from '#platform/metrics'

type Money = { currency: string; amount: number }

/**
 * The documented business counters, each with the events it follows. Modules need not know that
 * they are counted. A name here that no module emits counts nothing; the metrics test says so.
 */
export const businessMetrics: readonly EventCounter[] = [
  { name: 'orders_created_total', help: 'Orders placed.', on: ['order.created'] },
  { name: 'orders_completed_total', help: 'Orders completed.', on: ['order.completed'] },
  { name: 'orders_cancelled_total', help: 'Orders cancelled.', on: ['order.cancelled'] },
  {
    name: 'returns_processed_total',
    help: 'Returns that were paid back, or ended without money.',
    on: ['return.refunded', 'return.completed'],
  },
  {
    name: 'payments_processed_total',
    help: 'Times that money was taken for an order.',
    on: ['payment.captured'],
  },
  { name: 'payments_failed_total', help: 'Payments that failed.', on: ['payment.failed'] },
  {
    name: 'revenue_total_usd',
    help: 'Money taken in US dollars; other currencies are not converted into it.',
    on: ['payment.captured'],
    amount: ({ currency, amount }: Money) => (currency === 'USD' ? amount / 100 : 0),
  },
  {
    name: 'inventory_reservations_total',
    help: 'Promises of stock to a holder such as an order.',
    on: ['inventory.reserved'],
  },
  {
    name: 'checkout_sessions_created_total',
    help: 'Purchases that agents began.',
    on: ['agent_session.created'],
  },
  {
    name: 'checkout_completions_total',
    help: 'Purchases of agents that were paid.',
    on: ['agent_session.completed'],
  },
  {
    name: 'checkout_cancellations_total',
    help: 'Purchases that agents gave up.',
    on: ['agent_session.canceled'],
  },
  {
    name: 'vault_tokens_created_total',
    help: 'Cards that agents handed over.',
    on: ['vault_token.created'],
  },
  {
    name: 'vault_tokens_consumed_total',
    help: 'Cards that were used for a payment.',
    on: ['vault_token.redeemed'],
  },
]
