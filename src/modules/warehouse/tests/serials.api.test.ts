import assert from 'node:assert/strict'
import { it } from 'node:test'
import { consumeUnits, postMovements, reserveStock } from '#modules/inventory'
import { requireSerials, serialsOf } from '#modules/warehouse'
import { onEveryEngine } from '#testing'
import { dayFrom, type Floor, openFloor } from './floor.ts'

const ORDER = { reference_type: 'order', reference_id: '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10' }

const ship = (floor: Floor, sku: string, quantity: number, more: object = {}) =>
  floor.write(async (ctx) => {
    const item_id = floor.items.get(sku) as never
    const location_id = floor.location_id as never
    await reserveStock(ctx, [{ item_id, quantity }], ORDER)
    await consumeUnits(ctx, ORDER, [{ item_id, location_id, quantity, ...more }])
  })

async function withDrills(floor: Floor, serial_numbers = ['S-1', 'S-2', 'S-3']) {
  await floor.item('DRILL', { tracking: 'serial' })
  await floor.receive({ item_id: 'DRILL', quantity: serial_numbers.length, serial_numbers })
}

const statuses = async (floor: Floor) => {
  const { items } = await floor.make('GET /api/v1/serials?item_id=DRILL')
  return Object.fromEntries(items.map((one: any) => [one.serial_number, one.status]))
}

onEveryEngine('serial numbers', (engine) => {
  it('are received one a unit, and are told where they are', async () => {
    await using floor = await openFloor(engine)
    await withDrills(floor)
    assert.equal(await floor.onHand('DRILL'), 3)
    const { items } = await floor.make('GET /api/v1/serials?serial_number=s-2')
    assert.equal(items[0].location_id, floor.location_id)
    assert.equal(items[0].state, 'sellable')
    assert.deepEqual(await floor.make(`GET /api/v1/serials/${items[0].id}`), items[0])
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('are refused twice, too few, too many, and where nobody keeps them', async () => {
    await using floor = await openFloor(engine)
    await withDrills(floor)
    await floor.item('MUG')
    const receive = (line: object) =>
      floor.refused('POST /api/v1/warehouse/receipts', { location_id: 'MAIN', lines: [line] })
    const drill = { item_id: 'DRILL', quantity: 2 }
    assert.equal(await receive({ ...drill, serial_numbers: ['S-4', 's-4'] }), 'SERIAL_TWICE')
    assert.equal(await receive({ ...drill, serial_numbers: ['S-4', 's-1'] }), 'SERIAL_IN_STOCK')
    assert.equal(await receive({ ...drill, serial_numbers: ['S-4'] }), 'SERIAL_REQUIRED')
    assert.equal(await receive(drill), 'SERIAL_REQUIRED')
    assert.equal(
      await receive({ item_id: 'MUG', quantity: 1, serial_numbers: ['M'] }),
      'SERIAL_UNEXPECTED',
    )
    assert.equal(await floor.onHand('DRILL'), 3)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('leave as they are named, each once, and nobody else’s', async () => {
    await using floor = await openFloor(engine)
    await withDrills(floor)
    const named = (...serial_numbers: string[]) => ({
      lots: [{ quantity: serial_numbers.length, serial_numbers }],
    })
    await assert.rejects(ship(floor, 'DRILL', 2, named('S-1', 's-1')), { code: 'SERIAL_TWICE' })
    await assert.rejects(ship(floor, 'DRILL', 1, named('S-9')), { code: 'SERIAL_NOT_THERE' })
    await ship(floor, 'DRILL', 2, named('S-3', 'S-1'))
    await assert.rejects(ship(floor, 'DRILL', 1, named('S-3')), { code: 'SERIAL_NOT_THERE' })
    assert.deepEqual(await statuses(floor), {
      'S-1': 'shipped',
      'S-2': 'in_stock',
      'S-3': 'shipped',
    })
    const out = await floor.write((ctx) => serialsOf(ctx, [ORDER]))
    assert.deepEqual(
      out.map(({ serial_number, is_assumed }) => [serial_number, is_assumed]).sort(),
      [
        ['S-1', false],
        ['S-3', false],
      ],
    )
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('that nobody names are assumed: those that expire or came first', async () => {
    await using floor = await openFloor(engine)
    await floor.item('PUMP', { tracking: 'lot_and_serial' })
    const pump = { item_id: 'PUMP', quantity: 2 }
    await floor.receive({
      ...pump,
      lot_number: 'FAR',
      expires_on: dayFrom(50),
      serial_numbers: ['F-1', 'F-2'],
    })
    await floor.receive({
      ...pump,
      lot_number: 'NEAR',
      expires_on: dayFrom(5),
      serial_numbers: ['N-1', 'N-2'],
    })
    await ship(floor, 'PUMP', 3)
    const out = await floor.write((ctx) => serialsOf(ctx, [ORDER]))
    assert.deepEqual(out.map(({ serial_number }) => serial_number).sort(), ['F-1', 'N-1', 'N-2'])
    assert.ok(out.every(({ is_assumed }) => is_assumed))
    assert.deepEqual(await floor.places('PUMP'), ['- FAR sellable 1'])
    const proposal = await floor.make(
      'GET /api/v1/inventory/PUMP/pick-proposal?location_id=MAIN&quantity=2',
    )
    assert.deepEqual(
      proposal.lines.map((line: any) => line.serial_numbers),
      [['F-2']],
    )
    assert.equal(proposal.missing, 1)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('of a lot can be moved and taken though others come first', async () => {
    await using floor = await openFloor(engine)
    await floor.item('PUMP', { tracking: 'lot_and_serial' })
    for (const [lot_number, days] of [
      ['NEAR', 5],
      ['FAR', 50],
    ] as const) {
      const serial_numbers = [`${lot_number}-1`, `${lot_number}-2`]
      const expires_on = dayFrom(days)
      await floor.receive({ item_id: 'PUMP', quantity: 2, lot_number, expires_on, serial_numbers })
    }
    const { items } = await floor.make('GET /api/v1/lots?lot_number=FAR')
    await ship(floor, 'PUMP', 1, { lots: [{ lot_id: items[0].id, quantity: 1 }] })
    assert.deepEqual(await floor.places('PUMP'), ['- FAR sellable 1', '- NEAR sellable 2'])
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('have a history: received, moved, shipped to whom, returned, shipped again', async () => {
    await using floor = await openFloor(engine)
    await withDrills(floor, ['S-1'])
    const item_id = floor.items.get('DRILL') as never
    const location_id = floor.location_id as never
    const one = { item_id, sku: 'DRILL', location_id, reason: null }
    await ship(floor, 'DRILL', 1)
    const back = { lots: [{ quantity: 1, serial_numbers: ['S-1'] }] }
    const returned = { reference_type: 'return', reference_id: 'R-1' }
    await floor.write((ctx) =>
      postMovements(ctx, [
        {
          ...one,
          ...back,
          ...returned,
          quantity_delta: 1,
          kind: 'returned',
          state_to: 'quarantine',
        },
      ]),
    )
    await floor.write((ctx) =>
      postMovements(ctx, [
        {
          ...one,
          quantity_delta: 1,
          kind: 'moved',
          state_from: 'quarantine',
          state_to: 'sellable',
        },
      ]),
    )
    await ship(floor, 'DRILL', 1)
    const { items } = await floor.make('GET /api/v1/serials?serial_number=S-1')
    const history = await floor.make(`GET /api/v1/serials/${items[0].id}/history`)
    assert.deepEqual(
      history.items.map((row: any) => [row.kind, row.status, row.reference_type]),
      [
        ['shipped', 'shipped', 'order'],
        ['moved', 'in_stock', null],
        ['returned', 'in_stock', 'return'],
        ['shipped', 'shipped', 'order'],
        ['received', 'in_stock', null],
      ],
    )
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('travel between locations without being named again', async () => {
    await using floor = await openFloor(engine)
    await withDrills(floor)
    await floor.make('POST /api/v1/locations', { code: 'SHOP', name: 'Shop' })
    const trip = await floor.make('POST /api/v1/inventory/transfers', {
      from_location_id: 'MAIN',
      to_location_id: 'SHOP',
      lines: [{ item_number: 'DRILL', quantity: 2 }],
    })
    await floor.make(`POST /api/v1/inventory/transfers/${trip.id}/dispatch`)
    assert.deepEqual(Object.values(await statuses(floor)).sort(), [
      'in_stock',
      'in_transit',
      'in_transit',
    ])
    await floor.make(`POST /api/v1/inventory/transfers/${trip.id}/receive`, {})
    const { items } = await floor.make('GET /api/v1/serials?location_id=SHOP')
    assert.equal(items.length, 2)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('can be demanded for every unit before it leaves', async () => {
    await using floor = await openFloor(engine)
    await withDrills(floor)
    await floor.item('MUG')
    const of = (sku: string, quantity: number, serial_numbers?: string[]) => ({
      item_id: floor.items.get(sku) as never,
      location_id: floor.location_id as never,
      quantity,
      ...(serial_numbers && { serial_numbers }),
    })
    const demand = (...units: ReturnType<typeof of>[]) =>
      floor.write((ctx) => requireSerials(ctx, units))
    await demand(of('MUG', 2), of('DRILL', 1, ['S-1']), of('DRILL', 1, ['S-2']))
    await assert.rejects(demand(of('DRILL', 2, ['S-1'])), { code: 'SERIAL_REQUIRED' })
    await assert.rejects(demand(of('MUG', 1, ['M'])), { code: 'SERIAL_UNEXPECTED' })
    const twice = [of('DRILL', 1, ['S-1']), of('DRILL', 1, ['s-1'])]
    await assert.rejects(demand(...twice), { code: 'SERIAL_TWICE' })
  })

  it('lie in bins and move between them', async () => {
    await using floor = await openFloor(engine)
    await floor.make('POST /api/v1/warehouse/bins', {
      location_id: 'MAIN',
      bins: [{ code: 'A' }, { code: 'B' }],
    })
    await floor.make('POST /api/v1/locations/MAIN/start-bins')
    await floor.item('DRILL', { tracking: 'serial' })
    const serial_numbers = ['S-1', 'S-2', 'S-3']
    await floor.receive({ item_id: 'DRILL', quantity: 3, serial_numbers, bin: 'MAIN-A' })
    await floor.make('POST /api/v1/warehouse/moves', {
      location_id: 'MAIN',
      lines: [{ item_id: 'DRILL', quantity: 1, to_bin: 'MAIN-B', serial_numbers: ['S-2'] }],
    })
    assert.deepEqual(await floor.places('DRILL'), ['A - sellable 2', 'B - sellable 1'])
    const { items } = await floor.make('GET /api/v1/serials?serial_number=S-2')
    const bin = await floor.make('GET /api/v1/warehouse/bins/MAIN-B')
    assert.equal(items[0].bin_id, bin.id)
    assert.deepEqual(await floor.house.violations(), [])
  })
})
