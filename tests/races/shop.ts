import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { systemProcess } from '#platform/execute'
import type { House } from '#testing'

export type Answered = Awaited<ReturnType<House['ask']>>

/** A shop with one customer and a shelf of each article, all at 10.00. */
export async function openShop(house: House, shelves: Record<string, number>): Promise<Shop> {
  await made(house, 'POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
  for (const [sku, units] of Object.entries(shelves)) {
    await made(house, 'POST /api/v1/products', { name: `The ${sku}`, sku, price: '10.00' })
    const stock = { item_number: sku, location_id: 'MAIN', quantity_on_hand: units }
    await made(house, 'POST /api/v1/inventory', stock)
  }
  const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
  const { id } = await made(house, 'POST /api/v1/customers', person)
  return { house, customer_id: id }
}

export type Shop = { house: House; customer_id: string }

async function made(house: House, route: string, body: object) {
  const answer = await house.ask(route, body)
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.data
}

/** `count` callers at the same moment; `nth` counts from 0. */
export const crowd = <T>(count: number, call: (nth: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, nth) => call(nth)))

export const orderOf = ({ customer_id }: Shop, ...lines: [sku: string, quantity: number][]) => ({
  customer_id,
  items: lines.map(([sku, quantity]) => ({ sku, quantity })),
})

/** Places an order of one article, as one who is alone. */
export async function place(shop: Shop, sku: string, quantity = 1) {
  return made(shop.house, 'POST /api/v1/orders', orderOf(shop, [sku, quantity]))
}

export const payment = (order: { id: string; total_amount: string }, more: object = {}) => ({
  order_id: order.id,
  amount: order.total_amount,
  payment_method: 'credit_card',
  ...more,
})

/** Pays an order in full, as one who is alone. */
export const pay = (house: House, order: { id: string; total_amount: string }) =>
  made(house, 'POST /api/v1/payments', payment(order))

export const withKey = (key: string = randomUUID()) => ({ headers: { 'idempotency-key': key } })

/** How often each status was answered. */
export function tally(answers: readonly { status: number }[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** Units on hand and promised of an article, over all places. */
export async function stockOf(house: House, sku: string) {
  const { data } = await house.ask(`GET /api/v1/inventory/${sku}`)
  const { on_hand, allocated } = data.quantities
  return { on_hand: Number(on_hand), allocated: Number(allocated) }
}

/** No law is broken, and nothing was answered with a fault. */
export async function assertSound(house: House, answers: readonly Answered[]): Promise<void> {
  const faults = answers.filter(({ status }) => status >= 500)
  assert.deepEqual(
    faults.map(({ body }) => body),
    [],
  )
  assert.deepEqual(await house.violations(), [])
}

/** What a server does in the background from time to time, once and now. */
export async function runSchedules({ app }: House): Promise<void> {
  for (const schedule of app.modules.flatMap((module) => module.schedules ?? [])) {
    await schedule.run(systemProcess(app))
  }
}
