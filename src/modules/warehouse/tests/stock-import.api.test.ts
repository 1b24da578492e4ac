import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Id } from '#kit/ids'
import { reserveStock } from '#modules/inventory'
import { systemProcess } from '#platform/execute'
import { runImport } from '#platform/imports/run'
import { onEveryEngine, someoneWho } from '#testing'
import { dayFrom, type Floor, openFloor } from './floor.ts'

const HEAD = 'sku,location,quantity'
const fileOf = (...rows: string[]) => `${rows.join('\r\n')}\r\n`

async function send(floor: Floor, file: string, query = '') {
  const { statusCode, body } = await floor.house.http.inject({
    method: 'POST',
    url: `/api/v1/inventory/import${query}`,
    headers: { 'x-api-key': floor.house.adminKey, 'content-type': 'text/csv' },
    payload: file,
  })
  const { data, error } = JSON.parse(body)
  return { status: statusCode, data, error }
}

/** Sends a file, does the work of its job, and answers how it ended. */
async function importStock(floor: Floor, file: string, query = '') {
  const { status, data, error } = await send(floor, file, query)
  assert.equal(status, 202, JSON.stringify(error))
  await runImport(systemProcess(floor.house.app), data.id as Id<'import'>)
  return floor.make(`GET /api/v1/imports/${data.id}`)
}

const errorsOf = async (floor: Floor, id: string) => {
  const { items } = await floor.make(`GET /api/v1/imports/${id}/errors?limit=100`)
  return items.map((one: any) => [one.line, one.column, one.code].join(' '))
}

onEveryEngine('a file of counted stock', (engine) => {
  it('brings levels to what was counted, and once more changes nothing', async () => {
    await using floor = await openFloor(engine)
    for (const sku of ['A', 'B', 'C']) await floor.item(sku)
    await floor.receive({ item_id: 'A', quantity: 10 })
    await floor.receive({ item_id: 'B', quantity: 5 })
    const file = fileOf(HEAD, 'A,MAIN,7', 'b,MAIN,5', 'C,MAIN,3')

    const done = await importStock(floor, file)

    assert.deepEqual(
      [done.kind, done.status, done.rows_applied, done.levels_changed, done.products_created],
      ['stock', 'done', 3, 2, 0],
    )
    assert.deepEqual(await Promise.all(['A', 'B', 'C'].map(floor.onHand)), [7, 5, 3])
    const { items } = await floor.make('GET /api/v1/inventory/A/movements')
    assert.deepEqual(
      [items[0].kind, items[0].quantity_delta, items[0].reference_id],
      ['counted', -3, done.id],
    )
    assert.equal((await importStock(floor, file)).levels_changed, 0)
    assert.ok((await floor.house.events()).includes('import.finished'))
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('tells every error of every row, and writes nothing while there is one', async () => {
    await using floor = await openFloor(engine)
    const item_id = (await floor.item('A')) as never
    await floor.item('TEA', { tracking: 'lot' })
    await floor.item('DRILL', { tracking: 'serial' })
    await floor.receive({ item_id: 'A', quantity: 10 })
    const near = { item_id: 'TEA', lot_number: 'L1', expires_on: dayFrom(9) }
    await floor.receive({ ...near, quantity: 2 })
    const holder = { reference_type: 'basket', reference_id: 'B' }
    await floor.write((ctx) => reserveStock(ctx, [{ item_id, quantity: 6 }], holder))
    const file = fileOf(
      `${HEAD},bin,lot,expires_on`,
      'A,MAIN,5',
      'NONE,MAIN,x',
      'A,NOWHERE,1',
      ',MAIN,',
      'TEA,MAIN,1',
      `TEA,MAIN,1,,L1,${dayFrom(8)}`,
      'TEA,MAIN,1,BIN-1,L2,2027-02-30',
      'DRILL,MAIN,1',
      'A,MAIN,8,,L1',
      'a,main,9',
      'A,MAIN,4',
    )

    const refused = await importStock(floor, file)

    assert.equal(refused.status, 'refused')
    assert.deepEqual(await errorsOf(floor, refused.id), [
      '2 quantity STOCK_BELOW_RESERVED',
      '3 sku INVENTORY_ITEM_NOT_FOUND',
      '3 quantity VALIDATION_FAILED',
      '4 location LOCATION_NOT_FOUND',
      '5 sku MISSING',
      '5 quantity MISSING',
      '6 lot LOT_REQUIRED',
      '7 expires_on LOT_NUMBER_TAKEN',
      '8 bin BIN_NOT_FOUND',
      '8 expires_on VALIDATION_FAILED',
      '9 sku SERIAL_REQUIRED',
      '10 quantity STOCK_BELOW_RESERVED',
      '10 lot LOT_UNEXPECTED',
      '11  REPEATED',
      '11 location LOCATION_NOT_FOUND',
      '12  REPEATED',
      '12 quantity STOCK_BELOW_RESERVED',
    ])
    assert.equal(await floor.onHand('A'), 10)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('passes rows with errors over if it is told so, and checks only in a dry run', async () => {
    await using floor = await openFloor(engine)
    await floor.item('A')
    const file = fileOf(HEAD, 'A,MAIN,4', 'NONE,MAIN,1')
    const dry = await importStock(floor, file, '?dry_run=true')
    assert.deepEqual([dry.status, dry.rows_valid, dry.errors], ['checked', 1, 1])
    assert.equal(await floor.onHand('A'), 0)
    const done = await importStock(floor, file, '?skip_invalid=true')
    assert.deepEqual([done.status, done.rows_applied, done.rows_invalid], ['done', 1, 1])
    assert.equal(await floor.onHand('A'), 4)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('counts bins and lots apart, and makes lots that are new', async () => {
    await using floor = await openFloor(engine)
    await floor.make('POST /api/v1/warehouse/bins', {
      location_id: 'MAIN',
      bins: [{ code: 'A' }, { code: 'B' }],
    })
    await floor.make('POST /api/v1/locations/MAIN/start-bins')
    await floor.item('TEA', { tracking: 'lot' })
    await floor.item('MUG')
    const tea = { item_id: 'TEA', quantity: 5, lot_number: 'L1', bin: 'MAIN-A' }
    await floor.receive(tea)
    await floor.receive({ ...tea, bin: 'MAIN-B' })
    await floor.receive({ item_id: 'MUG', quantity: 4 })
    const file = fileOf(
      `${HEAD},bin,lot,expires_on`,
      'TEA,MAIN,3,MAIN-A,l1,',
      `TEA,MAIN,2,MAIN-A,L2,${dayFrom(30)}`,
      'MUG,MAIN,1,MAIN-B,,',
      'MUG,MAIN,2,,,',
    )
    const done = await importStock(floor, file)
    assert.deepEqual([done.status, done.levels_changed], ['done', 4])
    assert.deepEqual(await floor.places('TEA'), [
      'A L1 sellable 3',
      'A L2 sellable 2',
      'B L1 sellable 5',
    ])
    assert.deepEqual(await floor.places('MUG'), ['- - sellable 2', 'B - sellable 1'])
    const { items } = await floor.make('GET /api/v1/lots?lot_number=L2')
    assert.equal(items[0].expires_on, dayFrom(30))
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('is newer than a cycle count that was entered before', async () => {
    await using floor = await openFloor(engine)
    await floor.item('A')
    await floor.receive({ item_id: 'A', quantity: 10 })
    const count = await floor.make('POST /api/v1/cycle-counts', { location_id: 'MAIN' })
    const { items } = await floor.make(`GET /api/v1/cycle-counts/${count.id}/sheet`)
    const lines = [{ line_id: items[0].id, quantity: 8 }]
    await floor.make(`POST /api/v1/cycle-counts/${count.id}/entries`, { lines })
    await importStock(floor, fileOf(HEAD, 'A,MAIN,7'))
    await floor.make(`POST /api/v1/cycle-counts/${count.id}/approve`)
    assert.equal(await floor.onHand('A'), 7)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('goes on behind the last batch after a break, row by row the same as at once', async () => {
    await using floor = await openFloor(engine)
    const many = 1_200
    const ctx = systemProcess(floor.house.app)
    const items = Array.from({ length: many }, (_, nth) => `I-${nth}`)
    const { keepItems } = await import('#modules/inventory')
    await floor.write((tx) =>
      keepItems(
        tx,
        items.map((sku) => ({ sku, description: null, reorder_point: null })),
      ),
    )
    const rows = items.map((sku, nth) => `${sku},MAIN,${nth}`)
    const { data } = await send(floor, fileOf(HEAD, ...rows))
    let batches = 0
    const stopped = await runImport(ctx, data.id, { isOver: () => ++batches >= 4 })
    assert.equal(stopped.status, 'applying')
    const done = await runImport(ctx, data.id)
    assert.deepEqual(
      [done.status, done.rows_applied, done.levels_changed],
      ['done', many, many - 1],
    )
    assert.equal(await floor.onHand('I-1199'), 1199)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('has a template, needs permission, and its columns', async () => {
    await using floor = await openFloor(engine)
    const template = await floor.house.send('GET /api/v1/inventory/import/template.csv')
    assert.match(String(template.body), /^sku,location,quantity,bin,lot,expires_on\r?\n/)
    const reader = someoneWho('inventory:read')
    const denied = await floor.house.send('GET /api/v1/inventory/import/template.csv', {
      as: reader,
    })
    assert.equal(denied.status, 403)
    const { status, error } = await send(floor, fileOf('sku,place,quantity', 'A,MAIN,1'))
    assert.deepEqual([status, error.code], [400, 'IMPORT_COLUMNS_WRONG'])
    assert.match(error.message, /"location" is missing/)
  })
})
