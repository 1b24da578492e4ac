import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import {
  allocateBackorders,
  backordersOf,
  confirmReservations,
  consumeReservations,
  heldBy,
  releaseReservations,
  releaseUnits,
  reserveStock,
  transferReservations,
} from '#modules/inventory'
import { lockEntity } from '#platform/database/entity-lock'
import { type House, onEveryEngine, openHouse } from '#testing'
import { runSchedules } from '../../../../tests/races/shop.ts'
import { holder, openShelves, payloads } from './shelves.ts'

const NOON = new Date('2026-03-01T12:00:00.000Z')
const refusal = (code: string) => (error: any) => error.code === code

onEveryEngine('a backorder', (engine) => {
  async function open(backorder_limit: number, more: object = {}) {
    const house = await openHouse(engine, { clock: () => NOON })
    const shop = await openShelves(house, { MUG: { EAST: 2, WEST: 1 } })
    await house.ask('PUT /api/v1/inventory/MUG', { backorder_limit, ...more })
    const item_id = shop.item('MUG')
    const reserve = (nth: number, quantity: number, may_wait = true) =>
      shop.write((ctx) => reserveStock(ctx, [{ item_id, quantity }], { ...holder(nth), may_wait }))
    const waiting = (...holders: number[]) =>
      shop.read((ctx) => backordersOf(ctx, holders.map(holder)))
    const receive = (location_id: string, quantity_on_hand: number) =>
      house.ask('POST /api/v1/inventory', { item_number: 'MUG', location_id, quantity_on_hand })
    const stand = async () => {
      const { data } = await house.ask('GET /api/v1/inventory/MUG')
      return [data.quantities.available, data.backordered]
    }
    return { house, shop, item_id, reserve, waiting, receive, stand }
  }

  it('promises what is short up to the limit, with a date, and not a unit beyond it', async () => {
    const { house, reserve, waiting, stand } = await open(4, { lead_time_days: 7 })
    await using _ = house

    await reserve(1, 5)
    await assert.rejects(reserve(2, 3), refusal('INSUFFICIENT_STOCK'))
    await assert.rejects(reserve(2, 1, false), refusal('INSUFFICIENT_STOCK'))
    await reserve(2, 2)

    const told = await waiting(1, 2)
    assert.deepEqual(
      told.map(({ quantity, kind, promised_at }) => [quantity, kind, promised_at]),
      [
        [2, 'backorder', '2026-03-08T12:00:00.000Z'],
        [2, 'backorder', '2026-03-08T12:00:00.000Z'],
      ],
    )
    assert.deepEqual(await stand(), ['0', 4])
    assert.equal((await payloads(house, 'inventory.backordered')).length, 2)
    assert.deepEqual(await house.violations(), [])
  })

  it('is a pre-order until the first day of the item, which is its promised date', async () => {
    const { house, reserve, waiting } = await open(9, {
      preorder_until: '2026-04-01T00:00:00+02:00',
      lead_time_days: 3,
    })
    await using _ = house

    await reserve(1, 4)

    const [told] = await waiting(1)
    assert.deepEqual([told?.kind, told?.promised_at], ['preorder', '2026-03-31T22:00:00.000Z'])
  })

  it('gets what comes in, oldest first, in the transaction of the receipt', async () => {
    const { house, shop, reserve, waiting, receive, stand } = await open(20)
    await using _ = house
    await reserve(1, 7)
    await reserve(2, 3)

    await receive('WEST', 5)

    const still = await waiting(1, 2)
    assert.deepEqual(
      still.map(({ reference_id, quantity }) => [reference_id, quantity]),
      [[holder(2).reference_id, 2]],
    )
    const held = await shop.read((ctx) => heldBy(ctx, [holder(1)]))
    assert.equal(
      held.reduce((sum, { quantity }) => sum + quantity, 0),
      7,
    )
    assert.deepEqual(await stand(), ['0', 2])
    const allocated = await payloads(house, 'inventory.backorder_allocated')
    assert.deepEqual(
      allocated.map(({ lines }) => lines[0].quantity),
      [4, 1],
    )
    await receive('EAST', 5)
    assert.deepEqual(await stand(), ['3', 0])
    assert.deepEqual(await house.violations(), [])
  })

  it('gets what somebody gave back, when the schedule comes', async () => {
    const { house, shop, reserve, waiting, stand } = await open(5)
    await using _ = house
    await reserve(1, 3)
    await reserve(2, 2)
    await shop.write((ctx) => releaseReservations(ctx, holder(1)))
    assert.deepEqual(await stand(), ['3', 2])

    await runSchedules(house)

    assert.deepEqual(await waiting(2), [])
    assert.deepEqual(await stand(), ['1', 0])
    assert.deepEqual(await house.violations(), [])
  })

  it('ends with its holder, in whole or in part before what lies on a shelf', async () => {
    const { house, shop, item_id, reserve, waiting, stand } = await open(9)
    await using _ = house
    await reserve(1, 8)

    const freed = await shop.write((ctx) =>
      releaseUnits(ctx, holder(1), [{ item_id, quantity: 6 }]),
    )

    assert.deepEqual(
      freed.map(({ location_id, quantity }) => [location_id, quantity]),
      [
        [null, 5],
        [shop.at('WEST'), 1],
      ],
    )
    assert.deepEqual(await stand(), ['1', 0])
    await reserve(1, 3)
    assert.equal((await waiting(1))[0]?.quantity, 2)
    await shop.write((ctx) => releaseReservations(ctx, holder(1)))
    assert.deepEqual(await stand(), ['3', 0])
    assert.equal((await payloads(house, 'inventory.backorder_ended')).length, 2)
    assert.deepEqual(await house.violations(), [])
  })

  it('is not shipped, and goes with its holder to another', async () => {
    const { house, shop, reserve, waiting } = await open(9)
    await using _ = house
    await reserve(1, 5)

    await shop.write((ctx) => transferReservations(ctx, { from: holder(1), to: holder(3) }))
    await shop.write((ctx) => confirmReservations(ctx, holder(3)))

    assert.equal((await waiting(3))[0]?.quantity, 2)
    await assert.rejects(
      shop.write((ctx) => consumeReservations(ctx, holder(3))),
      refusal('UNITS_WAIT_FOR_STOCK'),
    )
    assert.deepEqual(await shop.counts('MUG'), [3, 3, 0])
    assert.deepEqual(await house.violations(), [])
  })

  it('is within the limit for any crowd, and all of it is had when enough comes', async () => {
    const { house, shop, item_id, reserve, receive, stand } = await open(4)
    await using _ = house

    const crowd = await Promise.allSettled(Array.from({ length: 12 }, (_, nth) => reserve(nth, 1)))
    const granted = crowd.filter(({ status }) => status === 'fulfilled').length
    await Promise.all([
      receive('EAST', 2),
      receive('WEST', 2),
      shop.write((ctx) => allocateBackorders(ctx, [item_id])),
    ])
    await runSchedules(house)

    assert.equal(granted, 7)
    assert.deepEqual(await stand(), ['0', 0])
    assert.deepEqual(await house.violations(), [])
  })

  it('ends or is allocated, never both, when stock comes as it is cancelled', async () => {
    const { house, shop, reserve, receive, stand } = await open(9)
    await using _ = house
    await reserve(99, 3)
    for (let nth = 0; nth < 10; nth++) {
      await reserve(nth, 2)
      await Promise.all([
        receive('EAST', 1),
        shop.write(async (ctx) => {
          await lockEntity(ctx, 'order', holder(nth).reference_id)
          await releaseReservations(ctx, holder(nth))
        }),
      ])
      const [available] = await stand()
      await house.ask('PUT /api/v1/inventory/MUG', {
        location_id: 'EAST',
        on_hand: 2,
        reason: `${available} again`,
      })
      assert.deepEqual(await house.violations(), [])
    }
    assert.deepEqual(await stand(), ['0', 0])
  })

  it('leaves nothing behind when its order is cancelled while stock is given to it', async () => {
    const { house, shop, item_id, reserve, waiting } = await open(9)
    await using _ = house
    await reserve(1, 3)
    await reserve(2, 4)
    await shop.write((ctx) => releaseUnits(ctx, holder(1), [{ item_id, quantity: 1 }]))
    const cancel = () =>
      shop.write(async (ctx) => {
        await lockEntity(ctx, 'order', holder(2).reference_id)
        await releaseReservations(ctx, holder(2))
      })

    // The cancellation begins while the allocation, which divides what waits, is not committed.
    let cancelled: Promise<void> | undefined
    const units = await shop.write(async (ctx) => {
      const allocated = await allocateBackorders(ctx, [item_id])
      cancelled ??= cancel()
      if (engine === 'postgres') await untilSomebodyWaits(house)
      return allocated
    })
    await cancelled

    assert.equal(units, 1)
    assert.deepEqual(await shop.read((ctx) => heldBy(ctx, [holder(2)])), [])
    assert.deepEqual(await waiting(2), [])
    assert.deepEqual(await shop.counts('MUG'), [3, 2, 1])
    assert.deepEqual(await house.violations(), [])
  })
})

const LOOKS_MAX = 2_000

/** Until a transaction waits for a lock of another. */
async function untilSomebodyWaits({ database }: House): Promise<void> {
  const waiting = sql<{ n: number }>`select count(*)::int as n from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`
  for (let look = 0; look < LOOKS_MAX; look++) {
    const { rows } = await database.read(({ kysely }) => waiting.execute(kysely))
    if (Number(rows[0]?.n) > 0) return
  }
  assert.fail('nobody waited')
}
