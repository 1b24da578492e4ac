import assert from 'node:assert/strict'
import { openStore, type Store, shopper, stocked, storeOf } from '../../orders/tests/selling.ts'

export { openStore, type Store, shopper, stocked, storeOf }

export const ARTICLES = [
  { sku: 'MUG', price: '10.00' },
  { sku: 'TEA', price: '4.00' },
]

/** What an answer holds, or the test fails with its words. */
export async function done(store: Store, route: string, body: object = {}, more: object = {}) {
  const answer = await store.ask(route, body, more)
  assert.ok(answer.status < 300, `${route}: ${JSON.stringify(answer.body)}`)
  return answer.data
}

/** An order that is paid and has arrived. */
export async function delivered(store: Store, lines: Record<string, number>, more: object = {}) {
  const order = await store.place(lines, more)
  await store.pay(order)
  return deliver(store, order)
}

export async function deliver(store: Store, order: { id: string }) {
  for (const status of ['processing', 'shipped', 'delivered']) {
    await done(store, `PUT /api/v1/orders/${order.id}/status`, { status })
  }
  return store.order(order.id)
}

export const ask = (store: Store, order: { id: string }, body: object = {}, more: object = {}) =>
  store.ask('POST /api/v1/returns', { order_id: order.id, reason: 'Too small.', ...body }, more)

/** A return that is agreed on. */
export async function approved(store: Store, order: { id: string }, body: object = {}) {
  const { id } = await done(store, 'POST /api/v1/returns', {
    order_id: order.id,
    reason: 'Too small.',
    ...body,
  })
  return done(store, `POST /api/v1/returns/${id}/approve`)
}

export const units = (items: readonly { sku: string; quantity: number }[]) =>
  Object.fromEntries(items.map(({ sku, quantity }) => [sku, quantity]))
