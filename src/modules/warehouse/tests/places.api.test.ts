import assert from 'node:assert/strict'
import { it } from 'node:test'
import { consumeUnits, postMovements, reserveStock } from '#modules/inventory'
import { onEveryEngine, someoneWho } from '#testing'
import { dayFrom, type Floor, openFloor } from './floor.ts'

const ORDER = { reference_type: 'order', reference_id: '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10' }

async function withBins(floor: Floor) {
  const zone = await floor.make('POST /api/v1/warehouse/zones', {
    location_id: 'MAIN',
    code: 'A',
    name: 'Aisle A',
  })
  const { bins } = await floor.make('POST /api/v1/warehouse/bins', {
    location_id: 'MAIN',
    bins: [
      { code: 'A1', zone_id: zone.id, type: 'picking', pick_sequence: 1 },
      { code: 'A2', zone_id: zone.id, pick_sequence: 2 },
      { code: 'IN', type: 'receiving' },
      { code: 'Q', type: 'quarantine', scan_code: 'QUARANTINE' },
      { code: 'BACK', type: 'returns' },
    ],
  })
  await floor.make('POST /api/v1/locations/MAIN/start-bins')
  return { zone, bins }
}

const move = (floor: Floor, ...lines: object[]) =>
  floor.make('POST /api/v1/warehouse/moves', { location_id: 'MAIN', lines })

onEveryEngine('places', (engine) => {
  it('a location without bins works as before, and its items stay untouched', async () => {
    await using floor = await openFloor(engine)
    await floor.item('MUG')
    await floor.make('POST /api/v1/inventory', {
      item_number: 'MUG',
      location_id: 'MAIN',
      quantity_on_hand: 5,
    })
    assert.deepEqual(await floor.places('MUG'), [])
    const line = { item_id: 'MUG', quantity: 1, to_bin: 'MAIN-A1' }
    await floor.make('POST /api/v1/warehouse/bins', { location_id: 'MAIN', bins: [{ code: 'A1' }] })
    assert.equal(
      await floor.refused('POST /api/v1/warehouse/moves', { location_id: 'MAIN', lines: [line] }),
      'LOCATION_WITHOUT_BINS',
    )
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('are kept from the day on which bins begin: what is there stands in none', async () => {
    await using floor = await openFloor(engine)
    await floor.item('MUG')
    await floor.receive({ item_id: 'MUG', quantity: 8 })
    await floor.receive({ item_id: 'MUG', quantity: 2, state: 'damaged' })
    await withBins(floor)
    assert.deepEqual(await floor.places('MUG'), ['- - damaged 2', '- - sellable 8'])
    const again = await floor.make('POST /api/v1/locations/MAIN/start-bins')
    assert.equal(again.places, 2)

    await move(floor, { item_id: 'MUG', quantity: 6, from_bin: null, to_bin: 'MAIN-A1' })
    assert.deepEqual(await floor.places('MUG'), [
      '- - damaged 2',
      '- - sellable 2',
      'A1 - sellable 6',
    ])
    const { items } = await floor.make('GET /api/v1/warehouse/places?unplaced=true')
    assert.equal(items.length, 2)
    assert.ok((await floor.house.events()).includes('bin.units_moved'))
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('units land where units of their kind land, and leave along the way of a picker', async () => {
    await using floor = await openFloor(engine)
    await withBins(floor)
    const item_id = (await floor.item('MUG')) as never
    await floor.receive({ item_id: 'MUG', quantity: 9 })
    assert.deepEqual(await floor.places('MUG'), ['IN - sellable 9'])
    await move(
      floor,
      { item_id: 'MUG', quantity: 3, to_bin: 'MAIN-A1' },
      { item_id: 'MUG', quantity: 3, from_bin: 'MAIN-IN', to_bin: 'MAIN-A2' },
    )
    // The second line takes from the receiving bin, the first from where a picker would.
    assert.deepEqual(await floor.places('MUG'), [
      'A1 - sellable 3',
      'A2 - sellable 3',
      'IN - sellable 3',
    ])
    const location_id = floor.location_id as never
    await floor.write(async (ctx) => {
      await reserveStock(ctx, [{ item_id, quantity: 4 }], ORDER)
      await consumeUnits(ctx, ORDER, [{ item_id, location_id, quantity: 4 }])
    })
    assert.deepEqual(await floor.places('MUG'), ['A2 - sellable 2', 'IN - sellable 3'])
    const back = { item_id, sku: 'MUG', location_id, reason: null }
    await floor.write((ctx) =>
      postMovements(ctx, [
        { ...back, quantity_delta: 1, kind: 'returned' },
        {
          ...back,
          quantity_delta: 2,
          kind: 'moved',
          state_from: 'sellable',
          state_to: 'quarantine',
        },
      ]),
    )
    assert.deepEqual(await floor.places('MUG'), [
      'BACK - sellable 1',
      'IN - sellable 3',
      'Q - quarantine 2',
    ])
    const content = await floor.make('GET /api/v1/warehouse/bins/QUARANTINE/content')
    assert.equal(content.items[0].quantity, 2)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('moves are all or none, and of units that are there', async () => {
    await using floor = await openFloor(engine)
    await withBins(floor)
    await floor.item('MUG')
    await floor.receive({ item_id: 'MUG', quantity: 5 })
    const refused = (...lines: object[]) =>
      floor.refused('POST /api/v1/warehouse/moves', { location_id: 'MAIN', lines })
    const good = { item_id: 'MUG', quantity: 2, to_bin: 'MAIN-A1' }
    assert.equal(await refused(good, { ...good, quantity: 9 }), 'UNITS_NOT_THERE')
    assert.equal(await refused(good, { ...good, from_bin: 'MAIN-A2' }), 'UNITS_NOT_THERE')
    assert.equal(await refused(good, { ...good, from_bin: null }), 'UNITS_NOT_THERE')
    assert.equal(await refused({ ...good, to_bin: 'NOWHERE' }), 'BIN_NOT_FOUND')
    assert.equal(await refused({ ...good, item_id: 'CUP' }), 'INVENTORY_ITEM_NOT_FOUND')
    await floor.make('POST /api/v1/locations', { code: 'SHOP', name: 'Shop' })
    await floor.make('POST /api/v1/warehouse/bins', { location_id: 'SHOP', bins: [{ code: 'S' }] })
    assert.equal(await refused({ ...good, to_bin: 'SHOP-S' }), 'BIN_ELSEWHERE')
    assert.deepEqual(await floor.places('MUG'), ['IN - sellable 5'])
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('codes are unique in a location, scan codes in the house', async () => {
    await using floor = await openFloor(engine)
    await withBins(floor)
    await floor.make('POST /api/v1/locations', { code: 'SHOP', name: 'Shop' })
    const create = (location_id: string, ...bins: object[]) =>
      floor.refused('POST /api/v1/warehouse/bins', { location_id, bins })
    assert.equal(await create('MAIN', { code: 'A1', scan_code: 'NEW' }), 'BIN_CODE_TAKEN')
    assert.equal(await create('MAIN', { code: 'X' }, { code: 'X' }), 'BIN_CODE_TAKEN')
    const same = [
      { code: 'X', scan_code: 'Z' },
      { code: 'Y', scan_code: 'Z' },
    ]
    assert.equal(await create('MAIN', ...same), 'SCAN_CODE_TAKEN')
    assert.equal(await create('SHOP', { code: 'S', scan_code: 'QUARANTINE' }), 'SCAN_CODE_TAKEN')
    const id = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
    assert.equal(await create('SHOP', { code: 'S', scan_code: id }), 'VALIDATION_FAILED')
    assert.equal(await create('SHOP', { code: 'S', zone_id: id }), 'ZONE_NOT_FOUND')
    const zone = { location_id: 'MAIN', code: 'A', name: 'Again' }
    assert.equal(await floor.refused('POST /api/v1/warehouse/zones', zone), 'BIN_CODE_TAKEN')
    const { items } = await floor.make('GET /api/v1/warehouse/bins?location_id=SHOP')
    assert.deepEqual(items, [])
  })

  it('bins and zones change, and are given up when they are empty', async () => {
    await using floor = await openFloor(engine)
    const { zone, bins } = await withBins(floor)
    await floor.item('MUG')
    await floor.receive({ item_id: 'MUG', quantity: 5, bin: 'MAIN-A1' })
    const a1 = `/api/v1/warehouse/bins/${bins[0].id}`
    const changed = await floor.make(`PUT ${a1}`, { scan_code: 'ONE', pick_sequence: 7 })
    assert.equal(changed.version, 2)
    assert.equal(
      (await floor.house.ask(`PUT ${a1}`, { type: 'storage' }, { headers: { 'if-match': '"1"' } }))
        .status,
      412,
    )
    assert.equal(await floor.refused(`PUT ${a1}`, { scan_code: 'QUARANTINE' }), 'SCAN_CODE_TAKEN')
    assert.equal(await floor.refused(`DELETE ${a1}`), 'BIN_IN_USE')
    assert.equal(await floor.refused(`DELETE /api/v1/warehouse/zones/${zone.id}`), 'ZONE_IN_USE')
    await move(floor, { item_id: 'MUG', quantity: 5, to_bin: 'MAIN-A2' })
    await floor.make(`DELETE ${a1}`)
    assert.equal(await floor.refused('GET /api/v1/warehouse/bins/ONE'), 'BIN_NOT_FOUND')
    await floor.make(`PUT /api/v1/warehouse/bins/${bins[1].id}`, { zone_id: null })
    await floor.make(`PUT /api/v1/warehouse/zones/${zone.id}`, { name: 'Aisle' })
    await floor.make(`DELETE /api/v1/warehouse/zones/${zone.id}`)
    assert.deepEqual((await floor.make('GET /api/v1/warehouse/zones?location_id=MAIN')).items, [])
    const names = await floor.house.events()
    for (const name of ['bin.updated', 'bin.archived', 'zone.updated', 'zone.archived']) {
      assert.ok(names.includes(name), name)
    }
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('pages of places go on by cursor, in one order', async () => {
    await using floor = await openFloor(engine)
    await withBins(floor)
    for (const sku of ['A', 'B', 'C']) {
      await floor.item(sku)
      await floor.receive({ item_id: sku, quantity: 2, bin: 'MAIN-A1' })
      await floor.receive({ item_id: sku, quantity: 1, bin: 'MAIN-A2' })
    }
    const seen: string[] = []
    for (let cursor = ''; ; ) {
      const page = await floor.make(`GET /api/v1/warehouse/places?limit=2${cursor}`)
      seen.push(...page.items.map((one: any) => `${one.item_number} ${one.bin_code}`))
      if (page.next_cursor === null) break
      cursor = `&cursor=${page.next_cursor}`
    }
    assert.deepEqual(seen.sort(), ['A A1', 'A A2', 'B A1', 'B A2', 'C A1', 'C A2'])
    assert.equal(
      await floor.refused('GET /api/v1/warehouse/places?cursor=WyJwbGFjZXMiLDIsMV0'),
      'CURSOR_INVALID',
    )
  })

  it('are read by who may read stock and changed by who may adjust it', async () => {
    await using floor = await openFloor(engine)
    await withBins(floor)
    const reader = someoneWho('inventory:read')
    const { status } = await floor.house.ask('GET /api/v1/warehouse/bins', undefined, {
      as: reader,
    })
    assert.equal(status, 200)
    const bins = { location_id: 'MAIN', bins: [{ code: 'Z' }] }
    const denied = await floor.house.ask('POST /api/v1/warehouse/bins', bins, { as: reader })
    assert.equal(denied.status, 403)
  })
})

onEveryEngine('how an item is kept', (engine) => {
  it('becomes by lot with its stock as one lot, where it lies', async () => {
    await using floor = await openFloor(engine)
    await withBins(floor)
    await floor.item('TEA')
    await floor.receive({ item_id: 'TEA', quantity: 7 })
    await floor.receive({ item_id: 'TEA', quantity: 2, bin: 'MAIN-A1' })
    const set = await floor.make('PUT /api/v1/inventory/TEA/tracking', {
      tracking: 'lot',
      opening_lot_number: 'OLD',
      abc_class: 'A',
    })
    assert.equal(set.version, 1)
    assert.deepEqual(await floor.places('TEA'), ['A1 OLD sellable 2', 'IN OLD sellable 7'])
    assert.deepEqual(await floor.make('GET /api/v1/inventory/TEA/tracking'), set)
    await floor.receive({
      item_id: 'TEA',
      quantity: 1,
      lot_number: 'NEW',
      expires_on: dayFrom(9),
    })
    assert.deepEqual(await floor.places('TEA'), [
      'A1 OLD sellable 2',
      'IN NEW sellable 1',
      'IN OLD sellable 7',
    ])
    assert.ok((await floor.house.events()).includes('tracking.changed'))
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('changes in no other way while there is stock', async () => {
    await using floor = await openFloor(engine)
    await floor.item('TEA', { tracking: 'lot' })
    await floor.item('MUG')
    await floor.receive({ item_id: 'TEA', quantity: 7, lot_number: 'L' })
    await floor.receive({ item_id: 'MUG', quantity: 7 })
    const set = (sku: string, tracking: string) =>
      floor.refused(`PUT /api/v1/inventory/${sku}/tracking`, { tracking })
    assert.equal(await set('TEA', 'none'), 'TRACKING_NEEDS_EMPTY_STOCK')
    assert.equal(await set('TEA', 'lot_and_serial'), 'TRACKING_NEEDS_EMPTY_STOCK')
    assert.equal(await set('MUG', 'serial'), 'TRACKING_NEEDS_EMPTY_STOCK')
    assert.equal(await set('CUP', 'serial'), 'INVENTORY_ITEM_NOT_FOUND')
    const fresh = await floor.make('PUT /api/v1/inventory/TEA/tracking', { shelf_life_days: 9 })
    assert.deepEqual([fresh.tracking, fresh.shelf_life_days, fresh.version], ['lot', 9, 2])
    assert.deepEqual(await floor.house.violations(), [])
  })
})
