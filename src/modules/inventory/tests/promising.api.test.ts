import assert from 'node:assert/strict'
import { it } from 'node:test'
import { reserveStock } from '#modules/inventory'
import { onEveryEngine, openHouse } from '#testing'
import { holder, openShelves, payloads } from './shelves.ts'

const DAY_MS = 86_400_000
const START = Date.parse('2026-03-01T09:00:00.000Z')
const day = (nth: number) => new Date(START + nth * DAY_MS).toISOString().slice(0, 10)
const noon = (nth: number) => `${day(nth)}T12:00:00.000Z`

onEveryEngine('promises by date', (engine) => {
  async function open(units = 10) {
    const clock = { now: START }
    const house = await openHouse(engine, { clock: () => new Date(clock.now) })
    const shop = await openShelves(house, { MUG: { EAST: units, WEST: 0 } })
    const make = async (route: string, body?: object) => {
      const { status, data, error } = await house.ask(route, body)
      assert.ok(status < 300, `${route}: ${JSON.stringify(error)}`)
      return data
    }
    const sellAhead = { backorder_limit: 100, lead_time_days: 40 }
    await make('PUT /api/v1/inventory/MUG', sellAhead)
    return {
      house,
      shop,
      clock,
      make,
      expect: (quantity: number, nth: number, location_id = 'EAST') =>
        make('POST /api/v1/inventory/supplies', {
          item_number: 'MUG',
          location_id,
          quantity,
          expected_at: noon(nth),
          reference: `PO-${nth}`,
        }),
      promise: (more = '') => make(`GET /api/v1/inventory/MUG/available-to-promise${more}`),
      reserve: (quantity: number, nth: number) =>
        shop.write((ctx) =>
          reserveStock(ctx, [{ item_id: shop.item('MUG'), quantity }], holder(nth)),
        ),
    }
  }
  const told = ({ days }: any) =>
    days.map((one: any) => [one.date, one.supply, one.demand, one.available_to_promise])

  it('count what is there, what comes and what is due, and say what they are made of', async () => {
    const { house, expect, promise, make, reserve } = await open()
    await using _ = house
    const first = await expect(5, 10)
    await expect(20, 30, 'WEST')
    await reserve(4, 1)

    const all = await promise('?quantity=25')
    assert.equal(all.available_to_promise, 6)
    assert.deepEqual(told(all), [
      [day(10), 5, 0, 11],
      [day(30), 20, 0, 31],
    ])
    assert.equal(all.promise_date, day(30))
    const { waiting, ...now } = all.now
    assert.deepEqual(now, { on_hand: 10, reserved: 4, safety_stock: 0, available: 6 })
    assert.deepEqual(
      all.supplies.map((one: any) => [one.kind, one.reference, one.quantity, one.counts]),
      [
        ['supply', 'PO-10', 5, true],
        ['supply', 'PO-30', 20, true],
      ],
    )
    const west = await promise('?location_id=WEST&quantity=21')
    assert.deepEqual([west.available_to_promise, west.promise_date], [0, null])

    const received = await make(`POST /api/v1/inventory/supplies/${first.id}/receive`, {
      quantity: 3,
      unit_cost: '2.00',
    })
    assert.deepEqual([received.status, received.received_quantity], ['expected', 3])
    assert.deepEqual(told(await promise()), [
      [day(10), 2, 0, 11],
      [day(30), 20, 0, 31],
    ])
    await make(`POST /api/v1/inventory/supplies/${first.id}/receive`, {})
    const done = await make(`GET /api/v1/inventory/supplies/${first.id}`)
    assert.deepEqual([done.status, done.received_quantity], ['received', 5])
    assert.equal((await promise()).available_to_promise, 11)
    assert.deepEqual(await house.violations(), [])
  })

  it('take what was promised ahead from every later day, and give it back when it is cancelled', async () => {
    const { house, expect, promise, make, reserve } = await open()
    await using _ = house
    const supply = await expect(20, 10)
    await reserve(15, 1)

    const [waits] = (await make('GET /api/v1/inventory/backorders')).items
    assert.deepEqual([waits.quantity, waits.promised_at.slice(0, 10)], [5, day(10)])
    assert.deepEqual(told(await promise()), [[day(10), 20, 5, 15]])

    await make(`PATCH /api/v1/inventory/supplies/${supply.id}`, { expected_at: noon(15) })
    assert.deepEqual(told(await promise()), [
      [day(10), 0, 5, 0],
      [day(15), 20, 0, 15],
    ])
    await make(`POST /api/v1/inventory/supplies/${supply.id}/cancel`)
    assert.deepEqual((await promise()).available_to_promise, 0)
    const refused = await house.ask(`POST /api/v1/inventory/supplies/${supply.id}/receive`, {})
    assert.equal(refused.status, 409)
    assert.deepEqual(await house.violations(), [])
  })

  it('do not count on what has no date, or whose date is over', async () => {
    const { house, clock, expect, promise, make } = await open()
    await using _ = house
    await expect(5, 1)
    const lines = [{ item_number: 'MUG', quantity: 4 }]
    const between = { from_location_id: 'EAST', to_location_id: 'WEST' }
    const { id } = await make('POST /api/v1/inventory/transfers', { ...between, lines })
    await make(`POST /api/v1/inventory/transfers/${id}/dispatch`, {})
    clock.now += 2 * DAY_MS

    const late = await promise('?quantity=7')
    assert.deepEqual([late.available_to_promise, late.days, late.promise_date], [6, [], null])
    assert.deepEqual(
      late.supplies.map((one: any) => [one.kind, one.quantity, one.counts]).toSorted(),
      [
        ['supply', 5, false],
        ['transfer', 4, false],
      ],
    )
  })

  it('promise the same supply once, to however many buyers at the same moment', async () => {
    const { house, shop, expect, promise, reserve } = await open(0)
    await using _ = house
    await expect(6, 10)
    await expect(3, 20)

    await Promise.all(Array.from({ length: 5 }, (_, nth) => reserve(2, nth)))

    const waiting = (await payloads(house, 'inventory.backordered')).flatMap(({ lines }) => lines)
    const days = waiting.map(({ promised_at }: any) => promised_at.slice(0, 10)).toSorted()
    // Six on the tenth day; two of the three on the twentieth; the last two wait their lead time.
    assert.deepEqual(days, [day(10), day(10), day(10), day(20), day(40)])
    assert.deepEqual((await promise()).available_to_promise, 0)
    assert.deepEqual(await shop.counts('MUG'), [0, 0, 0])
    assert.deepEqual(await house.violations(), [])
  })

  it('refuse what cannot be', async () => {
    const { house, expect } = await open()
    await using _ = house
    const { id } = await expect(5, 10)
    const ask = async (route: string, body?: object) => (await house.ask(route, body)).error.code
    const path = `/api/v1/inventory/supplies/${id}`
    assert.equal(await ask(`POST ${path}/receive`, { quantity: 6 }), 'MORE_THAN_EXPECTED')
    await house.ask(`POST ${path}/receive`, { quantity: 2 })
    assert.equal(await ask(`PATCH ${path}`, { quantity: 2 }), 'FEWER_THAN_RECEIVED')
    const past = 'GET /api/v1/inventory/MUG/available-to-promise?until=2020-01-01T00:00:00Z'
    assert.equal(await ask(past), 'VALIDATION_FAILED')
    const unknown = 'GET /api/v1/inventory/supplies/01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
    assert.equal(await ask(unknown), 'SUPPLY_NOT_FOUND')
  })
})
