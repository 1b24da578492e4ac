import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, openHouse } from '#testing'
import { assertSound, crowd, openShop, orderOf, pay, place, stockOf, tally } from './races/shop.ts'

const MINUTE_MS = 60_000

onEveryEngine('a crowd of buyers', (engine) => {
  it('of 200 for 50 units buys exactly 50 times', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house, { MUG: 50 })
    const answers = await crowd(200, () =>
      house.ask('POST /api/v1/orders', orderOf(shop, ['MUG', 1])),
    )
    assert.deepEqual(tally(answers), { 201: 50, 422: 150 })
    assert.deepEqual(await stockOf(house, 'MUG'), { on_hand: 50, allocated: 50 })
    await assertSound(house, answers)
  })

  it('of 200 for 100 units, on two lines of one unit each, buys exactly 50 times', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house, { MUG: 100 })
    const answers = await crowd(200, () =>
      house.ask('POST /api/v1/orders', orderOf(shop, ['MUG', 1], ['MUG', 1])),
    )
    assert.deepEqual(tally(answers), { 201: 50, 422: 150 })
    assert.deepEqual(await stockOf(house, 'MUG'), { on_hand: 100, allocated: 100 })
    await assertSound(house, answers)
  })

  it('empties several shelves to the last unit, and never below', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house, { MUG: 20 })
    for (const [code, units] of Object.entries({ SECOND: 15, THIRD: 15 })) {
      await house.ask('POST /api/v1/locations', { code, name: code })
      const stock = { item_number: 'MUG', location_id: code, quantity_on_hand: units }
      await house.ask('POST /api/v1/inventory', stock)
    }
    const answers = await crowd(60, () =>
      house.ask('POST /api/v1/orders', orderOf(shop, ['MUG', 1])),
    )
    assert.deepEqual(tally(answers), { 201: 50, 422: 10 })
    assert.deepEqual(await stockOf(house, 'MUG'), { on_hand: 50, allocated: 50 })
    await assertSound(house, answers)
  })

  it('that takes two articles in crossed order gets them all, soon', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house, { MUG: 500, TEA: 500 })
    const started = performance.now()
    const answers = await crowd(80, (nth) => {
      const [first, second] = nth % 2 === 0 ? ['MUG', 'TEA'] : ['TEA', 'MUG']
      return house.ask('POST /api/v1/orders', orderOf(shop, [`${first}`, 1], [`${second}`, 2]))
    })
    assert.deepEqual(tally(answers), { 201: 80 })
    assert.ok(performance.now() - started < 10_000, 'they waited for each other in a ring')
    assert.deepEqual(await stockOf(house, 'MUG'), { on_hand: 500, allocated: 120 })
    await assertSound(house, answers)
  })

  it('gets order numbers that are unique, and later ones are higher', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house, { MUG: 500 })
    const numbers: number[][] = []
    for (let round = 0; round < 3; round++) {
      const answers = await crowd(30, () =>
        house.ask('POST /api/v1/orders', orderOf(shop, ['MUG', 1])),
      )
      numbers.push(answers.map(({ data }) => Number(data.order_number.replace('ORD-', ''))))
    }
    assert.equal(new Set(numbers.flat()).size, 90)
    for (const [round, later] of numbers.slice(1).entries()) {
      assert.ok(Math.min(...later) > Math.max(...(numbers[round] as number[])))
    }
  })
})

onEveryEngine('an order', (engine) => {
  it('cancelled by twenty at once is cancelled once', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house, { MUG: 5 })
    const order = await place(shop, 'MUG', 2)
    await pay(house, order)
    const answers = await crowd(20, () => house.ask(`POST /api/v1/orders/${order.id}/cancel`))
    assert.deepEqual(tally(answers), { 200: 1, 409: 19 })
    const events = (await house.events()).filter((name) => name === 'order.cancelled')
    assert.equal(events.length, 1)
    assert.deepEqual(await stockOf(house, 'MUG'), { on_hand: 5, allocated: 0 })
    await assertSound(house, answers)
  })

  it('cancelled, shipped, held and deleted at once ends in one state, with its stock', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house, { MUG: 40 })
    const orders = await Promise.all(Array.from({ length: 8 }, () => place(shop, 'MUG', 2)))
    const status = (id: string, to: string) =>
      house.ask(`PUT /api/v1/orders/${id}/status`, { status: to })
    const answers = await crowd(48, (nth) => {
      const { id } = orders[nth % 8]
      const turn = Math.floor(nth / 8)
      if (turn === 0) return house.ask(`POST /api/v1/orders/${id}/cancel`)
      if (turn === 1) return house.ask(`DELETE /api/v1/orders/${id}`)
      return status(id, ['processing', 'shipped', 'on_hold', 'confirmed'][turn - 2] as string)
    })
    await assertSound(house, answers)
  })

  it('changed by ten who read the same version is changed by one; the others read again', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house, { MUG: 5 })
    const { id, version } = await place(shop, 'MUG')
    const headers = { 'if-match': `"${version}"` }
    const answers = await crowd(10, (nth) => {
      const body = { status: nth % 2 === 0 ? 'on_hold' : 'processing' }
      return house.ask(`PUT /api/v1/orders/${id}/status`, body, { headers })
    })
    assert.deepEqual(tally(answers), { 200: 1, 412: 9 })
    await assertSound(house, answers)
  })
})

onEveryEngine('a shelf', (engine) => {
  it('with overdue promises is promised anew exactly as far as it reaches', async () => {
    const clock = { now: Date.now() }
    await using house = await openHouse(engine, { clock: () => new Date(clock.now) })
    await openShop(house, { MUG: 10 })
    const expires_at = new Date(clock.now + MINUTE_MS).toISOString()
    const old = await crowd(10, () =>
      house.ask('POST /api/v1/inventory/MUG/reserve', { quantity: 1, expires_at }),
    )
    assert.deepEqual(tally(old), { 200: 10 })
    clock.now += 2 * MINUTE_MS
    const answers = await crowd(30, (nth) =>
      nth % 6 === 5
        ? house.ask('POST /api/v1/inventory/reservations/cleanup')
        : house.ask('POST /api/v1/inventory/MUG/reserve', { quantity: 1 }),
    )
    const reserves = answers.filter((_, nth) => nth % 6 !== 5)
    assert.deepEqual(tally(reserves), { 200: 10, 422: 15 })
    assert.deepEqual(await stockOf(house, 'MUG'), { on_hand: 10, allocated: 10 })
    await assertSound(house, answers)
  })

  it('gives back a promise once, however many release it', async () => {
    await using house = await openHouse(engine)
    await openShop(house, { MUG: 10 })
    const held = { quantity: 4, reference_id: 'basket' }
    await house.ask('POST /api/v1/inventory/MUG/reserve', held)
    await house.ask('POST /api/v1/inventory/MUG/reserve', { quantity: 5 })
    const answers = await crowd(12, () => house.ask('POST /api/v1/inventory/MUG/release', held))
    assert.deepEqual(tally(answers), { 200: 1, 422: 11 })
    assert.deepEqual(await stockOf(house, 'MUG'), { on_hand: 10, allocated: 5 })
    await assertSound(house, answers)
  })

  it('counted, corrected and sold from at once is never oversold', async () => {
    await using house = await openHouse(engine)
    const shop = await openShop(house, { MUG: 10 })
    const answers = await crowd(36, (nth) => {
      if (nth % 3 === 0) return house.ask('POST /api/v1/orders', orderOf(shop, ['MUG', 1]))
      if (nth % 3 === 1) {
        return house.ask('PUT /api/v1/inventory/MUG', { location_id: 'MAIN', on_hand: nth % 9 })
      }
      const adjustments = [{ item_number: 'MUG', location_id: 'MAIN', quantity_delta: -1 }]
      return house.ask('POST /api/v1/inventory/bulk-adjust', { adjustments })
    })
    await assertSound(house, answers)
  })

  it('corrected by minus one, by thirty at once, takes exactly what is there', async () => {
    await using house = await openHouse(engine)
    await openShop(house, { MUG: 10 })
    const adjustments = [{ item_number: 'MUG', location_id: 'MAIN', quantity_delta: -1 }]
    const answers = await crowd(30, () =>
      house.ask('POST /api/v1/inventory/bulk-adjust', { adjustments }),
    )
    const successful = answers.reduce((sum, { data }) => sum + data.successful, 0)
    assert.equal(successful, 10)
    assert.deepEqual(await stockOf(house, 'MUG'), { on_hand: 0, allocated: 0 })
    await assertSound(house, answers)
  })
})

onEveryEngine('what must be unique', (engine) => {
  it('is made once, whoever asks at once; the others are told that it is taken', async () => {
    await using house = await openHouse(engine)
    await openShop(house, { MUG: 1 })
    const person = { email: 'ben@example.com', first_name: 'Ben', last_name: 'Ash' }
    const requests: [route: string, refusal: number, body: object][] = [
      ['POST /api/v1/customers', 400, person],
      ['POST /api/v1/locations', 409, { code: 'NEW', name: 'The new one' }],
      ['POST /api/v1/products', 409, { name: 'New', sku: 'NEW', price: '1.00' }],
    ]
    for (const [route, refusal, body] of requests) {
      const answers = await crowd(10, () => house.ask(route, body))
      assert.deepEqual(tally(answers), { 201: 1, [refusal]: 9 }, route)
      await assertSound(house, answers)
    }
  })

  it('is added up where adding is the promise: ten first deliveries of one item', async () => {
    await using house = await openHouse(engine)
    await openShop(house, { MUG: 1 })
    const stock = { item_number: 'FRESH', location_id: 'MAIN', quantity_on_hand: 3 }
    const answers = await crowd(10, () => house.ask('POST /api/v1/inventory', stock))
    assert.deepEqual(tally(answers), { 201: 10 })
    assert.deepEqual(await stockOf(house, 'FRESH'), { on_hand: 30, allocated: 0 })
    await assertSound(house, answers)
  })
})
