import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { it } from 'node:test'
import { Type } from 'typebox'
import { readCsv } from '#kit/csv'
import { type House, onEveryEngine, openHouse, someoneWho } from '#testing'
import { columnsOf, headLine, rowLine } from '../csv/columns.ts'
import { type CsvList, csvListOf, openTable } from '../csv/csv-lists.ts'

/** The rows of a table by the names of its columns. */
async function tableOf(text: string): Promise<Record<string, string>[]> {
  const rows: string[][] = []
  for await (const { cells } of readCsv([Buffer.from(text)])) rows.push(cells)
  const [names = [], ...others] = rows
  return others.map((cells) =>
    Object.fromEntries(names.map((name, nth) => [name, cells[nth] ?? ''])),
  )
}

async function addCustomers(house: House, names: readonly string[]): Promise<void> {
  for (const [nth, last_name] of names.entries()) {
    const person = { email: `c${nth}@example.com`, first_name: 'Ada', last_name }
    const { status, body } = await house.ask('POST /api/v1/customers', person)
    assert.equal(status, 201, JSON.stringify(body))
  }
}

onEveryEngine('lists as CSV', (engine) => {
  it('tells all pages as one table, whichever way it is asked for', async () => {
    await using house = await openHouse(engine, { settings: { api_max_page_size: 10 } })
    await addCustomers(
      house,
      Array.from({ length: 25 }, (_, nth) => `Number ${nth}`),
    )

    const byAccept = await house.send('GET /api/v1/customers', { headers: { accept: 'text/csv' } })
    const byFormat = await house.send('GET /api/v1/customers?format=csv&limit=3&page=2')

    assert.equal(byAccept.status, 200)
    assert.match(byAccept.headers['content-type'] ?? '', /^text\/csv; charset=utf-8/)
    assert.match(
      byAccept.headers['content-disposition'] ?? '',
      /^attachment; filename="customers-\d{4}-\d\d-\d\d\.csv"$/,
    )
    assert.equal(byAccept.headers.vary, 'accept')
    assert.equal(byAccept.body, byFormat.body)
    const rows = await tableOf(byAccept.body)
    assert.deepEqual(
      rows.map(({ last_name }) => last_name),
      Array.from({ length: 25 }, (_, nth) => `Number ${24 - nth}`),
    )
    const { data } = await house.ask('GET /api/v1/customers?limit=10')
    const from = await house.send(`GET /api/v1/customers?format=csv&cursor=${data.next_cursor}`)
    assert.equal((await tableOf(from.body)).length, 15, 'a cursor says where to begin')
  })

  it('makes text of what a spreadsheet would run, and quotes what needs it', async () => {
    await using house = await openHouse(engine)
    await addCustomers(house, ['=HYPERLINK("http://x","y")', 'Comma, "quoted"', '+1', '@SUM(A1)'])

    const { body } = await house.send('GET /api/v1/customers?format=csv&sort_order=asc')

    assert.ok(!/(^|,)"?[=@]/m.test(body), body)
    const names = (await tableOf(body)).map(({ last_name }) => last_name)
    assert.deepEqual(names.toSorted(), [
      '\'=HYPERLINK("http://x","y")',
      "'@SUM(A1)",
      '+1',
      'Comma, "quoted"',
    ])
    for (const line of body.split('\n').slice(0, -1)) assert.ok(line.endsWith('\r'))
  })

  it('answers what is wrong with a request as always', async () => {
    await using house = await openHouse(engine)
    const csv = { accept: 'text/csv' }

    const bad = await house.send('GET /api/v1/orders?status=lost', { headers: csv })
    const nobody = await house.send('GET /api/v1/orders', { headers: csv, as: 'nobody' })
    const other = await house.send('GET /api/v1/orders', {
      headers: csv,
      as: someoneWho('products:read'),
    })

    assert.deepEqual([bad.status, nobody.status, other.status], [400, 401, 403])
    assert.equal(bad.body.error.code, 'VALIDATION_FAILED')
    const missing = await house.send('GET /api/v1/orders/ORD-1/notes?format=csv')
    assert.deepEqual([missing.status, missing.body.error.code], [404, 'ORDER_NOT_FOUND'])
  })

  it('keeps to JSON for whoever takes that as well or rather', async () => {
    await using house = await openHouse(engine)
    for (const accept of [
      'application/json',
      '*/*',
      'text/csv, application/json',
      'application/json, text/csv;q=0.9',
      'text/csv;q=0',
    ]) {
      const { headers } = await house.send('GET /api/v1/orders', { headers: { accept } })
      assert.match(headers['content-type'] ?? '', /json/, accept)
    }
    const { headers } = await house.send('GET /api/v1/orders', {
      headers: { accept: 'text/csv, application/json;q=0.5' },
    })
    assert.match(headers['content-type'] ?? '', /csv/)
    const json = await house.send('GET /api/v1/orders?format=json', {
      headers: { accept: 'text/csv' },
    })
    assert.match(json.headers['content-type'] ?? '', /json/, 'the address decides')
  })

  it('is there for every list that there is', async () => {
    await using house = await openHouse(engine)
    const lists = house.app.operations.filter(
      (operation) => csvListOf(operation) && !operation.rest.includes(':'),
    )
    assert.ok(lists.length > 20)
    for (const { rest, name, input } of lists) {
      const required = (input as { required?: string[] }).required ?? []
      if (required.length > 0 || 'format' in input.properties) continue
      const { status, headers, body } = await house.send(`${rest}?format=csv`)
      // A list that the administrator of the tests has none of is refused as in JSON.
      if (status === (await house.send(rest)).status && status !== 200) continue
      assert.equal(status, 200, `${name}: ${JSON.stringify(body)}`)
      assert.match(headers['content-type'] ?? '', /csv/, name)
      assert.match(body, /^[a-z_.]+(,[a-z_.0-9]+)*\r\n/, name)
    }
    const head = await house.send('HEAD /api/v1/orders?format=csv')
    assert.deepEqual([head.status, head.body], [200, ''])
    assert.match(head.headers['content-type'] ?? '', /csv/)
  })

  it('breaks off rather than look whole when it would be longer than the setting allows', async () => {
    await using house = await openHouse(engine, {
      settings: { api_max_page_size: 2, csv_rows_max: 5 },
    })
    await addCustomers(house, ['a', 'b', 'c', 'd', 'e'])
    await house.http.listen({ port: 0, host: '127.0.0.1' })
    const { port } = house.http.server.address() as AddressInfo
    const get = async (): Promise<string> => {
      const socket = connect(port, '127.0.0.1')
      const text: Buffer[] = []
      socket.on('data', (piece) => text.push(Buffer.from(piece)))
      socket.write(
        `GET /api/v1/customers?format=csv HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-api-key: ${house.adminKey}\r\n\r\n`,
      )
      await once(socket, 'close')
      return Buffer.concat(text).toString()
    }

    const whole = await get()
    const { body } = await house.ask('POST /api/v1/customers', {
      email: 'f@example.com',
      first_name: 'Ada',
      last_name: 'f',
    })
    assert.ok(body.success)
    const broken = await get()

    assert.ok(whole.endsWith('\r\n0\r\n\r\n'), 'the last chunk says that it is all')
    assert.ok(!broken.endsWith('0\r\n\r\n'))
    assert.match(broken, /^HTTP\/1.1 200/)
  })
})

it('asks for no further page once the reader is gone', async () => {
  let asked = 0
  const list: CsvList = { columns: [{ name: 'n', path: ['n'] }], paged: true }
  const row = { n: 'x'.repeat(40_000) }
  const ask = async () => ({ items: [row], next_cursor: String(++asked) })
  const settings = { csv_rows_max: 1_000, api_max_page_size: 100 }
  const table = await openTable({ settings } as never, list, { ask, input: {} })

  await once(table, 'readable')
  table.read()
  table.destroy()
  await once(table, 'close')

  assert.ok(asked < 10, `${asked} pages`)
})

it('has a column for each plain member, however deep, and one for each list', () => {
  const item = Type.Object({
    id: Type.String(),
    address: Type.Union([Type.Object({ city: Type.String() }), Type.Null()]),
    tags: Type.Array(Type.String()),
    lines: Type.Array(Type.Object({ sku: Type.String() })),
    any: Type.Record(Type.String(), Type.Unknown()),
    amount: Type.Integer(),
    yes: Type.Boolean(),
  })
  const columns = columnsOf(item)
  assert.equal(headLine(columns), 'id,address.city,tags,lines,any,amount,yes\r\n')
  const row = {
    id: 'a',
    address: { city: 'Rome' },
    tags: ['x', 'y'],
    lines: [{ sku: 'M' }],
    any: { b: 1 },
    amount: -5,
    yes: true,
  }
  assert.equal(rowLine(columns, row), 'a,Rome,"x; y","[{""sku"":""M""}]","{""b"":1}",-5,true\r\n')
  assert.equal(rowLine(columns, { id: null, address: null }), ',,,,,,\r\n')
  assert.equal(rowLine(columns, { id: 'a', tags: ['x;y'] }), 'a,,"[""x;y""]",,,,\r\n')
})
