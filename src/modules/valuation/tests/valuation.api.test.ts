import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, someoneWho } from '#testing'
import { openShop } from './shop.ts'

onEveryEngine('the value of stock', (engine) => {
  it('is the average of what units cost, and what the newest of them cost by FIFO', async () => {
    await using shop = await openShop(engine)
    await shop.receive(10, '2.00')
    await shop.receive(10, '3.00')
    assert.deepEqual(await shop.worth(), [20, '50.00', '50.00'])

    await shop.adjust(-12)
    // By average 12 × 2.50; by FIFO 10 × 2.00 and 2 × 3.00.
    assert.deepEqual(await shop.worth(), [8, '20.00', '24.00'])
    const { value, unit_cost, method } = await shop.asked()
    assert.deepEqual([value, unit_cost, method], ['20.00', '2.50', 'moving_average'])
    const fifo = await shop.asked('?method=fifo')
    assert.deepEqual([fifo.value, fifo.unit_cost], ['24.00', '3.00'])
    const { items } = await shop.make('GET /api/v1/inventory/SALT/cost-layers')
    assert.deepEqual(
      items.map((layer: any) => [layer.quantity, layer.left_quantity, layer.left_value]),
      [[10, 8, '24.00']],
    )
    assert.deepEqual(await shop.house.violations(), [])
  })

  it('leaves nothing over when the last unit goes, however it was rounded', async () => {
    await using shop = await openShop(engine)
    await shop.receive(1, '0.01')
    await shop.receive(2, '0.02')
    for (const left of [2, 1, 0]) {
      await shop.adjust(-1)
      assert.equal((await shop.asked()).quantity, left)
    }
    assert.deepEqual(await shop.worth(), [0, '0.00', '0.00'])
    const { items } = await shop.make('GET /api/v1/inventory/SALT/value-entries')
    assert.deepEqual(
      items.map((one: any) => [one.quantity_delta, one.average_delta, one.fifo_delta]),
      [
        [-1, '-0.01', '-0.02'],
        [-1, '-0.02', '-0.02'],
        [-1, '-0.02', '-0.01'],
        [2, '0.04', '0.04'],
        [1, '0.01', '0.01'],
      ],
    )
    assert.deepEqual(await shop.house.violations(), [])
  })

  it('of units whose cost nobody told is that of the others, the last one told, or unknown', async () => {
    await using shop = await openShop(engine)
    await shop.receive(4)
    assert.deepEqual(await shop.worth(), [4, null, null])
    const { items: unvalued } = await shop.make('GET /api/v1/inventory/valuation?unvalued=true')
    assert.deepEqual(
      unvalued.map((one: any) => one.item_number),
      ['SALT'],
    )

    const revalued = { unit_cost: '1.50', reason: 'invoice' }
    const { value } = await shop.make('POST /api/v1/inventory/SALT/revaluations', revalued)
    assert.equal(value, '6.00')
    await shop.adjust(2)
    assert.deepEqual(await shop.worth(), [6, '9.00', '9.00'])
    await shop.adjust(-6)
    await shop.adjust(1)
    assert.deepEqual(await shop.worth(), [1, '1.50', '1.50'])

    const { items } = await shop.make('GET /api/v1/inventory/SALT/value-entries')
    assert.deepEqual(
      items.map(({ kind, cost_source }: any) => [kind, cost_source]),
      [
        ['adjusted', 'last'],
        ['adjusted', null],
        ['adjusted', 'average'],
        ['revalued', 'stated'],
        ['received', 'unknown'],
      ],
    )
    assert.ok((await shop.house.events()).includes('valuation.revalued'))
    assert.deepEqual(await shop.house.violations(), [])
  })

  it('moves with no unit between states and locations, and with those lost on the way', async () => {
    await using shop = await openShop(engine)
    await shop.receive(10, '2.00')
    const move = {
      location_id: 'MAIN',
      quantity: 3,
      from: 'sellable',
      to: 'damaged',
      reason: 'wet',
    }
    await shop.make('POST /api/v1/inventory/SALT/change-state', move)
    const lines = [{ item_number: 'SALT', quantity: 4 }]
    const between = { from_location_id: 'MAIN', to_location_id: 'EAST' }
    const { id } = await shop.make('POST /api/v1/inventory/transfers', { ...between, lines })
    await shop.make(`POST /api/v1/inventory/transfers/${id}/dispatch`, {})
    assert.deepEqual(await shop.worth(), [10, '20.00', '20.00'])

    await shop.make(`POST /api/v1/inventory/transfers/${id}/receive`, {
      lines: [{ item_number: 'SALT', quantity: 3, lost_quantity: 1, reason: 'fell off' }],
    })
    assert.deepEqual(await shop.worth(), [9, '18.00', '18.00'])
    const east = await shop.asked('?location_id=EAST')
    assert.deepEqual([east.location_quantity, east.location_value], [3, '6.00'])
    const { items } = await shop.make('GET /api/v1/inventory/SALT/value-entries?limit=1')
    assert.deepEqual([items[0].kind, items[0].reason], ['lost', 'fell off'])
    assert.deepEqual(await shop.house.violations(), [])
  })

  it('is known for every past instant, of an item and of all stock', async () => {
    let now = Date.parse('2026-01-01T00:00:00.000Z')
    await using shop = await openShop(engine, { clock: () => new Date(now) })
    const day = 86_400_000
    const seen: [string, unknown][] = []
    for (const act of [
      () => shop.receive(10, '2.00'),
      () => shop.adjust(-4),
      () => shop.receive(5, '4.40'),
      () => shop.adjust(-1),
    ]) {
      now += day
      await act()
      seen.push([new Date(now).toISOString(), await shop.worth()])
    }
    now += day
    for (const [instant, worth] of seen) {
      assert.deepEqual(await shop.worth(`?as_of=${instant}`), worth)
      const sum = await shop.make(`GET /api/v1/inventory/valuation/summary?as_of=${instant}`)
      const [all] = sum.currencies
      assert.deepEqual([all.quantity, all.average_value, all.fifo_value], worth)
    }
    assert.deepEqual(await shop.worth('?as_of=2026-01-01T12:00:00Z'), [0, null, null])
    const [then] = (await shop.make(`GET /api/v1/inventory/valuation?as_of=${seen[1]?.[0]}`)).items
    assert.deepEqual([then.quantity, then.value], [6, '12.00'])
  })

  it('has one currency, and is for those who may see costs', async () => {
    await using shop = await openShop(engine)
    await shop.receive(1, '2.00')
    const items = [{ item_number: 'SALT', quantity: 1, unit_cost: '200' }]
    const sent = { location_id: 'MAIN', currency: 'JPY', items }
    assert.equal(
      await shop.refused('POST /api/v1/inventory/receive', sent),
      'COST_IN_OTHER_CURRENCY',
    )
    assert.deepEqual(await shop.worth(), [1, '2.00', '2.00'])
    assert.equal(
      await shop.refused('POST /api/v1/inventory/SALT/revaluations', { unit_cost: '-1' }),
      'VALIDATION_FAILED',
    )
    await shop.adjust(-1)
    assert.equal(
      await shop.refused('POST /api/v1/inventory/SALT/revaluations', { unit_cost: '1' }),
      'NOTHING_TO_VALUE',
    )
    const as = someoneWho('inventory:read')
    const answer = await shop.house.ask('GET /api/v1/inventory/SALT/valuation', undefined, { as })
    assert.equal(answer.status, 403)
  })
})
