import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Id } from '#kit/ids'
import { systemProcess } from '#platform/execute'
import { runImport } from '#platform/imports/run'
import { stageImport } from '#platform/imports/stage'
import { type House, onEveryEngine, openHouse, someoneWho } from '#testing'
import { productImports } from '../import/index.ts'

const HEAD = 'product_sku,name,tags,sku,variant_name,option:colour,price,currency,location,quantity'
const MUGS = [
  'MUG,Mug,"kitchen, ceramic",MUG-BLUE,Blue,blue,12.50,USD,MAIN,40',
  'MUG,,,MUG-RED,Red,red,13.00,USD,MAIN,0',
  'BOWL,"Bowl, ""large""",,BOWL-1,,,9,USD,,',
]
const fileOf = (...rows: string[]) => `${rows.join('\r\n')}\r\n`

async function openShop(engine: 'sqlite' | 'postgres', background = false): Promise<House> {
  const house = await openHouse(engine, { background })
  const { status } = await house.ask('POST /api/v1/locations', { code: 'MAIN', name: 'Main' })
  assert.equal(status, 201)
  return house
}

/** Sends a file the way a caller does. */
async function send(house: House, file: string | Buffer, query = '') {
  const { statusCode, body } = await house.http.inject({
    method: 'POST',
    url: `/api/v1/products/import${query}`,
    headers: { 'x-api-key': house.adminKey, 'content-type': 'text/csv' },
    payload: file,
  })
  const { data, error } = JSON.parse(body)
  return { status: statusCode, data, error }
}

/** Does the work of the job that the upload asked for, here and now. */
const work = (house: House, id: string) => runImport(systemProcess(house.app), id as Id<'import'>)

async function importFile(house: House, file: string, query = '') {
  const { status, data, error } = await send(house, file, query)
  assert.equal(status, 202, JSON.stringify(error))
  await work(house, data.id)
  return (await house.ask(`GET /api/v1/imports/${data.id}`)).data
}

const errorsOf = async (house: House, id: string) =>
  (await house.ask(`GET /api/v1/imports/${id}/errors?limit=100`)).data.items.map(
    (error: Record<string, unknown>) => [error.line, error.column, error.code],
  )

onEveryEngine('an import of products', (engine) => {
  it('makes products with variants, prices, tags and stock, by the ledger', async () => {
    await using house = await openShop(engine)

    const done = await importFile(house, fileOf(HEAD, ...MUGS))

    assert.deepEqual(
      [done.status, done.rows_read, done.rows_valid, done.rows_applied, done.products_created],
      ['done', 3, 3, 3, 2],
    )
    const { data: mug } = await house.ask('GET /api/v1/products/mug')
    assert.deepEqual([mug.name, mug.tags, mug.price], ['Mug', ['kitchen', 'ceramic'], '12.50'])
    assert.deepEqual(
      mug.variants.map((v: Record<string, unknown>) => [
        v.sku,
        v.name,
        v.options,
        v.available_quantity,
      ]),
      [
        ['MUG-BLUE', 'Blue', { colour: 'blue' }, 40],
        ['MUG-RED', 'Red', { colour: 'red' }, 0],
      ],
    )
    const { data: found } = await house.ask('GET /api/v1/products?search=large')
    assert.equal(found.items[0].name, 'Bowl, "large"')
    const { data: ledger } = await house.ask('GET /api/v1/inventory/MUG-BLUE/movements')
    const [movement] = ledger.items
    assert.deepEqual(
      [movement.kind, movement.quantity_delta, movement.reference_type, movement.reference_id],
      ['received', 40, 'import', done.id],
    )
    const events = await house.events()
    const told = events.filter((name) => !name.startsWith('location'))
    const products = ['product.created', 'product.created', 'import.finished']
    assert.deepEqual(told, ['inventory.posted', ...products])
    assert.deepEqual(await house.violations(), [])
  })

  it('changes what is named, leaves what is not, and writes nothing that is so already', async () => {
    await using house = await openShop(engine)
    await importFile(house, fileOf(HEAD, ...MUGS))
    const before = (await house.ask('GET /api/v1/products/MUG')).data

    const again = await importFile(house, fileOf(HEAD, ...MUGS))
    assert.deepEqual([again.status, again.products_updated], ['done', 0])
    const same = (await house.ask('GET /api/v1/products/MUG')).data
    assert.equal(same.version, before.version)

    const prices = fileOf(
      'sku;price;quantity;location',
      'mug-red;11.00;5;MAIN',
      'MUG-BLUE;12.50;38;MAIN',
    )
    const changed = await importFile(house, prices)
    assert.deepEqual([changed.status, changed.products_updated], ['done', 1])
    const told = (await house.events()).slice(-5)
    const stock_told = ['inventory.adjusted', 'inventory.posted']
    const products_told = ['product.updated', 'variant.price_changed', 'import.finished']
    assert.deepEqual(told.toSorted(), [...stock_told, ...products_told].toSorted())
    const now = (await house.ask('GET /api/v1/products/MUG')).data
    assert.deepEqual(
      now.variants.map((v: Record<string, unknown>) => [v.price, v.name, v.available_quantity]),
      [
        ['12.50', 'Blue', 38],
        ['11.00', 'Red', 5],
      ],
    )
    const more = fileOf(
      `${HEAD},status,brand`,
      'MUG,Great mug,new,MUG-GREEN,Green,green,14,USD,,,inactive,Kiln',
    )
    await importFile(house, more)
    const great = (await house.ask('GET /api/v1/products/MUG')).data
    assert.deepEqual(
      [great.name, great.tags, great.status, great.brand, great.variants.length],
      ['Great mug', ['new'], 'inactive', 'Kiln', 3],
    )
    assert.equal(great.variants[2].sku, 'MUG-GREEN')
    assert.deepEqual(await house.violations(), [])
  })

  it('tells every error of every row at once, with line and column, and writes nothing', async () => {
    await using house = await openShop(engine)
    await house.ask('POST /api/v1/products', { name: 'Taken', sku: 'TAKEN', price: 1 })
    const file = fileOf(
      HEAD,
      'A,,,A-1,,,abc,XXX,NOWHERE,-1',
      'B,B,,B-1,One,red,1,USD,,',
      'B,Other,,B-1,Two,red,1.001,USD,,7',
      'C,"C\nx",,TAKEN,,,5,USD,,',
      'B,B,,B-3,,,1,USD,,,surplus',
      'D,D,,,,,1,USD,,',
      'E,E,,E-1,,,2,USD,MAIN,3',
    )

    const refused = await importFile(house, file)

    assert.deepEqual(await errorsOf(house, refused.id), [
      [7, null, 'ROW_WRONG'],
      [2, 'name', 'MISSING'],
      [2, 'price', 'AMOUNT_INVALID'],
      [2, 'currency', 'CURRENCY_UNKNOWN'],
      [2, 'location', 'LOCATION_NOT_FOUND'],
      [2, 'quantity', 'VALIDATION_FAILED'],
      [4, null, 'VARIANT_OPTIONS_TAKEN'],
      [4, 'name', 'CONTRADICTS'],
      [4, 'sku', 'REPEATED'],
      [4, 'price', 'AMOUNT_INVALID'],
      [4, 'location', 'MISSING'],
      [5, 'name', 'VALIDATION_FAILED'],
      [5, 'sku', 'SKU_TAKEN'],
      [7, 'product_sku', 'REPEATED'],
      [8, 'sku', 'MISSING'],
    ])
    assert.deepEqual([refused.status, refused.rows_applied], ['refused', 0])
    assert.equal((await house.ask('GET /api/v1/products/E')).status, 404)
    const csv = await house.http.inject({
      method: 'GET',
      url: `/api/v1/imports/${refused.id}/errors.csv`,
      headers: { 'x-api-key': house.adminKey },
    })
    assert.equal(csv.body.split('\r\n').length, refused.errors + 2)
    assert.deepEqual(await house.violations(), [])
  })

  it('passes wrong products over if told so, and writes nothing in a dry run', async () => {
    await using house = await openShop(engine)
    const file = fileOf(HEAD, ...MUGS, 'BAD,Bad,,BAD-1,,,x,USD,,')

    const dry = await importFile(house, file, '?dry_run=true')
    assert.deepEqual(
      [dry.status, dry.rows_checked, dry.rows_invalid, dry.errors, dry.rows_applied],
      ['checked', 4, 1, 1, 0],
    )
    assert.equal((await house.ask('GET /api/v1/products')).data.total, 0)

    const done = await importFile(house, file, '?skip_invalid=true')
    assert.deepEqual([done.status, done.rows_applied, done.rows_invalid], ['done', 3, 1])
    assert.equal((await house.ask('GET /api/v1/products')).data.total, 2)
    assert.deepEqual(await house.violations(), [])
  })

  it('tells what a file names twice, however far apart', async () => {
    await using house = await openShop(engine)
    const rows = Array.from({ length: 1_100 }, (_, nth) => `N${nth},n,1,,`)
    const [first, last] = ['A,a,1,4006381333931,', 'B,b,1,04006381333931,']
    const file = fileOf('sku,name,price,gtin,product_sku', first, ...rows, last, 'n7,n,1,,')

    const refused = await importFile(house, file)

    assert.deepEqual(await errorsOf(house, refused.id), [
      [1103, 'gtin', 'REPEATED'],
      [1104, 'sku', 'REPEATED'],
    ])
  })

  it('is refused as a whole where it cannot be read, with the reason', async () => {
    await using house = await openShop(engine)
    const refusal = async (file: string | Buffer, code: string, said: RegExp) => {
      const { status, error } = await send(house, file)
      assert.deepEqual([status, error.code], [400, code])
      assert.match(error.message, said)
    }

    await refusal('', 'IMPORT_UNREADABLE', /empty/)
    await refusal('sku,prise\nA,1\n', 'IMPORT_COLUMNS_WRONG', /did you mean "price"/)
    await refusal('name\nA\n', 'IMPORT_COLUMNS_WRONG', /"sku" is missing/)
    await refusal('sku,sku\nA\n', 'IMPORT_COLUMNS_WRONG', /there twice/)
    await refusal('sku,name\nA,"x\nB,y\n', 'IMPORT_UNREADABLE', /Line 2: the quote/)
    await refusal(Buffer.from([115, 107, 117, 10, 0xff, 10]), 'IMPORT_UNREADABLE', /UTF-8/)
    const { data } = await house.ask('GET /api/v1/imports')
    assert.ok(data.items.every((one: { status: string }) => one.status === 'refused'))
    const json = await house.http.inject({
      method: 'POST',
      url: '/api/v1/products/import',
      headers: { 'x-api-key': house.adminKey },
      payload: { sku: 'A' },
    })
    assert.equal(json.statusCode, 415)
    assert.deepEqual(await house.violations(), [])
  })

  it('is for those who may adjust stock', async () => {
    await using house = await openShop(engine)
    const asked = { method: 'POST', url: '/api/v1/products/import', payload: 'sku\nA' } as const
    const headers = { 'content-type': 'text/csv' }
    assert.equal((await house.http.inject({ ...asked, headers })).statusCode, 401)
    const reader = { as: someoneWho('products:read') }
    const { status } = await house.ask('GET /api/v1/imports', undefined, reader)
    assert.equal(status, 403)
  })

  it('runs by itself once it is sent, with its template and its progress', async () => {
    await using house = await openShop(engine, true)
    const template = await house.http.inject({
      method: 'GET',
      url: '/api/v1/products/import/template.csv',
      headers: { 'x-api-key': house.adminKey },
    })

    const { data } = await send(house, template.body, '?file_name=shop.csv')

    const end = Date.now() + 20_000
    let { status, file_name } = data
    while (status !== 'done' && status !== 'refused' && Date.now() < end) {
      await new Promise((next) => setTimeout(next, 50))
      ;({ status, file_name } = (await house.ask(`GET /api/v1/imports/${data.id}`)).data)
    }
    assert.deepEqual([status, file_name], ['done', 'shop.csv'])
    assert.equal((await house.ask('GET /api/v1/products/MUG')).data.brand, 'North Kiln')
    assert.deepEqual(await house.violations(), [])
  })
})

/** Rows for a great many products of two variants each, with stock. */
function manyProducts(count: number, price = '5.00'): string {
  const rows = Array.from({ length: count }, (_, nth) => [
    `P${nth},Product ${nth},"even, tag-${nth % 7}",P${nth}-A,A,a,${price},USD,MAIN,${nth % 50}`,
    `P${nth},,,P${nth}-B,B,b,6.00,USD,MAIN,3`,
  ])
  return fileOf(HEAD, ...rows.flat())
}

const unitsOf = async (house: House, sku: string) =>
  (await house.ask(`GET /api/v1/products/variants/${sku}`)).data.available_quantity

onEveryEngine('a long import', (engine) => {
  it('goes on where it stopped, and two who work on it do each row once', async () => {
    await using house = await openShop(engine)
    const { data } = await send(house, manyProducts(900))
    let batches = 0
    const first = await runImport(systemProcess(house.app), data.id, {
      isOver: () => ++batches > 3,
    })
    assert.equal(first.status, 'applying')
    assert.ok(first.rows_applied > 0 && first.rows_applied < 1800)
    assert.deepEqual(await house.violations(), [])

    await using other = await openHouse(engine, { at: house.url })
    await Promise.all([work(house, data.id), work(other, data.id)])

    const { data: done } = await house.ask(`GET /api/v1/imports/${data.id}`)
    assert.deepEqual([done.status, done.rows_applied, done.products_created], ['done', 1800, 900])
    assert.deepEqual([await unitsOf(house, 'P49-A'), await unitsOf(house, 'P49-B')], [49, 3])
    const created = (await house.events()).filter((name) => name === 'product.created')
    assert.equal(created.length, 900)
    assert.deepEqual(await house.violations(), [])
  })

  it('of products that another import has too ends as one after the other', async () => {
    await using house = await openShop(engine)
    await using other = await openHouse(engine, { at: house.url })
    const one = (await send(house, manyProducts(400))).data.id
    const two = (await send(other, manyProducts(400, '7.00'))).data.id

    await Promise.all([work(house, one), work(other, two)])

    for (const id of [one, two]) {
      const { data } = await house.ask(`GET /api/v1/imports/${id}`)
      assert.deepEqual([data.status, data.rows_applied], ['done', 800])
    }
    assert.equal((await house.ask('GET /api/v1/products')).data.total, 400)
    assert.equal(await unitsOf(house, 'P7-A'), 7)
    assert.deepEqual(await house.violations(), [])
  })

  it('stops when it is cancelled, with whole products only', async () => {
    await using house = await openShop(engine)
    const { data } = await send(house, manyProducts(500))
    let batches = 0
    await runImport(systemProcess(house.app), data.id, { isOver: () => ++batches > 2 })

    const cancelled = await house.ask(`POST /api/v1/imports/${data.id}/cancel`)

    assert.equal(cancelled.data.status, 'cancelled')
    assert.equal((await work(house, data.id)).status, 'cancelled')
    const again = await house.ask(`POST /api/v1/imports/${data.id}/cancel`)
    assert.equal(again.status, 409)
    assert.equal((await house.ask(`POST /api/v1/imports/${data.id}/resume`)).status, 409)
    const { total } = (await house.ask('GET /api/v1/products')).data
    assert.equal(total * 2, cancelled.data.rows_applied)
    assert.deepEqual(await house.violations(), [])
  })

  it('takes no more in at once than the database takes', async () => {
    await using house = await openShop(engine)
    let given = 0
    let most = 0
    async function* slowly() {
      yield Buffer.from('sku,name,price\n')
      for (let nth = 0; nth < 40; nth++) {
        given += 100
        const rows = Array.from({ length: 100 }, (_, row) => `S${nth}-${row},x,1\n`)
        yield Buffer.from(rows.join(''))
      }
    }
    await stageImport(
      systemProcess(house.app),
      slowly(),
      {},
      {
        kind: productImports,
        whenIn: async () => {},
        onRows: (rows) => {
          most = Math.max(most, given - rows)
        },
      },
    )
    assert.ok(most <= 200, `${most} rows were waiting`)
  })
})
