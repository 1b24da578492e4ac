import assert from 'node:assert/strict'
import { it } from 'node:test'
import { consumeUnits, postMovements, reserveStock } from '#modules/inventory'
import { lotsShippedTo, pickFrom } from '#modules/warehouse'
import { onEveryEngine } from '#testing'
import { dayFrom, type Floor, openFloor, runSchedules } from './floor.ts'

const ORDER = { reference_type: 'order', reference_id: '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10' }

/** Ships units as an order would: promises them, and takes them off the shelves. */
const ship = (floor: Floor, sku: string, quantity: number, more: object = {}) =>
  floor.write(async (ctx) => {
    const item_id = floor.items.get(sku) as never
    const location_id = floor.location_id as never
    await reserveStock(ctx, [{ item_id, quantity }], ORDER)
    await consumeUnits(ctx, ORDER, [{ item_id, location_id, quantity, ...more }])
  })

const TWO_LOTS = (near = dayFrom(10), far = dayFrom(90)) => [
  { item_id: 'TEA', quantity: 6, lot_number: 'FAR', expires_on: far },
  { item_id: 'TEA', quantity: 4, lot_number: 'NEAR', expires_on: near },
]

async function withTea(floor: Floor, lines: object[] = TWO_LOTS()) {
  await floor.item('TEA', { tracking: 'lot' })
  await floor.make('POST /api/v1/warehouse/receipts', { location_id: 'MAIN', lines })
}

onEveryEngine('lots', (engine) => {
  it('are received with their dates, and add up to the level', async () => {
    await using floor = await openFloor(engine)
    await withTea(floor)

    assert.equal(await floor.onHand('TEA'), 10)
    assert.deepEqual(await floor.places('TEA'), ['- FAR sellable 6', '- NEAR sellable 4'])
    const { items } = await floor.make('GET /api/v1/lots?item_id=TEA')
    assert.deepEqual(
      items.map((lot: any) => [lot.lot_number, lot.quantity, lot.expires_on]).sort(),
      [
        ['FAR', 6, dayFrom(90)],
        ['NEAR', 4, dayFrom(10)],
      ],
    )
    assert.ok((await floor.house.events()).filter((name) => name === 'lot.created').length === 2)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('leave in the order in which they expire, whoever takes them', async () => {
    await using floor = await openFloor(engine)
    await withTea(floor)

    await ship(floor, 'TEA', 5)

    assert.deepEqual(await floor.places('TEA'), ['- FAR sellable 5'])
    const out = await floor.write((ctx) => lotsShippedTo(ctx, [ORDER]))
    assert.deepEqual(out.map(({ quantity }) => quantity).sort(), [1, 4])
    const adjusted = { item_number: 'TEA', location_id: 'MAIN', quantity_delta: -2 }
    await floor.make('POST /api/v1/inventory/bulk-adjust', { adjustments: [adjusted] })
    assert.deepEqual(await floor.places('TEA'), ['- FAR sellable 3'])
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('are proposed for picking by their last good day, and never when blocked or over', async () => {
    await using floor = await openFloor(engine)
    await withTea(floor, [
      ...TWO_LOTS(),
      { item_id: 'TEA', quantity: 3, lot_number: 'OVER', expires_on: dayFrom(-1) },
      { item_id: 'TEA', quantity: 2, lot_number: 'HELD', expires_on: dayFrom(1) },
    ])
    const { items } = await floor.make('GET /api/v1/lots?lot_number=held')
    await floor.make(`POST /api/v1/lots/${items[0].id}/block`, { reason: 'Laboratory' })

    const proposal = await floor.make(
      'GET /api/v1/inventory/TEA/pick-proposal?location_id=MAIN&quantity=12',
    )
    assert.deepEqual(
      proposal.lines.map((line: any) => [line.lot_number, line.quantity]),
      [
        ['NEAR', 4],
        ['FAR', 6],
      ],
    )
    assert.equal(proposal.missing, 2)
    const units = { item_id: floor.items.get('TEA'), location_id: floor.location_id, quantity: 7 }
    const two = await floor.write((ctx) => pickFrom(ctx, [units, units] as never))
    assert.deepEqual(
      two.map(({ lot_number, quantity }) => [lot_number, quantity]),
      [
        ['NEAR', 4],
        ['FAR', 3],
        ['FAR', 3],
      ],
    )
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('that are blocked or over are not shipped, whether named or not', async () => {
    await using floor = await openFloor(engine)
    await withTea(floor, [
      { item_id: 'TEA', quantity: 3, lot_number: 'OVER', expires_on: dayFrom(-1) },
      { item_id: 'TEA', quantity: 3, lot_number: 'GOOD', expires_on: dayFrom(30) },
    ])
    const { items } = await floor.make('GET /api/v1/lots?lot_number=OVER')
    const lots = [{ lot_id: items[0].id, quantity: 2 }]

    await assert.rejects(ship(floor, 'TEA', 4), { code: 'UNITS_NOT_PICKABLE' })
    await assert.rejects(ship(floor, 'TEA', 2, { lots }), { code: 'LOT_BLOCKED' })
    await ship(floor, 'TEA', 3)

    assert.deepEqual(await floor.places('TEA'), ['- OVER sellable 3'])
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('with too few days left are not picked, but may be named', async () => {
    await using floor = await openFloor(engine)
    await floor.item('MILK', { tracking: 'lot', pick_days_min: 5 })
    await floor.receive({
      item_id: 'MILK',
      quantity: 3,
      lot_number: 'L1',
      expires_on: dayFrom(4),
    })
    const { items } = await floor.make('GET /api/v1/lots?item_id=MILK')
    await assert.rejects(ship(floor, 'MILK', 1), { code: 'UNITS_NOT_PICKABLE' })
    await ship(floor, 'MILK', 1, { lots: [{ lot_id: items[0].id, quantity: 1 }] })
    assert.equal(await floor.onHand('MILK'), 2)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('must be named when units come in, unless the item makes one a day', async () => {
    await using floor = await openFloor(engine)
    await withTea(floor)
    const more = { item_number: 'TEA', location_id: 'MAIN', quantity_on_hand: 5 }
    assert.equal(await floor.refused('POST /api/v1/inventory', more), 'LOT_REQUIRED')
    assert.equal(await floor.onHand('TEA'), 10)

    await floor.make('PUT /api/v1/inventory/TEA/tracking', {
      makes_lots: true,
      shelf_life_days: 20,
    })
    await floor.make('POST /api/v1/inventory', more)
    await floor.make('POST /api/v1/inventory', more)

    const today = dayFrom(0)
    assert.ok((await floor.places('TEA')).includes(`- ${today} sellable 10`))
    const { items } = await floor.make(`GET /api/v1/lots?lot_number=${today}`)
    assert.equal(items[0].expires_on, dayFrom(20))
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('are refused with other dates, on other items, and in sums that do not add up', async () => {
    await using floor = await openFloor(engine)
    await withTea(floor)
    await floor.item('MUG')
    const line = { item_id: 'TEA', quantity: 1, lot_number: 'near', expires_on: dayFrom(11) }
    const receive = (one: object) =>
      floor.refused('POST /api/v1/warehouse/receipts', { location_id: 'MAIN', lines: [one] })
    assert.equal(await receive(line), 'LOT_NUMBER_TAKEN')
    assert.equal(await receive({ ...line, expires_on: '2027-02-30' }), 'VALIDATION_FAILED')
    assert.equal(await receive({ ...line, item_id: 'MUG' }), 'LOT_UNEXPECTED')
    assert.equal(
      await floor.refused('POST /api/v1/lots', { item_id: 'TEA', lot_number: 'NEAR' }),
      'LOT_NUMBER_TAKEN',
    )
    const { items } = await floor.make('GET /api/v1/lots?lot_number=NEAR')
    const lots = [{ lot_id: items[0].id, quantity: 2 }]
    await assert.rejects(ship(floor, 'TEA', 3, { lots }), { code: 'LOT_UNITS_WRONG' })
    const nine = [{ lot_id: items[0].id, quantity: 9 }]
    await assert.rejects(ship(floor, 'TEA', 9, { lots: nine }), { code: 'UNITS_NOT_THERE' })
    assert.equal(await floor.onHand('TEA'), 10)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('whose last day is over leave the sale by themselves, as far as nobody waits for them', async () => {
    let now = Date.now()
    await using floor = await openFloor(engine, { clock: () => new Date(now) })
    await withTea(floor)
    const item_id = floor.items.get('TEA') as never
    await floor.write((ctx) => reserveStock(ctx, [{ item_id, quantity: 8 }], ORDER))
    const { items } = await floor.make('GET /api/v1/lots/expiring?within_days=11')
    assert.deepEqual(
      items.map((lot: any) => lot.lot_number),
      ['NEAR'],
    )
    now += 11 * 86_400_000
    await runSchedules(floor.house)
    assert.equal(await floor.onHand('TEA'), 8)
    assert.deepEqual(await floor.places('TEA'), [
      '- FAR sellable 6',
      '- NEAR expired 2',
      '- NEAR sellable 2',
    ])
    assert.equal((await floor.house.events()).filter((name) => name === 'lot.expired').length, 1)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('keep their units through moves between states, transfers and returns', async () => {
    await using floor = await openFloor(engine)
    await withTea(floor)
    await floor.make('POST /api/v1/locations', { code: 'SHOP', name: 'Shop' })
    const shop = (await floor.make('GET /api/v1/locations/SHOP')).id
    const item_id = floor.items.get('TEA') as never
    const at = { item_id, sku: 'TEA', reason: null }
    const trip = await floor.make('POST /api/v1/inventory/transfers', {
      from_location_id: 'MAIN',
      to_location_id: 'SHOP',
      lines: [{ item_number: 'TEA', quantity: 5 }],
    })
    await floor.make(`POST /api/v1/inventory/transfers/${trip.id}/dispatch`)
    assert.deepEqual(await floor.places('TEA'), ['- FAR sellable 5'])
    await floor.make(`POST /api/v1/inventory/transfers/${trip.id}/receive`, {})
    await floor.write((ctx) =>
      postMovements(ctx, [
        {
          ...at,
          location_id: shop,
          quantity_delta: 2,
          kind: 'moved',
          state_from: 'sellable',
          state_to: 'damaged',
        },
      ]),
    )
    assert.deepEqual(await floor.places('TEA'), [
      '- FAR sellable 1',
      '- FAR sellable 5',
      '- NEAR damaged 2',
      '- NEAR sellable 2',
    ])
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('are told with all that happened to them', async () => {
    await using floor = await openFloor(engine)
    await withTea(floor)
    await ship(floor, 'TEA', 4)
    const { items } = await floor.make('GET /api/v1/lots?lot_number=NEAR')
    const history = await floor.make(`GET /api/v1/lots/${items[0].id}/history`)
    assert.deepEqual(
      history.items.map((row: any) => [row.kind, row.quantity_delta, row.reference_type]),
      [
        ['shipped', -4, 'order'],
        ['received', 4, null],
      ],
    )
    const genealogy = await floor.make(`GET /api/v1/lots/${items[0].id}/genealogy`)
    assert.equal(genealogy.receipts[0].quantity, 4)
    assert.equal(genealogy.shipments[0].reference_id, ORDER.reference_id)
  })
})
