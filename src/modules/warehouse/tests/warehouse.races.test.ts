import assert from 'node:assert/strict'
import { it } from 'node:test'
import { consumeUnits, postMovements, reserveStock } from '#modules/inventory'
import type { Isolation } from '#platform/database/database'
import { transactAsSystem } from '#platform/execute'
import { onEveryEngine } from '#testing'
import { dayFrom, type Floor, openFloor } from './floor.ts'

const order = (nth: number) => ({
  reference_type: 'order',
  reference_id: `01937b5e-9c00-7a3b-8f11-${String(nth).padStart(12, '0')}`,
})

/** Ships one unit as an order would. */
const ship = (floor: Floor, nth: number, more: object = {}, isolation?: Isolation) =>
  transactAsSystem(
    floor.house.app,
    async (ctx) => {
      const item_id = [...floor.items.values()][0] as never
      const location_id = floor.location_id as never
      await reserveStock(ctx, [{ item_id, quantity: 1 }], order(nth))
      await consumeUnits(ctx, order(nth), [{ item_id, location_id, quantity: 1, ...more }])
    },
    isolation,
  )

/** What each was told: `done`, or the code of the refusal. Faults are thrown. */
async function told(calls: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const ends = await Promise.allSettled(calls)
  const tally: Record<string, number> = {}
  for (const end of ends) {
    const code = end.status === 'fulfilled' ? 'done' : end.reason.code
    if (typeof code !== 'string' || (end.status === 'rejected' && end.reason.status >= 500)) {
      throw (end as PromiseRejectedResult).reason
    }
    tally[code] = (tally[code] ?? 0) + 1
  }
  return tally
}

const ask = async (floor: Floor, route: string, body?: object) => {
  const { status, error } = await floor.house.ask(route, body)
  if (status >= 300) throw error
}

const ISOLATIONS: (Isolation | undefined)[] = [undefined, 'read committed']

onEveryEngine('at the same moment', (engine) => {
  it('twenty shipments of ten units in two lots take each unit once, first expired first', async () => {
    await using floor = await openFloor(engine)
    await floor.item('TEA', { tracking: 'lot' })
    const line = { item_id: 'TEA', quantity: 5 }
    await floor.receive({ ...line, lot_number: 'FAR', expires_on: dayFrom(90) })
    await floor.receive({ ...line, lot_number: 'NEAR', expires_on: dayFrom(9) })

    const calls = Array.from({ length: 20 }, (_, nth) => ship(floor, nth, {}, ISOLATIONS[nth % 2]))
    const answers = await told(calls)

    assert.deepEqual(answers, { done: 10, INSUFFICIENT_STOCK: 10 })
    assert.deepEqual(await floor.places('TEA'), [])
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('one serial number goes to one of those who name it', async () => {
    await using floor = await openFloor(engine)
    await floor.item('DRILL', { tracking: 'serial' })
    const serial_numbers = ['S-1', 'S-2', 'S-3', 'S-4', 'S-5', 'S-6']
    await floor.receive({ item_id: 'DRILL', quantity: 6, serial_numbers })

    const lots = [{ quantity: 1, serial_numbers: ['S-1'] }]
    const calls = Array.from({ length: 6 }, (_, nth) =>
      ship(floor, nth, { lots }, ISOLATIONS[nth % 2]),
    )
    assert.deepEqual(await told(calls), { done: 1, SERIAL_NOT_THERE: 5 })
    assert.equal(await floor.onHand('DRILL'), 5)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('one serial number is received once', async () => {
    await using floor = await openFloor(engine)
    await floor.item('DRILL', { tracking: 'serial' })
    const lines = [{ item_id: 'DRILL', quantity: 1, serial_numbers: ['S-1'] }]
    const body = { location_id: 'MAIN', lines }
    const calls = Array.from({ length: 6 }, () =>
      ask(floor, 'POST /api/v1/warehouse/receipts', body),
    )
    assert.deepEqual(await told(calls), { done: 1, SERIAL_IN_STOCK: 5 })
    assert.equal(await floor.onHand('DRILL'), 1)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('units go to one bin or the other, and those that are sold to none', async () => {
    await using floor = await openFloor(engine)
    await floor.make('POST /api/v1/warehouse/bins', {
      location_id: 'MAIN',
      bins: [{ code: 'A' }, { code: 'B' }, { code: 'C' }],
    })
    await floor.make('POST /api/v1/locations/MAIN/start-bins')
    await floor.item('MUG')
    await floor.receive({ item_id: 'MUG', quantity: 10, bin: 'MAIN-A' })
    const move = (to_bin: string) =>
      ask(floor, 'POST /api/v1/warehouse/moves', {
        location_id: 'MAIN',
        lines: [{ item_id: 'MUG', quantity: 6, from_bin: 'MAIN-A', to_bin }],
      })
    const answers = await told([move('MAIN-B'), move('MAIN-C'), ship(floor, 1), ship(floor, 2)])
    assert.deepEqual([answers.done, answers.UNITS_NOT_THERE], [3, 1])
    assert.equal(await floor.onHand('MUG'), 8)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('a recall and shipments: each unit that left is in its list, the rest is blocked', async () => {
    for (const isolation of ISOLATIONS) {
      await using floor = await openFloor(engine)
      await floor.item('TEA', { tracking: 'lot' })
      await floor.receive({ item_id: 'TEA', quantity: 8, lot_number: 'BAD' })
      const { items } = await floor.make('GET /api/v1/lots?item_id=TEA')
      const body = { title: 'Metal', lot_ids: [items[0].id] }
      const calls = Array.from({ length: 8 }, (_, nth) => ship(floor, nth, {}, isolation))
      calls.splice(3, 0, ask(floor, 'POST /api/v1/recalls', body) as never)
      const { done = 0, ...refused } = await told(calls)
      const { items: recalls } = await floor.make('GET /api/v1/recalls')
      const { progress } = recalls[0]
      assert.equal(progress.units_out, done - 1)
      assert.equal(progress.units_blocked + progress.units_promised, 8 - (done - 1))
      for (const code of Object.keys(refused)) {
        assert.ok(['INSUFFICIENT_STOCK', 'UNITS_NOT_PICKABLE'].includes(code), code)
      }
      assert.deepEqual(await floor.house.violations(), [])
    }
  })

  it('an item becomes one with lots and stock comes and goes: everything adds up', async () => {
    for (const isolation of ISOLATIONS) {
      await using floor = await openFloor(engine)
      const item_id = (await floor.item('TEA')) as never
      await floor.receive({ item_id: 'TEA', quantity: 10 })
      await floor.make('POST /api/v1/locations', { code: 'SHOP', name: 'Shop' })
      const shop = (await floor.make('GET /api/v1/locations/SHOP')).id
      const first = (nth: number) =>
        transactAsSystem(
          floor.house.app,
          (ctx) =>
            postMovements(ctx, [
              {
                item_id,
                sku: 'TEA',
                location_id: nth % 2 ? shop : (floor.location_id as never),
                quantity_delta: 1,
                kind: 'received',
                reason: null,
              },
            ]),
          isolation,
        )
      const set = ask(floor, 'PUT /api/v1/inventory/TEA/tracking', {
        tracking: 'lot',
        makes_lots: true,
      })
      await told([first(0), first(1), set, first(2), ship(floor, 1, {}, isolation), first(3)])
      assert.deepEqual(await floor.house.violations(), [])
    }
  })

  it('a location begins with bins and stock comes and goes: everything adds up', async () => {
    for (const isolation of ISOLATIONS) {
      await using floor = await openFloor(engine)
      await floor.item('MUG')
      await floor.item('CUP')
      await floor.receive({ item_id: 'MUG', quantity: 10 })
      const receive = () =>
        ask(floor, 'POST /api/v1/warehouse/receipts', {
          location_id: 'MAIN',
          lines: [{ item_id: 'CUP', quantity: 1 }],
        })
      const start = ask(floor, 'POST /api/v1/locations/MAIN/start-bins')
      const calls = [receive(), ship(floor, 1, {}, isolation), start, receive()]
      assert.deepEqual(await told([...calls, ship(floor, 2, {}, isolation)]), { done: 5 })
      assert.deepEqual(await floor.house.violations(), [])
    }
  })
})

/** A count of one shelf with ten units. */
async function counting(floor: Floor) {
  await floor.item('MUG')
  await floor.receive({ item_id: 'MUG', quantity: 10 })
  const { id } = await floor.make('POST /api/v1/cycle-counts', { location_id: 'MAIN' })
  const { items } = await floor.make(`GET /api/v1/cycle-counts/${id}/sheet`)
  const enter = (quantity: number) =>
    ask(floor, `POST /api/v1/cycle-counts/${id}/entries`, {
      lines: [{ line_id: items[0].id, quantity }],
    })
  const approve = () => ask(floor, `POST /api/v1/cycle-counts/${id}/approve`)
  return { id, enter, approve }
}

onEveryEngine('a count at the same moment as', (engine) => {
  it('I-29 sales, is right for the moment at which it is entered', async () => {
    for (const isolation of ISOLATIONS) {
      await using floor = await openFloor(engine)
      const count = await counting(floor)
      // One unit is missing; the counter finds what the sales so far have left.
      const sales = Array.from({ length: 4 }, (_, nth) => ship(floor, nth, {}, isolation))
      assert.deepEqual(await told([...sales.slice(0, 2), count.enter(9), ...sales.slice(2)]), {
        done: 5,
      })
      const { items } = await floor.make(`GET /api/v1/cycle-counts/${count.id}/variances`)
      const { expected_quantity: expected } = items[0]
      const more = [ship(floor, 10, {}, isolation), count.approve(), ship(floor, 11, {}, isolation)]
      assert.deepEqual(await told(more), { done: 3 })
      assert.equal(await floor.onHand('MUG'), 10 - 6 + (9 - expected))
      assert.deepEqual(await floor.house.violations(), [])
    }
  })

  it('another approval, is posted once', async () => {
    await using floor = await openFloor(engine)
    const count = await counting(floor)
    await count.enter(7)
    const calls = Array.from({ length: 5 }, () => count.approve())
    assert.deepEqual(await told(calls), { done: 1, CYCLE_COUNT_CANNOT_APPROVE: 4 })
    assert.equal(await floor.onHand('MUG'), 7)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('a correction or a cancellation, ends as one of the two orders', async () => {
    await using floor = await openFloor(engine)
    const count = await counting(floor)
    await count.enter(7)
    const cancel = ask(floor, `POST /api/v1/cycle-counts/${count.id}/cancel`)
    const answers = await told([count.approve(), count.enter(6), cancel])
    const { status } = await floor.make(`GET /api/v1/cycle-counts/${count.id}`)
    const left = await floor.onHand('MUG')
    if (status === 'cancelled') assert.equal(left, 10)
    else assert.ok(status === 'completed' && (left === 7 || left === 6), `${status} ${left}`)
    assert.ok((answers.done ?? 0) >= 1)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('another count of the same place, corrects it once', async () => {
    await using floor = await openFloor(engine)
    const one = await counting(floor)
    const { id } = await floor.make('POST /api/v1/cycle-counts', { location_id: 'MAIN' })
    const { items } = await floor.make(`GET /api/v1/cycle-counts/${id}/sheet`)
    await one.enter(8)
    const lines = [{ line_id: items[0].id, quantity: 8 }]
    await ask(floor, `POST /api/v1/cycle-counts/${id}/entries`, { lines })
    const other = ask(floor, `POST /api/v1/cycle-counts/${id}/approve`)
    assert.deepEqual(await told([one.approve(), other]), { done: 2 })
    assert.equal(await floor.onHand('MUG'), 8)
    assert.deepEqual(await floor.house.violations(), [])
  })
})
