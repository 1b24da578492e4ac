import assert from 'node:assert/strict'
import { it } from 'node:test'
import { postMovements } from '#modules/inventory'
import { onEveryEngine, openHouse } from '#testing'
import { openShelves, payloads } from './shelves.ts'

const refusal = (code: string) => (error: any) => error.code === code

onEveryEngine('the stock ledger', (engine) => {
  it('moves units between states and the outside, and counts each state', async () => {
    await using house = await openHouse(engine)
    const shop = await openShelves(house, { MUG: { MAIN: 10 } })
    const mug = { item_id: shop.item('MUG'), sku: 'MUG', location_id: shop.at('MAIN') }
    const reason = null

    await shop.write((ctx) =>
      postMovements(ctx, [
        { ...mug, quantity_delta: 4, kind: 'returned', state_to: 'quarantine', reason },
        {
          ...mug,
          quantity_delta: 3,
          kind: 'moved',
          state_from: 'sellable',
          state_to: 'damaged',
          reason: 'dropped',
        },
        { ...mug, quantity_delta: -1, kind: 'scrapped', state_from: 'damaged', reason },
        {
          ...mug,
          quantity_delta: 5,
          kind: 'received',
          reason,
          unit_cost_amount: 250,
          currency: 'USD',
        },
      ]),
    )

    const { data } = await house.ask('GET /api/v1/inventory/MUG')
    assert.deepEqual(data.quantities.by_state, {
      sellable: '12',
      quarantine: '4',
      damaged: '2',
      expired: '0',
    })
    assert.deepEqual(data.locations[0].quantities.by_state, data.quantities.by_state)
    const ledger = (await house.ask('GET /api/v1/inventory/MUG/movements')).data.items
    assert.deepEqual(
      ledger.map((m: any) => [m.kind, m.state_from, m.state_to, m.quantity, m.quantity_delta]),
      [
        ['received', null, 'sellable', 5, 5],
        ['scrapped', 'damaged', null, 1, 0],
        ['moved', 'sellable', 'damaged', 3, -3],
        ['returned', null, 'quarantine', 4, 0],
        ['received', null, 'sellable', 10, 10],
      ],
    )
    assert.deepEqual([ledger[0].unit_cost, ledger[0].currency], ['2.50', 'USD'])
    const posted = (await payloads(house, 'inventory.posted')).at(-1)
    assert.equal(posted.lines.length, 4)
    assert.deepEqual(await house.violations(), [])
  })

  it('takes no unit out of a state that has none, nor from under a promise', async () => {
    await using house = await openHouse(engine)
    const shop = await openShelves(house, { MUG: { MAIN: 5 } })
    await house.ask('POST /api/v1/inventory/MUG/reserve', { quantity: 4 })
    const mug = { item_id: shop.item('MUG'), sku: 'MUG', location_id: shop.at('MAIN') }
    const out = { ...mug, reason: null, quantity_delta: -2 }

    await assert.rejects(
      shop.write((ctx) =>
        postMovements(ctx, [{ ...out, kind: 'scrapped', state_from: 'damaged' }]),
      ),
      refusal('STOCK_NOT_IN_STATE'),
    )
    await assert.rejects(
      shop.write((ctx) => postMovements(ctx, [{ ...out, kind: 'adjusted' }])),
      refusal('STOCK_BELOW_RESERVED'),
    )

    assert.deepEqual(await shop.counts('MUG'), [5, 4, 1])
    assert.deepEqual(await house.violations(), [])
  })
})

onEveryEngine('a shelf that runs low', (engine) => {
  it('is told when it crosses its reorder point, once, and again when it is empty', async () => {
    await using house = await openHouse(engine)
    const shop = await openShelves(house, { MUG: { MAIN: 10 } })
    await house.ask('PUT /api/v1/inventory/MUG', { reorder_point: 5 })
    const reserve = (quantity: number) =>
      house.ask('POST /api/v1/inventory/MUG/reserve', { quantity })

    for (const quantity of [4, 1, 1, 4]) assert.equal((await reserve(quantity)).status, 200)

    const [low, ...more] = await payloads(house, 'inventory.low_stock')
    assert.deepEqual(more, [])
    assert.deepEqual(low, {
      item_id: shop.item('MUG'),
      location_id: shop.at('MAIN'),
      available_quantity: 5,
      reorder_point: 5,
    })
    assert.equal((await payloads(house, 'inventory.out_of_stock')).length, 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('is told once by a crowd that crosses it together', async () => {
    await using house = await openHouse(engine)
    await openShelves(house, { MUG: { MAIN: 12 } })
    await house.ask('PUT /api/v1/inventory/MUG', { reorder_point: 6 })

    const crowd = Array.from({ length: 15 }, () =>
      house.ask('POST /api/v1/inventory/MUG/reserve', { quantity: 1 }),
    )
    const answers = await Promise.all(crowd)

    assert.equal(answers.filter(({ status }) => status === 200).length, 12)
    assert.equal((await payloads(house, 'inventory.low_stock')).length, 1)
    assert.equal((await payloads(house, 'inventory.out_of_stock')).length, 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('is told when the point rises above it, and not when more comes in', async () => {
    await using house = await openHouse(engine)
    await openShelves(house, { MUG: { MAIN: 4 } })

    await house.ask('PUT /api/v1/inventory/MUG', { reorder_point: 4 })
    const more = { item_number: 'MUG', location_id: 'MAIN', quantity_on_hand: 1 }
    await house.ask('POST /api/v1/inventory', more)

    assert.equal((await payloads(house, 'inventory.low_stock')).length, 1)
    assert.deepEqual(await house.violations(), [])
  })
})
