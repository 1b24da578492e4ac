import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type House, onEveryEngine, openHouse } from '#testing'
import {
  crowd,
  openShop,
  orderOf,
  payment,
  place,
  type Shop,
  stockOf,
  tally,
} from './races/shop.ts'

type Reply = { status: number; body: any; text: string }

/** Opens real sockets; the result speaks to one of the houses in turn. */
async function listen(...houses: House[]) {
  const addresses = await Promise.all(
    houses.map(({ http }) => http.listen({ host: '127.0.0.1', port: 0 })),
  )
  return async (nth: number, path: string, body: object, key?: string): Promise<Reply> => {
    const response = await fetch(`${addresses[nth % addresses.length]}/api/v1${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-api-key': houses[0]?.adminKey ?? '',
        ...(key && { 'idempotency-key': key }),
      },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, body: JSON.parse(text), text }
  }
}

type Ask = Awaited<ReturnType<typeof listen>>

async function sellOut(shop: Shop, ask: Ask): Promise<void> {
  const answers = await crowd(200, (nth) => ask(nth, '/orders', orderOf(shop, ['MUG', 1])))
  assert.deepEqual(tally(answers), { 201: 50, 422: 150 })
  assert.deepEqual(await stockOf(shop.house, 'MUG'), { on_hand: 50, allocated: 50 })
  const numbers = answers.flatMap(({ body }) => body.data?.order_number ?? [])
  assert.equal(new Set(numbers).size, 50)
  assert.deepEqual(await shop.house.violations(), [])
}

onEveryEngine('over real sockets', (engine) => {
  it('200 buyers get 50 units exactly 50 times', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house, { MUG: 50 })
    await sellOut(shop, await listen(house))
  })

  // SQLite has one process; several belong to PostgreSQL.
  if (engine === 'sqlite') return

  it('two processes sell 50 units to 200 buyers exactly 50 times', async () => {
    await using house = await openHouse(engine)
    await using second = await openHouse(engine, { at: house.url })
    const shop = await openShop(house, { MUG: 50 })
    await sellOut(shop, await listen(house, second))
  })

  it('twins at two processes with one key order once and read the same bytes', async () => {
    await using house = await openHouse(engine)
    await using second = await openHouse(engine, { at: house.url })
    const shop = await openShop(house, { MUG: 50 })
    const ask = await listen(house, second)
    for (let round = 0; round < 5; round++) {
      const order = orderOf(shop, ['MUG', 2])
      const answers = await crowd(10, (nth) => ask(nth, '/orders', order, `twins-${round}`))
      assert.deepEqual(tally(answers), { 201: 10 })
      assert.equal(new Set(answers.map(({ text }) => text)).size, 1)
    }
    assert.deepEqual(await stockOf(house, 'MUG'), { on_hand: 50, allocated: 10 })
    assert.deepEqual(await house.violations(), [])
  })

  it('an order paid at one process and cancelled at the other keeps its books', async () => {
    await using house = await openHouse(engine)
    await using second = await openHouse(engine, { at: house.url })
    const shop = await openShop(house, { MUG: 50 })
    const ask = await listen(house, second)
    const orders = await Promise.all(Array.from({ length: 8 }, () => place(shop, 'MUG', 2)))
    const answers = await crowd(16, (nth) => {
      const order = orders[nth >> 1]
      return nth % 2 === 0
        ? ask(0, '/payments', payment(order))
        : ask(1, `/orders/${order.id}/cancel`, {})
    })
    assert.deepEqual(
      answers.filter(({ status }) => status >= 500),
      [],
    )
    assert.deepEqual(await house.violations(), [])
  })
})
