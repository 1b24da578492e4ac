import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, openHouse } from '#testing'
import {
  assertSound,
  crowd,
  openShop,
  orderOf,
  pay,
  payment,
  place,
  runSchedules,
  stockOf,
  tally,
  withKey,
} from './races/shop.ts'

const MINUTE_MS = 60_000

onEveryEngine('one Idempotency-Key', (engine) => {
  it('sent ten times at once orders once, and everyone reads the same answer', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house, { MUG: 50 })
    const answers = await crowd(10, () =>
      house.ask('POST /api/v1/orders', orderOf(shop, ['MUG', 2]), withKey('twins')),
    )
    assert.deepEqual(tally(answers), { 201: 10 })
    assert.equal(new Set(answers.map(({ body }) => JSON.stringify(body))).size, 1)
    assert.deepEqual(await stockOf(house, 'MUG'), { on_hand: 50, allocated: 2 })
    assert.equal((await house.ask('GET /api/v1/orders')).data.total, 1)
    await assertSound(house, answers)
  })

  it('sent ten times at once is refused once, even if stock comes later', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house, { MUG: 1 })
    const order = () =>
      house.ask('POST /api/v1/orders', orderOf(shop, ['MUG', 2]), withKey('short'))
    const answers = await crowd(10, order)
    const stock = { item_number: 'MUG', location_id: 'MAIN', quantity_on_hand: 9 }
    await house.ask('POST /api/v1/inventory', stock)
    answers.push(await order())
    assert.deepEqual(tally(answers), { 422: 11 })
    assert.equal(new Set(answers.map(({ body }) => JSON.stringify(body))).size, 1)
    await assertSound(house, answers)
  })

  it('with several bodies at once does one of them, and refuses the others', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house, { MUG: 50 })
    const answers = await crowd(12, (nth) =>
      house.ask('POST /api/v1/orders', orderOf(shop, ['MUG', 1 + (nth % 4)]), withKey('torn')),
    )
    assert.deepEqual(tally(answers), { 201: 3, 422: 9 })
    const refusals = answers.filter(({ status }) => status === 422)
    for (const { error } of refusals) assert.equal(error.code, 'IDEMPOTENCY_KEY_REUSED')
    assert.equal((await house.ask('GET /api/v1/orders')).data.total, 1)
    await assertSound(house, answers)
  })

  it('sent ten times at once pays once; who came too early asks again and reads the same', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house, { MUG: 5 })
    const order = await place(shop, 'MUG', 3)
    const ask = () => house.ask('POST /api/v1/payments', payment(order), withKey('paid-once'))
    const answers = await crowd(10, ask)
    const first = answers.find(({ status }) => status === 201)
    for (const { status, error, body } of answers) {
      if (status === 409) assert.equal(error.code, 'IDEMPOTENCY_IN_PROGRESS')
      else assert.deepEqual([status, body], [201, first?.body])
    }
    assert.deepEqual((await ask()).body, first?.body)
    const { data } = await house.ask(`GET /api/v1/payments/order/${order.id}/total`)
    assert.equal(data.total_paid, '30.00')
    await assertSound(house, answers)
  })
})

onEveryEngine('money', (engine) => {
  it('is taken once when ten pay the same order at once', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house, { MUG: 5 })
    const order = await place(shop, 'MUG')
    const answers = await crowd(10, () => house.ask('POST /api/v1/payments', payment(order)))
    assert.deepEqual(tally(answers), { 201: 1, 409: 9 })
    const { data } = await house.ask(`GET /api/v1/orders/${order.id}`)
    assert.deepEqual([data.status, data.payment_status], ['confirmed', 'paid'])
    await assertSound(house, answers)
  })

  it('given back by twenty at once never exceeds what was taken', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house, { MUG: 5 })
    const order = await place(shop, 'MUG', 3)
    const { id } = await pay(house, order)
    const answers = await crowd(20, () =>
      house.ask(`POST /api/v1/payments/${id}/refunds`, { amount: '7.00' }),
    )
    assert.deepEqual(tally(answers), { 201: 4, 422: 16 })
    const { data } = await house.ask(`GET /api/v1/payments/${id}`)
    assert.deepEqual([data.captured_amount, data.refunded_amount], ['30.00', '28.00'])
    await assertSound(house, answers)
  })

  it('held is taken or let go, whoever asks at once, and never more than was held', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house, { MUG: 5 })
    const order = await place(shop, 'MUG', 3)
    const held = await house.ask('POST /api/v1/payments', payment(order, { capture: 'manual' }))
    const { id } = held.data
    const answers = await crowd(12, (nth) =>
      nth % 3 === 0
        ? house.ask(`POST /api/v1/payments/${id}/void`)
        : house.ask(`POST /api/v1/payments/${id}/capture`, { amount: '20.00' }),
    )
    const { data } = await house.ask(`GET /api/v1/payments/${id}`)
    const [captured, voided] = [Number(data.captured_amount), Number(data.voided_amount)]
    assert.ok(captured + voided <= 30, JSON.stringify(data))
    assert.ok(captured <= 20, JSON.stringify(data))
    assert.ok((tally(answers)[200] ?? 0) >= 1)
    await assertSound(house, answers)
  })

  it('paid while the order is cancelled goes back; stock and books agree', async () => {
    const clock = { now: Date.now() }
    await using house = await openHouse(engine, { clock: () => new Date(clock.now) })
    const shop = await openShop(house, { MUG: 40 })
    const orders = await Promise.all(Array.from({ length: 12 }, () => place(shop, 'MUG', 2)))
    const answers = await crowd(24, (nth) => {
      const order = orders[Math.floor(nth / 2)]
      return nth % 2 === 0
        ? house.ask('POST /api/v1/payments', payment(order))
        : house.ask(`POST /api/v1/orders/${order.id}/cancel`)
    })
    const cancels = answers.filter((_, nth) => nth % 2 === 1)
    assert.deepEqual(tally(cancels), { 200: 12 })
    for (let round = 0; round < 3; round++) {
      clock.now += MINUTE_MS
      await runSchedules(house)
    }
    for (const { id } of orders) {
      const { data } = await house.ask(`GET /api/v1/payments/order/${id}`)
      for (const { captured_amount, refunded_amount } of data) {
        assert.equal(refunded_amount, captured_amount)
      }
    }
    assert.deepEqual(await stockOf(house, 'MUG'), { on_hand: 40, allocated: 0 })
    await assertSound(house, answers)
  })
})
