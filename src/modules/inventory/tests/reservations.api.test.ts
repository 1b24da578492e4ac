import assert from 'node:assert/strict'
import { it } from 'node:test'
import { reserveStock } from '#modules/inventory'
import { onEveryEngine, openHouse } from '#testing'
import { runSchedules } from '../../../../tests/races/shop.ts'
import { holder, openShelves } from './shelves.ts'

const PATH = '/api/v1/inventory/reservations'
const MINUTE = 60_000

onEveryEngine('reservations made by hand', (engine) => {
  it('are made for many items at once, or for none', async () => {
    await using house = await openHouse(engine)
    const shop = await openShelves(house, { MUG: { EAST: 5, WEST: 5 }, TEA: { EAST: 2 } })
    const reserve = (tea: number, more: object = {}) =>
      house.ask(`POST ${PATH}`, {
        items: [
          { item_number: 'MUG', quantity: 3, location_id: 'WEST' },
          { item_number: 'TEA', quantity: tea },
        ],
        reference_type: 'work_order',
        reference_id: 'WO-17',
        ...more,
      })

    const refused = await reserve(3)
    const made = await reserve(2)

    assert.equal(refused.error.code, 'INSUFFICIENT_STOCK')
    assert.equal(made.status, 201)
    assert.deepEqual(
      made.data.reservations.map((r: any) => [r.location_id, r.quantity, r.why]),
      [
        [shop.at('WEST'), 3, 'asked'],
        [shop.at('EAST'), 2, 'only_location'],
      ],
    )
    assert.deepEqual(await shop.counts('MUG'), [10, 3, 7])
    assert.equal((await reserve(1, { reference_type: 'order' })).status, 400)
    assert.equal((await reserve(1, { expires_at: '2020-01-01T00:00:00Z' })).status, 400)
    const split = {
      items: [
        { item_number: 'MUG', quantity: 1, location_id: 'WEST' },
        { item_number: 'mug', quantity: 1 },
      ],
    }
    assert.equal((await house.ask(`POST ${PATH}`, split)).status, 400)
    assert.deepEqual(await house.violations(), [])
  })

  it('are extended, confirmed and released one by one, and not once their time is over', async () => {
    let now = Date.parse('2026-03-01T12:00:00.000Z')
    await using house = await openHouse(engine, { clock: () => new Date(now) })
    const shop = await openShelves(house, { MUG: { MAIN: 9 } })
    const at = (minutes: number) => new Date(now + minutes * MINUTE).toISOString()
    const make = async (reference_id: string, minutes?: number) => {
      const body = { quantity: 2, reference_id, ...(minutes && { expires_at: at(minutes) }) }
      const { data } = await house.ask('POST /api/v1/inventory/MUG/reserve', body)
      return data.reservations[0] as string
    }
    const act = (id: string, verb: string, body: object = {}) =>
      house.ask(`POST ${PATH}/${id}/${verb}`, body)
    const [longer, sure, given, over] = [
      await make('longer', 5),
      await make('sure', 5),
      await make('given'),
      await make('over', 5),
    ] as const

    const extended = await act(longer, 'extend', { expires_at: at(20) })
    assert.equal(extended.data.expires_at, at(20))
    const confirmed = await act(sure, 'confirm')
    assert.deepEqual([confirmed.data.status, confirmed.data.expires_at], ['confirmed', null])
    assert.equal((await act(given, 'release')).data.status, 'released')
    assert.equal((await act(given, 'release')).error.code, 'RESERVATION_CANNOT_RELEASE')
    assert.equal(
      (await act(sure, 'extend', { expires_at: at(20) })).error.code,
      'RESERVATION_HAS_NO_END',
    )
    assert.equal((await act(sure, 'confirm')).error.code, 'RESERVATION_CANNOT_CONFIRM')
    assert.equal((await act(longer, 'extend', { expires_at: at(-1) })).status, 400)

    now += 6 * MINUTE
    assert.equal((await act(over, 'confirm')).error.code, 'RESERVATION_CANNOT_CONFIRM')
    assert.equal(
      (await act(over, 'extend', { expires_at: at(5) })).error.code,
      'RESERVATION_HAS_NO_END',
    )
    const listed = await house.ask(`GET ${PATH}?include_expired=false`)
    assert.equal(listed.data.items.filter((r: any) => r.id === over).length, 0)
    const all = await house.ask(`GET ${PATH}?include_expired=true`)
    assert.equal(all.data.items.find((r: any) => r.id === over).is_expired, true)
    const swept = await house.ask(`POST ${PATH}/cleanup`)
    assert.deepEqual([swept.data.expired_count, swept.data.already_expired_count], [1, 0])
    await runSchedules(house)
    assert.deepEqual(await shop.counts('MUG'), [9, 4, 5])
    const stats = await house.ask(`GET ${PATH}/stats`)
    assert.equal(stats.data.active_reservations, 2)
    assert.deepEqual(await house.violations(), [])
  })

  it('are told apart from those of orders, which look after their own', async () => {
    await using house = await openHouse(engine)
    const shop = await openShelves(house, { MUG: { MAIN: 9 } })
    const demand = [{ item_id: shop.item('MUG'), quantity: 1 }]
    await shop.write((ctx) => reserveStock(ctx, demand, holder(1)))
    const { data } = await house.ask(`GET ${PATH}?reference_id=${holder(1).reference_id}`)
    const [{ id }] = data.items

    for (const verb of ['confirm', 'release', 'cancel']) {
      const { error } = await house.ask(`POST ${PATH}/${id}/${verb}`)
      assert.equal(error.code, 'RESERVATION_OF_ORDER', verb)
    }
    const longer = { expires_at: '2030-01-01T00:00:00Z' }
    assert.equal((await house.ask(`POST ${PATH}/${id}/extend`, longer)).status, 409)
    const unknown = await house.ask(`POST ${PATH}/${shop.item('MUG')}/confirm`)
    assert.equal(unknown.error.code, 'RESERVATION_NOT_FOUND')
  })

  it('end in one way, when they are confirmed, released and cancelled at once', async () => {
    await using house = await openHouse(engine)
    const shop = await openShelves(house, { MUG: { MAIN: 9 } })
    for (let round = 0; round < 8; round++) {
      const body = { quantity: 1, reference_id: `round ${round}` }
      const { data } = await house.ask('POST /api/v1/inventory/MUG/reserve', body)
      const path = `POST ${PATH}/${data.reservations[0]}`

      const answers = await Promise.all([
        house.ask(`${path}/confirm`),
        house.ask(`${path}/release`),
        house.ask(`${path}/cancel`),
      ])

      for (const { status } of answers) assert.ok([200, 409].includes(status), String(status))
      assert.deepEqual(await shop.counts('MUG'), [9, 0, 9])
      assert.deepEqual(await house.violations(), [])
    }
  })
})
