import assert from 'node:assert/strict'
import { it } from 'node:test'
import { systemProcess } from '#platform/execute'
import { onEveryEngine, openHouse } from '#testing'
import { linesOf, newCustomer, newGuest, openShop, tally } from './shop.ts'

const SHELVES: Record<string, [string, number]> = { MUG: ['12.50', 500], TEA: ['4.00', 500] }
const DAY_MS = 86_400_000

const crowd = <T>(count: number, call: (nth: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, nth) => call(nth)))

onEveryEngine('at the same moment', (engine) => {
  it('the same article put in fifty times is on one line, with the sum', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const guest = await newGuest(house)

    const answers = await crowd(50, (nth) =>
      guest.ask('POST /items', { sku: 'MUG', quantity: (nth % 3) + 1 }),
    )

    assert.deepEqual(tally(answers), { 200: 50 })
    const { data } = await guest.ask('GET ')
    assert.deepEqual(linesOf(data), { MUG: 99 })
    assert.equal(data.items.length, 1)
    assert.equal(data.version, 51)
    assert.deepEqual(await house.violations(), [])
  })

  it('more cannot be put in than is there', async () => {
    await using house = await openHouse(engine)
    await openShop(house, { MUG: ['12.50', 10] })
    const guest = await newGuest(house)
    const answers = await crowd(20, () => guest.ask('POST /items', { sku: 'MUG', quantity: 1 }))
    assert.deepEqual(tally(answers), { 200: 10, 422: 10 })
    assert.deepEqual(await house.violations(), [])
  })

  it("a guest's cart merged twenty times, also by others, is merged once", async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const { session_id, ...guest } = await newGuest(house, {
      items: [
        { sku: 'MUG', quantity: 2 },
        { sku: 'TEA', quantity: 3 },
      ],
    })
    const ada = await newCustomer(house)
    const bo = await newCustomer(house, 'bo@example.com')

    const answers = await crowd(20, (nth) =>
      house.ask('POST /api/v1/carts/merge', { session_id }, { as: (nth % 5 ? ada : bo).as }),
    )

    for (const { status, body } of answers) {
      assert.ok(status === 200 || status === 404, JSON.stringify(body))
    }
    const ids = new Set(answers.filter(({ status }) => status === 200).map(({ data }) => data.id))
    assert.ok(ids.size >= 1 && ids.size <= 2)
    const units = await Promise.all(
      [...ids].map(async (id) => (await house.ask(`GET /api/v1/carts/${id}`)).data.cart.unit_count),
    )
    assert.equal(
      units.reduce((sum: number, count: number) => sum + count, 0),
      5,
    )
    assert.equal((await guest.ask('GET ')).data.cart.status, 'Converted')
    const merged = (await house.events()).filter((name) => name === 'cart.merged')
    assert.equal(merged.length, 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('merging two carts of one guest while both are filled loses and doubles nothing', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const one = await newGuest(house, { items: [{ sku: 'MUG', quantity: 1 }] })
    const { session_id } = one
    const two = await newGuest(house, { session_id, items: [{ sku: 'MUG', quantity: 1 }] })
    const ada = await newCustomer(house)

    const answers = await crowd(24, (nth) => {
      if (nth % 4 === 3) {
        return house.ask('POST /api/v1/carts/merge', { session_id }, { as: ada.as })
      }
      return [one, two][nth % 2]?.ask('POST /items', { sku: 'MUG', quantity: 1 }) as never
    })

    const put = answers.filter(({ status }, nth) => nth % 4 !== 3 && status === 200).length
    const { data } = await house.ask('GET /api/v1/carts?limit=100')
    const units = data.items.reduce((sum: number, cart: any) => sum + cart.unit_count, 0)
    assert.equal(units, 2 + put)
    assert.ok(answers.every(({ status }) => status === 200 || status === 409))
    assert.deepEqual(await house.violations(), [])
  })

  it('everything done to one cart ends as one after another', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const guest = await newGuest(house, { items: [{ sku: 'MUG', quantity: 1 }] })
    const line = guest.opened.items[0].id
    const answers = await crowd(30, (nth) => {
      const turn = nth % 6
      if (turn === 0) return guest.ask('POST /items', { sku: 'TEA', quantity: 1 })
      if (turn === 1) return guest.ask(`PUT /items/${line}`, { quantity: nth })
      if (turn === 2) return guest.ask('POST /clear')
      if (turn === 3) return guest.ask('PUT /shipping-address', { country_code: 'US' })
      if (turn === 4) return guest.ask('GET ')
      return guest.ask(`DELETE /items/${line}`)
    })
    for (const { status, body } of answers) assert.ok(status < 500, JSON.stringify(body))
    assert.deepEqual(await house.violations(), [])
  })

  it('a cart that expires while it is touched is either open or over, never both', async () => {
    let now = Date.parse('2026-01-05T09:00:00.000Z')
    await using house = await openHouse(engine, { clock: () => new Date(now) })
    await openShop(house, SHELVES)
    const guests = await crowd(6, () => newGuest(house, { items: [{ sku: 'TEA', quantity: 1 }] }))
    now += 30 * DAY_MS - 1
    const touch = guests.slice(0, 3)
    await Promise.all(touch.map((guest) => guest.ask('POST /items', { sku: 'TEA', quantity: 1 })))
    now += 1
    const schedules = house.app.modules.flatMap((module) => module.schedules ?? [])
    const expire = schedules.find(({ name }) => name === 'carts.expire')
    await Promise.all([
      ...guests.map((guest) => guest.ask('POST /items', { sku: 'TEA', quantity: 1 })),
      expire?.run(systemProcess(house.app)),
      expire?.run(systemProcess(house.app)),
    ])
    const statuses = await Promise.all(
      guests.map(async (guest) => (await guest.ask('GET ')).data.cart.status),
    )
    assert.deepEqual(statuses, ['Active', 'Active', 'Active', 'Expired', 'Expired', 'Expired'])
    const expired = (await house.events()).filter((name) => name === 'cart.expired')
    assert.equal(expired.length, 3)

    now += 31 * DAY_MS
    const purge = schedules.find(({ name }) => name === 'carts.purge')
    await purge?.run(systemProcess(house.app))
    assert.equal((await guests[5]?.ask('GET '))?.status, 404)
    assert.deepEqual(await house.violations(), [])
  })
})
