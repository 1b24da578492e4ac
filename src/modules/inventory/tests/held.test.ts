import assert from 'node:assert/strict'
import { it } from 'node:test'
import {
  consumeReservations,
  consumeUnits,
  heldBy,
  moveHeld,
  releaseUnits,
  reserveStock,
} from '#modules/inventory'
import { onEveryEngine, openHouse } from '#testing'
import { holder, openShelves, payloads } from './shelves.ts'

const A = { reference_type: 'basket', reference_id: 'A' }
const B = { reference_type: 'basket', reference_id: 'B' }
const refusal = (code: string) => (error: any) => error.code === code

onEveryEngine('what a holder holds', (engine) => {
  it('is told for many holders at once, with what chose the location', async () => {
    await using house = await openHouse(engine)
    const shop = await openShelves(house, { MUG: { EAST: 3, WEST: 4 }, TEA: { WEST: 9 } })
    const demands = [
      { item_id: shop.item('MUG'), quantity: 4 },
      { item_id: shop.item('TEA'), quantity: 2 },
    ]
    await shop.write((ctx) => reserveStock(ctx, demands, A))
    await shop.write((ctx) => reserveStock(ctx, [{ item_id: shop.item('MUG'), quantity: 1 }], B))

    const held = await shop.read((ctx) => heldBy(ctx, [A, B, holder(1)]))

    assert.deepEqual(
      held.map((row) => [row.reference_id, row.location_id, row.quantity, row.status, row.why]),
      [
        ['A', shop.at('WEST'), 4, 'pending', 'fewest_splits'],
        ['A', shop.at('WEST'), 2, 'pending', 'only_location'],
        ['B', shop.at('EAST'), 1, 'pending', 'only_location'],
      ],
    )
  })

  it('is shipped in parts, with lots, and what is left stays held', async () => {
    await using house = await openHouse(engine)
    const shop = await openShelves(house, { MUG: { MAIN: 10 } })
    const mugs = { item_id: shop.item('MUG'), location_id: shop.at('MAIN') }
    await shop.write((ctx) => reserveStock(ctx, [{ item_id: mugs.item_id, quantity: 6 }], A))
    const lots = [{ quantity: 2, serial_numbers: ['s1', 's2'] }]

    await shop.write((ctx) => consumeUnits(ctx, A, [{ ...mugs, quantity: 2, lots }]))

    assert.deepEqual(await shop.counts('MUG'), [8, 4, 4])
    const [left] = await shop.read((ctx) => heldBy(ctx, [A]))
    assert.equal(left?.quantity, 4)
    const [shipped] = await payloads(house, 'inventory.shipped')
    assert.deepEqual(shipped.lines[0].lots, lots)
    const posted = (await payloads(house, 'inventory.posted')).at(-1)
    assert.deepEqual(
      [posted.reference_id, posted.lines[0].kind, posted.lines[0].state_from],
      ['A', 'shipped', 'sellable'],
    )
    assert.deepEqual(posted.lines[0].lots, lots)
    const ledger = await house.ask('GET /api/v1/inventory/MUG/movements')
    assert.deepEqual(ledger.data.items[0].lots, lots)

    await shop.write((ctx) => consumeReservations(ctx, A))
    assert.deepEqual(await shop.counts('MUG'), [4, 0, 4])
    assert.deepEqual(await house.violations(), [])
  })

  it('is shipped to the unit over several promises of one shelf', async () => {
    await using house = await openHouse(engine)
    const shop = await openShelves(house, { MUG: { MAIN: 10 } })
    const item_id = shop.item('MUG')
    const mugs = { item_id, location_id: shop.at('MAIN') }
    for (const quantity of [2, 3, 1]) {
      await shop.write((ctx) => reserveStock(ctx, [{ item_id, quantity }], A))
    }

    // Two lines of one shelf, which together need the first promise and part of the second.
    const two = [
      { ...mugs, quantity: 2 },
      { ...mugs, quantity: 2 },
    ]
    await shop.write((ctx) => consumeUnits(ctx, A, two))

    const held = await shop.read((ctx) => heldBy(ctx, [A]))
    assert.deepEqual(held.map(({ quantity }) => quantity).toSorted(), [1, 1])
    assert.deepEqual(await shop.counts('MUG'), [6, 2, 4])
    assert.deepEqual(await house.violations(), [])
  })

  it('is not shipped beyond what it is, nor what others hold, and then nothing is', async () => {
    await using house = await openHouse(engine)
    const shop = await openShelves(house, { MUG: { EAST: 5, WEST: 5 } })
    const item_id = shop.item('MUG')
    await shop.write((ctx) => reserveStock(ctx, [{ item_id, quantity: 2 }], A))
    await shop.write((ctx) => reserveStock(ctx, [{ item_id, quantity: 2 }], B))
    const at = (code: string, quantity: number) => ({
      item_id,
      location_id: shop.at(code),
      quantity,
    })
    const refused = [[at('EAST', 3)], [at('EAST', 1), at('EAST', 2)], [at('WEST', 1)]]

    for (const units of refused) {
      await assert.rejects(
        shop.write((ctx) => consumeUnits(ctx, A, units)),
        refusal('UNITS_NOT_HELD'),
      )
    }

    assert.deepEqual(await shop.counts('MUG'), [10, 4, 6])
    assert.deepEqual(await house.violations(), [])
  })

  it('is given back in parts, what was promised last first', async () => {
    await using house = await openHouse(engine)
    const shop = await openShelves(house, { MUG: { EAST: 3, WEST: 2 } })
    const item_id = shop.item('MUG')
    await shop.write((ctx) => reserveStock(ctx, [{ item_id, quantity: 5 }], A))

    const freed = await shop.write((ctx) => releaseUnits(ctx, A, [{ item_id, quantity: 3 }]))
    const more = await shop.write((ctx) => releaseUnits(ctx, A, [{ item_id, quantity: 9 }]))

    assert.deepEqual(
      freed.map(({ location_id, quantity }) => [location_id, quantity]),
      [
        [shop.at('WEST'), 2],
        [shop.at('EAST'), 1],
      ],
    )
    assert.deepEqual(
      more.map(({ location_id, quantity }) => [location_id, quantity]),
      [[shop.at('EAST'), 2]],
    )
    assert.deepEqual(await shop.counts('MUG'), [5, 0, 5])
    assert.deepEqual(await house.violations(), [])
  })

  it('moves to another location, and only where there is enough', async () => {
    await using house = await openHouse(engine)
    const shop = await openShelves(house, { MUG: { EAST: 5, WEST: 2, NORTH: 1 } })
    const item_id = shop.item('MUG')
    await shop.write((ctx) => reserveStock(ctx, [{ item_id, quantity: 4 }], A))
    const move = (from: string, to: string, quantity: number) => ({
      item_id,
      quantity,
      from_location_id: shop.at(from),
      to_location_id: shop.at(to),
    })

    await shop.write((ctx) => moveHeld(ctx, A, [move('EAST', 'WEST', 2), move('EAST', 'NORTH', 1)]))

    assert.deepEqual(await shop.counts('MUG', 'EAST'), [5, 1, 4])
    assert.deepEqual(await shop.counts('MUG', 'WEST'), [2, 2, 0])
    const held = await shop.read((ctx) => heldBy(ctx, [A]))
    assert.equal(held.length, 3)
    assert.deepEqual(new Set(held.map(({ why }) => why)), new Set(['priority', 'moved']))
    const [moved] = await payloads(house, 'inventory.moved_promise')
    assert.equal(moved.moves.length, 2)
    await assert.rejects(
      shop.write((ctx) => moveHeld(ctx, A, [move('EAST', 'WEST', 1)])),
      refusal('INSUFFICIENT_STOCK'),
    )
    await assert.rejects(
      shop.write((ctx) => moveHeld(ctx, A, [move('EAST', 'NORTH', 2)])),
      refusal('UNITS_NOT_HELD'),
    )
    assert.deepEqual(await house.violations(), [])
  })

  it('is never more than there is, however many move to one shelf at once', async () => {
    await using house = await openHouse(engine)
    const shop = await openShelves(house, { MUG: { EAST: 8, WEST: 3 } })
    const item_id = shop.item('MUG')
    const holders = Array.from({ length: 8 }, (_, nth) => holder(nth))
    for (const one of holders) {
      await shop.write((ctx) => reserveStock(ctx, [{ item_id, quantity: 1 }], one))
    }
    const west = {
      item_id,
      quantity: 1,
      from_location_id: shop.at('EAST'),
      to_location_id: shop.at('WEST'),
    }

    const ends = await Promise.allSettled(
      holders.map((one) => shop.write((ctx) => moveHeld(ctx, one, [west]))),
    )

    const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason.code] : []))
    assert.deepEqual(refused, Array(5).fill('INSUFFICIENT_STOCK'))
    assert.deepEqual(await shop.counts('MUG', 'WEST'), [3, 3, 0])
    assert.deepEqual(await house.violations(), [])
  })
})
