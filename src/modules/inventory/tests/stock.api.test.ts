import assert from 'node:assert/strict'
import { it } from 'node:test'
import { reserveStock } from '#modules/inventory'
import { onEveryEngine, openHouse, someoneWho } from '#testing'
import { holder, openShelves, payloads } from './shelves.ts'

onEveryEngine('stock', (engine) => {
  it('changes its state for a reason, and only sellable units can be promised', async () => {
    await using house = await openHouse(engine)
    const shop = await openShelves(house, { MUG: { MAIN: 10 } })
    const change = (from: string, to: string, quantity: number | string, more: object = {}) =>
      house.ask('POST /api/v1/inventory/MUG/change-state', {
        from,
        to,
        quantity,
        reason: 'looked at',
        ...more,
      })

    const checked = await change('sellable', 'quarantine', 6, { location_id: 'MAIN' })
    assert.deepEqual(checked.data.quantities.by_state, {
      sellable: '4',
      quarantine: '6',
      damaged: '0',
      expired: '0',
    })
    assert.equal((await change('quarantine', 'damaged', 2)).status, 200)
    assert.equal((await change('quarantine', 'sellable', 3)).status, 200)
    await house.ask('POST /api/v1/inventory/MUG/reserve', { quantity: 7 })

    const more = await change('quarantine', 'sellable', 2)
    assert.equal(more.error.code, 'STOCK_NOT_IN_STATE')
    assert.deepEqual([more.error.details.requested, more.error.details.available], [2, 1])
    assert.equal((await change('sellable', 'expired', 1)).error.code, 'STOCK_BELOW_RESERVED')
    assert.equal((await change('damaged', 'damaged', 1)).status, 400)
    assert.equal((await change('damaged', 'lost', 1)).status, 400)
    const bare = { from: 'damaged', to: 'sellable', quantity: 1 }
    assert.equal((await house.ask('POST /api/v1/inventory/MUG/change-state', bare)).status, 400)
    assert.deepEqual(await shop.counts('MUG'), [7, 7, 0])
    const [first] = (await payloads(house, 'inventory.adjusted')).slice(1)
    assert.deepEqual(
      [first.kind, first.state_from, first.state_to, first.quantity, first.quantity_delta],
      ['moved', 'sellable', 'quarantine', 6, -6],
    )
    assert.deepEqual(await house.violations(), [])
  })

  it('is adjusted in any unit and state, and refuses nothing and too much', async () => {
    await using house = await openHouse(engine)
    const shop = await openShelves(house, { MUG: { MAIN: 10 }, TEA: { EAST: 1, WEST: 1 } })
    await house.ask('PUT /api/v1/inventory/MUG/units/BOX', { numerator: 12 })
    const adjust = (sku: string, body: object) =>
      house.ask(`POST /api/v1/inventory/${sku}/adjust`, body)

    assert.equal((await adjust('MUG', { quantity_delta: '1.5', unit: 'BOX' })).status, 200)
    assert.equal((await adjust('MUG', { quantity_delta: 4, state: 'damaged' })).status, 200)
    const less = { quantity_delta: -3, state: 'damaged', reason: 'thrown away' }
    assert.equal((await adjust('MUG', less)).data.quantities.by_state.damaged, '1')

    assert.deepEqual(await shop.counts('MUG'), [28, 0, 28])
    assert.equal((await adjust('MUG', { quantity_delta: 0 })).status, 400)
    assert.equal((await adjust('MUG', { quantity_delta: '0.0', unit: 'BOX' })).status, 400)
    assert.equal((await adjust('MUG', { quantity_delta: -29 })).error.code, 'STOCK_BELOW_RESERVED')
    assert.equal((await adjust('MUG', { quantity_delta: 1.5 })).status, 400)
    assert.equal((await adjust('TEA', { quantity_delta: 1 })).status, 400)
    assert.equal(
      (await adjust('MUG', { quantity_delta: 1, unit: 'CRATE' })).error.code,
      'ITEM_UNIT_NOT_FOUND',
    )
    const reader = { as: someoneWho('inventory:read') }
    const denied = await house.ask(
      'POST /api/v1/inventory/MUG/adjust',
      { quantity_delta: 1 },
      reader,
    )
    assert.equal(denied.status, 403)
    assert.deepEqual(await house.violations(), [])
  })

  it('comes in for many items at once, with its cost, and leaves for a hand-made promise', async () => {
    await using house = await openHouse(engine)
    const shop = await openShelves(house, { MUG: { MAIN: 0, SHOP: 1 }, TEA: { MAIN: 0 } })
    const delivery = { reference_type: 'delivery', reference_id: 'D-77' }

    const received = await house.ask('POST /api/v1/inventory/receive', {
      location_id: 'MAIN',
      items: [
        { item_number: 'MUG', quantity: 5, unit_cost: '3.10' },
        { item_number: 'tea', quantity: '2', state: 'quarantine' },
      ],
      currency: 'eur',
      ...delivery,
    })
    assert.equal(received.data.quantity, 7)
    const [last] = (await house.ask('GET /api/v1/inventory/MUG/movements')).data.items
    assert.deepEqual([last.unit_cost, last.currency, last.reference_id], ['3.10', 'EUR', 'D-77'])
    const bad = { location_id: 'MAIN', items: [{ item_number: 'MUG', quantity: 1, unit_cost: -1 }] }
    assert.equal((await house.ask('POST /api/v1/inventory/receive', bad)).status, 400)

    const promise = { quantity: 6, reference_id: 'WO-17' }
    await house.ask('POST /api/v1/inventory/MUG/reserve', promise)
    const pick = (quantity: number, more: object = {}) =>
      house.ask('POST /api/v1/inventory/pick', {
        reference_id: 'WO-17',
        items: [{ item_number: 'MUG', quantity, ...more }],
      })
    assert.equal((await pick(7)).error.code, 'UNITS_NOT_HELD')
    assert.equal((await pick(1, { location_id: 'SHOP' })).status, 200)
    assert.equal((await pick(4)).data.quantity, 4)
    assert.deepEqual(await shop.counts('MUG'), [1, 1, 0])
    const order = {
      reference_id: 'x',
      reference_type: 'order',
      items: [{ item_number: 'MUG', quantity: 1 }],
    }
    assert.equal((await house.ask('POST /api/v1/inventory/pick', order)).status, 400)
    assert.deepEqual(await house.violations(), [])
  })

  it('keeps its safety stock from everybody, in every answer and under a crowd', async () => {
    await using house = await openHouse(engine)
    const shop = await openShelves(house, { MUG: { EAST: 10, WEST: 2 } })
    const shelf = (code: string, body: object) =>
      house.ask(`PUT /api/v1/inventory/MUG/locations/${code}`, body)
    await house.ask('POST /api/v1/inventory/MUG/reserve', { quantity: 2, location_id: 'EAST' })

    const set = await shelf('EAST', { safety_stock: 5 })
    await shelf('WEST', { safety_stock: 9 })

    assert.deepEqual([set.data.quantities.available, set.data.quantities.safety_stock], ['3', '5'])
    assert.deepEqual(await shop.counts('MUG'), [12, 2, 3])
    const low = await house.ask('GET /api/v1/inventory/low-stock?threshold=3')
    assert.equal(low.data.items.length, 1)
    const crowd = Array.from({ length: 6 }, () =>
      house.ask('POST /api/v1/inventory/MUG/reserve', { quantity: 1, reference_id: 'crowd' }),
    )
    const granted = (await Promise.all(crowd)).filter(({ status }) => status === 200).length
    assert.equal(granted, 3)
    // More safety stock takes no promise back, and promises can still be given back.
    await shelf('EAST', { safety_stock: 10 })
    const back = { quantity: 1, reference_id: 'crowd' }
    assert.equal((await house.ask('POST /api/v1/inventory/MUG/release', back)).status, 200)
    assert.deepEqual(await shop.counts('MUG'), [12, 4, 0])
    const { data } = await house.ask('GET /api/v1/inventory/statistics')
    assert.equal(data.units_available, 0)
    assert.deepEqual(await house.violations(), [])
  })

  it('is suggested to be ordered where it ran low, less what is on its way', async () => {
    await using house = await openHouse(engine)
    const shop = await openShelves(house, { MUG: { EAST: 20, WEST: 4 }, TEA: { EAST: 3 } })
    const settings = { reorder_point: 5, reorder_quantity: 24, lead_time_days: 7 }
    await house.ask('PUT /api/v1/inventory/MUG', settings)
    await house.ask('PUT /api/v1/inventory/TEA/locations/EAST', { reorder_point: 50 })
    const suggested = async (query = '') => {
      const { data } = await house.ask(`GET /api/v1/inventory/reorder-suggestions${query}`)
      return data.items.map((s: any) => [s.item_number, s.location_code, s.suggested_quantity])
    }

    assert.deepEqual(await suggested(), [
      ['MUG', 'WEST', 24],
      ['TEA', 'EAST', 48],
    ])
    const { data: page } = await house.ask('GET /api/v1/inventory/reorder-suggestions?limit=1')
    assert.deepEqual(await suggested(`?limit=1&cursor=${page.next_cursor}`), [['TEA', 'EAST', 48]])
    assert.deepEqual(await suggested('?location_id=WEST'), [['MUG', 'WEST', 24]])
    const { data: transfer } = await house.ask('POST /api/v1/inventory/transfers', {
      from_location_id: 'EAST',
      to_location_id: 'WEST',
      lines: [{ item_number: 'MUG', quantity: 2 }],
    })
    await house.ask(`POST /api/v1/inventory/transfers/${transfer.id}/dispatch`)
    assert.deepEqual(await suggested('?location_id=WEST'), [])
    assert.deepEqual(await shop.counts('MUG', 'EAST'), [18, 0, 18])
    const lows = await payloads(house, 'inventory.low_stock')
    assert.equal(lows.length, 2)
    assert.deepEqual(await house.violations(), [])
  })

  it('that is waited for is listed in the order in which it will be served', async () => {
    await using house = await openHouse(engine)
    const shop = await openShelves(house, { MUG: { MAIN: 1 } })
    await house.ask('PUT /api/v1/inventory/MUG', { backorder_limit: 9 })
    const demand = (quantity: number) => [{ item_id: shop.item('MUG'), quantity }]
    for (const [nth, quantity] of [3, 1].entries()) {
      await shop.write((ctx) => reserveStock(ctx, demand(quantity), holder(nth)))
    }

    const { data } = await house.ask('GET /api/v1/inventory/backorders?product_id=mug')

    assert.deepEqual(
      data.items.map((b: any) => [b.item_number, b.quantity, b.kind, b.reference_id]),
      [
        ['MUG', 2, 'backorder', holder(0).reference_id],
        ['MUG', 1, 'backorder', holder(1).reference_id],
      ],
    )
    const one = `GET /api/v1/inventory/backorders?reference_id=${holder(1).reference_id}`
    assert.equal((await house.ask(one)).data.total, 1)
    const refused = await house.ask('DELETE /api/v1/inventory/MUG')
    assert.equal(refused.error.code, 'INVENTORY_ITEM_IN_USE')
  })

  it('of an archived item is written off in every state, and a location with any stays', async () => {
    await using house = await openHouse(engine)
    await openShelves(house, { MUG: { MAIN: 5 } })
    const damage = { from: 'sellable', to: 'damaged', quantity: 5, reason: 'flood' }
    await house.ask('POST /api/v1/inventory/MUG/change-state', damage)

    const kept = await house.ask('DELETE /api/v1/locations/MAIN')
    assert.equal(kept.error.code, 'LOCATION_IN_USE')
    assert.equal((await house.ask('DELETE /api/v1/inventory/MUG')).status, 204)
    assert.equal((await house.ask('DELETE /api/v1/locations/MAIN')).status, 204)
    assert.deepEqual(await house.violations(), [])
  })
})
