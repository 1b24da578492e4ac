import assert from 'node:assert/strict'
import { it } from 'node:test'
import { releaseReservations, reserveStock } from '#modules/inventory'
import { onEveryEngine, someoneWho } from '#testing'
import { dayFrom, type Floor, openFloor } from './floor.ts'

const HOLDER = { reference_type: 'basket', reference_id: 'B-1' }

async function stocked(floor: Floor, stock: Record<string, number>) {
  for (const [sku, quantity] of Object.entries(stock)) {
    await floor.item(sku)
    if (quantity > 0) await floor.receive({ item_id: sku, quantity })
  }
}

const plan = (floor: Floor, body: object = {}) =>
  floor.make('POST /api/v1/cycle-counts', { location_id: 'MAIN', ...body })

/** The lines of a count by SKU (and bin and lot where there are any). */
async function sheet(floor: Floor, id: string): Promise<Record<string, any>> {
  const { items } = await floor.make(`GET /api/v1/cycle-counts/${id}/sheet?limit=100`)
  return Object.fromEntries(
    items.map((line: any) => [
      [line.item_number, line.bin_code, line.lot_number].filter(Boolean).join(' '),
      line,
    ]),
  )
}

/** Enters what was counted, by the names of `sheet`; answers the statuses. */
async function enter(floor: Floor, id: string, counted: Record<string, number | string[]>) {
  const lines = await sheet(floor, id)
  const entries = Object.entries(counted).map(([name, found]) => ({
    line_id: lines[name].id,
    ...(typeof found === 'number' ? { quantity: found } : { serial_numbers: found }),
  }))
  const answer = await floor.make(`POST /api/v1/cycle-counts/${id}/entries`, { lines: entries })
  return answer.lines.map((line: any) => line.status)
}

const approve = (floor: Floor, id: string, body: object = {}) =>
  floor.make(`POST /api/v1/cycle-counts/${id}/approve`, body)

const adjust = (floor: Floor, item_number: string, quantity_delta: number) =>
  floor.make('POST /api/v1/inventory/bulk-adjust', {
    adjustments: [{ item_number, location_id: 'MAIN', quantity_delta }],
  })

onEveryEngine('a cycle count', (engine) => {
  it('is planned, counted blind and approved: levels become what was counted', async () => {
    await using floor = await openFloor(engine)
    await stocked(floor, { A: 10, B: 5, C: 7, EMPTY: 0 })

    const count = await plan(floor, { name: 'November' })
    assert.deepEqual([count.status, count.lines, count.lines_pending], ['counting', 3, 3])
    const lines = await sheet(floor, count.id)
    assert.deepEqual(Object.keys(lines), ['A', 'B', 'C'])
    assert.ok(Object.values(lines).every((line) => line.expected_quantity === null))

    assert.deepEqual(await enter(floor, count.id, { A: 9, B: 5, C: 8 }), Array(3).fill('counted'))
    const { items } = await floor.make(
      `GET /api/v1/cycle-counts/${count.id}/variances?only_differences=true`,
    )
    assert.deepEqual(
      items.map((line: any) => [line.item_number, line.expected_quantity, line.difference]),
      [
        ['A', 10, -1],
        ['C', 7, 1],
      ],
    )
    const done = await approve(floor, count.id)

    assert.deepEqual([done.status, done.lines_settled], ['completed', 3])
    assert.deepEqual(await Promise.all(['A', 'B', 'C'].map(floor.onHand)), [9, 5, 8])
    const { items: moves } = await floor.make('GET /api/v1/inventory/A/movements')
    assert.deepEqual(
      [moves[0].kind, moves[0].quantity_delta, moves[0].reference_id],
      ['counted', -1, count.id],
    )
    const names = (await floor.house.events()).filter((name) => name.startsWith('cycle_count'))
    assert.deepEqual(names, [
      'cycle_count.planned',
      'cycle_count.opened',
      'cycle_count.approved',
      'cycle_count.completed',
    ])
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('I-29 is right for its moment: what moved before and after stays on top', async () => {
    await using floor = await openFloor(engine)
    await stocked(floor, { A: 10 })
    const { id } = await plan(floor)
    await adjust(floor, 'A', -3)
    await enter(floor, id, { A: 6 })
    await adjust(floor, 'A', 20)
    await adjust(floor, 'A', -1)
    await approve(floor, id)
    assert.equal(await floor.onHand('A'), 6 + 20 - 1)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('I-29 two counts of one place correct it once, in whatever order they are approved', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      await using floor = await openFloor(engine)
      await stocked(floor, { A: 10 })
      const counts = [await plan(floor), await plan(floor)]
      await enter(floor, counts[0].id, { A: 8 })
      await adjust(floor, 'A', 5)
      await enter(floor, counts[1].id, { A: 13 })
      await adjust(floor, 'A', -1)
      for (const nth of order) await approve(floor, counts[nth as number].id)
      assert.equal(await floor.onHand('A'), 12, `approved ${order}`)
      const { items } = await floor.make(`GET /api/v1/cycle-counts/${counts[0].id}/variances`)
      assert.equal(items[0].status, order[0] === 0 ? 'posted' : 'superseded')
      assert.deepEqual(await floor.house.violations(), [])
    }
  })

  it('asks for a recount when a difference is too large, by percent or by value', async () => {
    await using floor = await openFloor(engine)
    await stocked(floor, { A: 100, B: 100, C: 0 })
    await floor.make('POST /api/v1/products', {
      name: 'Ring',
      sku: 'R',
      variants: [{ sku: 'RING', name: 'Gold', price: '900.00', cost: '400.00' }],
    })
    await floor.make('POST /api/v1/inventory', {
      item_number: 'RING',
      location_id: 'MAIN',
      quantity_on_hand: 100,
    })
    const body = { recount_percent: 5, recount_value: '1000.00', currency: 'USD' }
    const { id } = await plan(floor, body)
    assert.deepEqual(await enter(floor, id, { A: 95, B: 94, RING: 97 }), [
      'counted',
      'recount',
      'recount',
    ])
    assert.equal(
      await floor.refused(`POST /api/v1/cycle-counts/${id}/approve`),
      'CYCLE_COUNT_UNFINISHED',
    )
    assert.deepEqual(await enter(floor, id, { B: 94, RING: 98 }), ['counted', 'counted'])
    const { items } = await floor.make(`GET /api/v1/cycle-counts/${id}/variances`)
    const ring = items.find((line: any) => line.item_number === 'RING')
    assert.deepEqual([ring.difference_value, ring.times_counted], ['-800.00', 2])
    await approve(floor, id)
    assert.equal(await floor.onHand('RING'), 98)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('holds back what cannot be posted because it is promised, and posts it later', async () => {
    await using floor = await openFloor(engine)
    await stocked(floor, { A: 10, B: 4 })
    const item_id = floor.items.get('A') as never
    const { id } = await plan(floor)
    await enter(floor, id, { A: 6, B: 3 })
    await floor.write((ctx) => reserveStock(ctx, [{ item_id, quantity: 9 }], HOLDER))

    const held = await approve(floor, id)

    assert.deepEqual([held.status, held.lines_settled, held.lines_counted], ['counting', 1, 1])
    const { items } = await floor.make(`GET /api/v1/cycle-counts/${id}/variances?status=counted`)
    assert.match(items[0].problem, /9 units are promised/)
    assert.equal(await floor.onHand('B'), 3)
    await floor.write((ctx) => releaseReservations(ctx, HOLDER))
    assert.equal((await approve(floor, id)).status, 'completed')
    assert.equal(await floor.onHand('A'), 6)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('moves only as its lifecycle allows, and names the open moves', async () => {
    await using floor = await openFloor(engine)
    await stocked(floor, { A: 10 })
    const { id } = await plan(floor)
    const at = `/api/v1/cycle-counts/${id}`
    assert.equal(await floor.refused(`POST ${at}/approve`), 'CYCLE_COUNT_UNFINISHED')
    await enter(floor, id, { A: 10 })
    const lines = await sheet(floor, id)
    const line_ids = [lines.A.id]
    await floor.make(`POST ${at}/recount`, { line_ids })
    assert.equal(
      await floor.refused(`POST ${at}/recount`, { line_ids }),
      'COUNT_LINE_CANNOT_RECOUNT',
    )
    await enter(floor, id, { A: 11 })
    await approve(floor, id)
    const again = await floor.house.ask(`POST ${at}/approve`)
    assert.equal(again.status, 409)
    assert.equal(again.error.code, 'CYCLE_COUNT_CANNOT_APPROVE')
    assert.deepEqual(again.error.details.open_moves, [])
    const entry = { lines: [{ line_id: lines.A.id, quantity: 1 }] }
    assert.equal(await floor.refused(`POST ${at}/entries`, entry), 'CYCLE_COUNT_NOT_OPEN')
    assert.equal(await floor.onHand('A'), 11)

    const other = await plan(floor)
    assert.equal(
      (await floor.make(`POST /api/v1/cycle-counts/${other.id}/cancel`)).status,
      'cancelled',
    )
    assert.equal(
      await floor.refused(`POST /api/v1/cycle-counts/${other.id}/cancel`),
      'CYCLE_COUNT_CANNOT_CANCEL',
    )
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('leaves what nobody counted as it is, if it is told so', async () => {
    await using floor = await openFloor(engine)
    await stocked(floor, { A: 10, B: 5 })
    const { id } = await plan(floor)
    await enter(floor, id, { A: 9 })
    const done = await approve(floor, id, { skip_uncounted: true })
    assert.deepEqual([done.status, done.lines_settled], ['completed', 2])
    assert.deepEqual(await Promise.all(['A', 'B'].map(floor.onHand)), [9, 5])
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('counts by bin and lot in the order of a walk, and takes in what nobody expected', async () => {
    await using floor = await openFloor(engine)
    const { bins } = await floor.make('POST /api/v1/warehouse/bins', {
      location_id: 'MAIN',
      bins: [
        { code: 'Z', pick_sequence: 1 },
        { code: 'Y', pick_sequence: 2 },
      ],
    })
    await floor.make('POST /api/v1/locations/MAIN/start-bins')
    await floor.item('TEA', { tracking: 'lot' })
    await floor.item('MUG')
    const tea = { item_id: 'TEA', quantity: 5, lot_number: 'L1', expires_on: dayFrom(9) }
    await floor.receive({ ...tea, bin: 'MAIN-Y' })
    await floor.receive({ ...tea, lot_number: 'L2', bin: 'MAIN-Z' })
    await floor.receive({ item_id: 'MUG', quantity: 3, bin: 'MAIN-Y' })
    const { id, lines } = await plan(floor)
    assert.equal(lines, 3)
    assert.deepEqual(Object.keys(await sheet(floor, id)), ['TEA Z L2', 'MUG Y', 'TEA Y L1'])

    const lot = (await floor.make('GET /api/v1/lots?lot_number=L1')).items[0]
    const found = { item_id: 'TEA', bin_id: bins[0].id, lot_id: lot.id }
    const at = `/api/v1/cycle-counts/${id}`
    const line = await floor.make(`POST ${at}/lines`, found)
    assert.equal(line.number, 4)
    assert.equal(await floor.refused(`POST ${at}/lines`, found), 'COUNT_LINE_EXISTS')
    const without = { item_id: 'TEA', bin_id: bins[0].id }
    assert.equal(await floor.refused(`POST ${at}/lines`, without), 'LOT_REQUIRED')
    await enter(floor, id, { 'TEA Z L2': 4, 'MUG Y': 3, 'TEA Y L1': 3, 'TEA Z L1': 2 })
    await floor.make('POST /api/v1/warehouse/moves', {
      location_id: 'MAIN',
      lines: [{ item_id: 'MUG', quantity: 1, to_bin: 'MAIN-Z' }],
    })
    await approve(floor, id)
    assert.deepEqual(await floor.places('TEA'), [
      'Y L1 sellable 3',
      'Z L1 sellable 2',
      'Z L2 sellable 4',
    ])
    assert.deepEqual(await floor.places('MUG'), ['Y - sellable 2', 'Z - sellable 1'])
    assert.equal(await floor.onHand('TEA'), 9)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('counts serial numbers one by one: what left meanwhile was not missing', async () => {
    await using floor = await openFloor(engine)
    await floor.item('DRILL', { tracking: 'serial' })
    const serial_numbers = ['S-1', 'S-2', 'S-3', 'S-4']
    await floor.receive({ item_id: 'DRILL', quantity: 4, serial_numbers })
    const { id } = await plan(floor)
    const lines = await sheet(floor, id)
    const at = `/api/v1/cycle-counts/${id}`
    const bare = { lines: [{ line_id: lines.DRILL.id, quantity: 3 }] }
    assert.equal(await floor.refused(`POST ${at}/entries`, bare), 'SERIAL_REQUIRED')
    await enter(floor, id, { DRILL: ['s-1', 'S-9'] })
    const { items } = await floor.make(`GET ${at}/variances`)
    assert.deepEqual(items[0].missing_serials.sort(), ['S-2', 'S-3', 'S-4'])
    await adjust(floor, 'DRILL', -1)
    const { items: gone } = await floor.make('GET /api/v1/serials?status=removed')
    assert.equal(gone[0].serial_number, 'S-1')
    await approve(floor, id)
    const { items: left } = await floor.make('GET /api/v1/serials?status=in_stock')
    assert.deepEqual(
      left.map((one: any) => one.serial_number),
      ['S-9'],
    )
    assert.equal(await floor.onHand('DRILL'), 1)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('is planned by items, classes, bins, and by what was not counted for longest', async () => {
    let now = Date.now()
    await using floor = await openFloor(engine, { clock: () => new Date(now) })
    await stocked(floor, { A: 1, B: 1, C: 1, D: 0 })
    await floor.make('PUT /api/v1/inventory/B/tracking', { abc_class: 'A' })
    const named = async (body: object) => {
      const { id } = await plan(floor, body)
      return [id, Object.keys(await sheet(floor, id)).join()] as const
    }
    assert.equal((await named({ item_ids: ['C', 'D'] }))[1], 'C,D')
    assert.equal((await named({ abc_classes: ['A'] }))[1], 'B')
    const [first] = await named({ item_ids: ['A'] })
    await enter(floor, first, { A: 1 })
    await approve(floor, first)
    now += 1000
    const since = new Date(now).toISOString()
    const [second, names] = await named({ lines_max: 2 })
    assert.equal(names, 'B,C')
    await enter(floor, second, { B: 1, C: 1 })
    await approve(floor, second)
    assert.equal((await named({ lines_max: 1 }))[1], 'A')
    assert.equal((await named({ not_counted_since: since }))[1], 'A')
    assert.equal((await floor.make('GET /api/v1/cycle-counts?status=counting')).items.length, 4)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('shows the books to nobody who counts', async () => {
    await using floor = await openFloor(engine)
    await stocked(floor, { A: 10 })
    const { id } = await plan(floor)
    const counter = someoneWho('inventory:read', 'inventory:count')
    const ask = (route: string, body?: object) => floor.house.ask(route, body, { as: counter })
    const at = `/api/v1/cycle-counts/${id}`
    const { data } = await ask(`GET ${at}/sheet`)
    const lines = [{ line_id: data.items[0].id, quantity: 9 }]
    assert.equal((await ask(`POST ${at}/entries`, { lines })).status, 200)
    assert.equal((await ask(`GET ${at}/sheet`)).data.items[0].expected_quantity, null)
    assert.equal((await ask(`GET ${at}/variances`)).status, 403)
    assert.equal((await ask(`POST ${at}/approve`)).status, 403)
    const open = await plan(floor, { blind: false })
    await enter(floor, open.id, { A: 9 })
    assert.equal((await sheet(floor, open.id)).A.expected_quantity, 10)
  })

  it('refuses lines that are not its own, named twice, or of a thing that does not exist', async () => {
    await using floor = await openFloor(engine)
    await stocked(floor, { A: 10, B: 1 })
    const one = await plan(floor, { item_ids: ['A'] })
    const two = await plan(floor, { item_ids: ['B'] })
    const other = (await sheet(floor, two.id)).B.id
    const own = (await sheet(floor, one.id)).A.id
    const entries = (...ids: string[]) =>
      floor.refused(`POST /api/v1/cycle-counts/${one.id}/entries`, {
        lines: ids.map((line_id) => ({ line_id, quantity: 1 })),
      })
    assert.equal(await entries(other), 'COUNT_LINE_NOT_FOUND')
    assert.equal(await entries(own, own), 'VALIDATION_FAILED')
    assert.equal(await floor.refused(`GET /api/v1/cycle-counts/${other}`), 'CYCLE_COUNT_NOT_FOUND')
    const bad = { location_id: 'MAIN', recount_value: '10' }
    assert.equal(await floor.refused('POST /api/v1/cycle-counts', bad), 'VALIDATION_FAILED')
  })
})
