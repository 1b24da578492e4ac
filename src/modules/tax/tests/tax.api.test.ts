import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { TaxRate } from '#modules/pricing'
import { readAsSystem } from '#platform/execute'
import {
  eventually,
  type House,
  onEveryEngine,
  openHouse,
  someoneWho,
  untilListening,
} from '#testing'
import { counted } from '../../../../tests/statements/count.ts'
import { type TaxQuestion, taxRatesFor } from '../index.ts'

const RATES = 'POST /api/v1/tax/rates'
const CLASSES = 'POST /api/v1/tax/classes'

async function made(house: House, route: string, body: object): Promise<any> {
  const { status, data, error } = await house.ask(route, body)
  assert.equal(status, 201, JSON.stringify(error))
  return data
}

/** The rates of a question, as `name jurisdiction share reason` of each class. */
async function due(house: House, question: TaxQuestion): Promise<Record<string, string[]>> {
  const found = await readAsSystem(house.app, (ctx) => taxRatesFor(ctx, question))
  return Object.fromEntries([...found].map(([code, rates]) => [code, rates.map(shown)]))
}
const shown = ({ name, jurisdiction, rate_ppm, reason }: TaxRate) =>
  `${name} ${jurisdiction} ${rate_ppm} ${reason}`

/** The rates of the class `standard` at a place. */
async function at(house: House, country: string, region?: string, postal_code?: string) {
  const destination = { country, region, postal_code }
  return (await due(house, { destination, classes: ['standard'] })).standard
}

/** California with two counties, as its rates would be entered. */
async function california(house: House): Promise<void> {
  await made(house, RATES, { country: 'us', region: 'us-ca', name: 'State', rate: 0.06 })
  await made(house, RATES, {
    country: 'US',
    region: 'CA',
    postal_prefix: '900',
    name: 'County',
    jurisdiction: 'US-CA-Los Angeles',
    rate: '0.0125',
  })
  await made(house, RATES, {
    country: 'US',
    region: 'CA',
    postal_prefix: '941 0',
    name: 'County',
    rate: '0.02625',
  })
}

onEveryEngine('the taxes that are due', (engine) => {
  it('are those of the country, the region and the postal code together', async () => {
    await using house = await openHouse(engine)
    await california(house)
    const state = 'State US-CA 60000 standard'
    assert.deepEqual(await at(house, 'US', 'CA'), [state])
    assert.deepEqual(await at(house, 'US', 'CA', '90001'), [
      state,
      'County US-CA-Los Angeles 12500 standard',
    ])
    assert.deepEqual(await at(house, 'US', 'CA', '94103-1234'), [
      state,
      'County US-CA-9410 26250 standard',
    ])
    assert.deepEqual(await at(house, 'US', 'CA', '95814'), [state])
    await made(house, RATES, { country: 'US', name: 'Federal', rate: '0.01' })
    assert.deepEqual(await at(house, 'US', 'CA'), ['Federal US 10000 standard', state])
    assert.deepEqual(await at(house, 'US', 'OR'), ['Federal US 10000 standard'])
    assert.deepEqual(await house.violations(), [])
  })

  it('are found whatever the spelling of the region and the postal code', async () => {
    await using house = await openHouse(engine)
    await california(house)
    const both = ['State US-CA 60000 standard', 'County US-CA-Los Angeles 12500 standard']
    for (const [country, region, code] of [
      ['us', 'ca', '90001'],
      ['US', 'US-CA', '900 01'],
      [' us ', ' Ca ', '9-0-0-0-1'],
    ] as const) {
      assert.deepEqual(await at(house, country, region, code), both)
    }
    assert.deepEqual(await at(house, 'US', 'CAL'), ['Tax US 0 export'])
    // A prefix in the middle of a code is none, and wildcards are letters like others.
    assert.deepEqual(await at(house, 'US', 'CA', '19001'), both.slice(0, 1))
    assert.deepEqual(await at(house, 'US', 'CA', '%_'), both.slice(0, 1))
    assert.deepEqual(await at(house, 'US', '%'), ['Tax US 0 export'])
  })

  it('follow the settings until a rate has come into force, and then no more', async () => {
    let now = new Date('2026-06-01T00:00:00.000Z')
    await using house = await openHouse(engine, { clock: () => now })
    assert.deepEqual(await at(house, 'US', 'CA'), ['Tax default 80000 default'])
    assert.deepEqual(await at(house, 'DE'), ['Tax default 80000 default'])
    const rate = await made(house, RATES, {
      country: 'DE',
      name: 'VAT',
      rate: '0.19',
      valid_from: '2026-07-01T00:00:00+02:00',
    })
    assert.equal(rate.valid_from, '2026-06-30T22:00:00.000Z')
    assert.deepEqual(await at(house, 'DE'), ['Tax default 80000 default'])
    now = new Date('2026-06-30T22:00:00.000Z')
    assert.deepEqual(await at(house, 'DE'), ['VAT DE 190000 standard'])
    assert.deepEqual(await at(house, 'US'), ['Tax US 0 export'])
    await house.ask(`DELETE /api/v1/tax/rates/${rate.id}`)
    assert.deepEqual(await at(house, 'DE'), ['Tax default 80000 default'])
  })

  it('are of the rate in force at this instant, to the millisecond', async () => {
    let now = new Date('2026-12-31T22:59:59.999Z')
    await using house = await openHouse(engine, { clock: () => now })
    const vat = { country: 'DE', name: 'VAT' }
    const turn = '2027-01-01T00:00:00+01:00'
    const day = await house.ask(RATES, { ...vat, rate: '0.16', valid_from: '2020-07-01' })
    assert.deepEqual([day.status, day.error.details.field], [400, 'valid_from'])
    const from = '2020-07-01T00:00:00+02:00'
    await made(house, RATES, { ...vat, rate: '0.16', valid_from: from, valid_until: turn })
    await made(house, RATES, { ...vat, rate: '0.19', valid_from: turn })
    assert.deepEqual(await at(house, 'DE'), ['VAT DE 160000 standard'])
    now = new Date('2026-12-31T23:00:00.000Z')
    assert.deepEqual(await at(house, 'DE'), ['VAT DE 190000 standard'])
    now = new Date('2019-01-01T00:00:00.000Z')
    assert.deepEqual(await at(house, 'DE'), ['Tax default 80000 default'])
    assert.deepEqual(await house.violations(), [])
  })

  it('of a class are its own, or the standard ones where it has none', async () => {
    await using house = await openHouse(engine)
    await made(house, CLASSES, { code: 'books', name: 'Books' })
    await made(house, RATES, { country: 'DE', name: 'VAT', rate: '0.19' })
    const reduced = { country: 'DE', name: 'VAT', rate: '0.07', reason: 'reduced' }
    await made(house, RATES, { ...reduced, tax_class: 'books' })
    await made(house, RATES, { country: 'AT', name: 'VAT', rate: '0.2' })
    const classes = ['books', 'standard', 'unheard-of', 'books']
    assert.deepEqual(await due(house, { destination: { country: 'DE' }, classes }), {
      books: ['VAT DE 70000 reduced'],
      standard: ['VAT DE 190000 standard'],
      'unheard-of': ['VAT DE 190000 standard'],
    })
    const { books } = await due(house, { destination: { country: 'AT' }, classes: ['books'] })
    assert.deepEqual(books, ['VAT AT 200000 standard'])
    assert.deepEqual(await due(house, { destination: { country: 'DE' }, classes: [] }), {})
  })

  it('without a destination are those of the shop, else of the settings', async () => {
    const settings = { shop_country: 'US', shop_region: 'CA', default_tax_rate: '0.05' }
    await using house = await openHouse(engine, { settings })
    const here = async () =>
      (await due(house, { destination: null, classes: ['standard'] })).standard
    assert.deepEqual(await here(), ['Tax default 50000 default'])
    const rate = await made(house, RATES, { country: 'CA', name: 'GST', rate: '0.05' })
    assert.deepEqual(await here(), ['Tax default 50000 default'])
    await california(house)
    assert.deepEqual(await here(), ['State US-CA 60000 standard'])
    assert.equal(rate.jurisdiction, 'CA')
  })

  it('are nothing for who is exempt, and still say whose tax it is and why', async () => {
    await using house = await openHouse(engine)
    const vat = { destination: { country: 'FR' }, classes: ['standard'] }
    const { standard } = await due(house, { ...vat, exempt: 'reverse_charge' })
    assert.deepEqual(standard, ['Tax default 0 reverse_charge'])
    await made(house, RATES, { country: 'FR', name: 'TVA', rate: '0.2' })
    for (const exempt of ['exempt', 'reverse_charge', 'export'] as const) {
      const answer = await due(house, { ...vat, exempt })
      assert.deepEqual(answer.standard, [`TVA FR 0 ${exempt}`])
    }
  })

  it('are asked by one statement, for one class or for fifty, and then remembered', async () => {
    await using house = await openHouse(engine)
    await california(house)
    await untilListening(house)
    const destination = { country: 'US', region: 'CA', postal_code: '90001' }
    for (const count of [1, 50]) {
      const classes = Array.from({ length: count }, (_, nth) => `class-${nth}`)
      const ask = () => counted(engine, () => due(house, { destination, classes }))
      const { statements } = await ask()
      assert.equal(statements.length, 1, statements.join('\n'))
      await eventually(async () => (await ask()).statements.length === 0)
    }
  })

  it('are quoted with the amounts that an order would have', async () => {
    await using house = await openHouse(engine)
    await california(house)
    const { data } = await house.ask(
      'GET /api/v1/tax/quote?country=US&region=CA&postal_code=90210&amount=19.99&currency=usd',
    )
    assert.deepEqual(data.taxes.length, 1)
    const quoted = await house.ask(
      'GET /api/v1/tax/quote?country=US&region=CA&postal_code=90001&amount=19.99',
      undefined,
      { as: someoneWho() },
    )
    assert.equal(quoted.status, 200)
    const { taxes, ...amounts } = quoted.data
    assert.deepEqual(amounts, {
      currency: 'USD',
      amount: '19.99',
      prices_include_tax: false,
      net: '19.99',
      tax: '1.45',
      gross: '21.44',
    })
    assert.deepEqual(
      taxes.map(({ name, rate, taxable, amount }: any) => [name, rate, taxable, amount]),
      [
        ['State', '0.06', '19.99', '1.20'],
        ['County', '0.0125', '19.99', '0.25'],
      ],
    )
    const negative = await house.ask('GET /api/v1/tax/quote?amount=-1')
    assert.deepEqual([negative.status, negative.error.code], [400, 'AMOUNT_INVALID'])
  })

  it('are quoted out of the price where prices include them', async () => {
    const settings = { prices_include_tax: true, shop_country: 'DE', default_tax_rate: '0.19' }
    await using house = await openHouse(engine, { settings })
    const { data } = await house.ask('GET /api/v1/tax/quote?amount=1190&currency=JPY')
    assert.deepEqual([data.net, data.tax, data.gross], ['1000', '190', '1190'])
  })
})

onEveryEngine('tax rates', (engine) => {
  it('are added, read, changed, listed and taken away, each with its event', async () => {
    await using house = await openHouse(engine)
    const rate = await made(house, RATES, { country: 'nz', name: 'GST', rate: 0.125 })
    assert.equal(rate.rate, '0.125')
    assert.deepEqual(
      [rate.country, rate.region, rate.postal_prefix, rate.tax_class, rate.reason],
      ['NZ', null, null, 'standard', 'standard'],
    )
    const path = `/api/v1/tax/rates/${rate.id}`
    const read = await house.ask(`GET ${path}`)
    assert.deepEqual(read.data, rate)
    const changed = await house.ask(`PUT ${path}`, { rate: '0.150000', name: 'GST 15' })
    assert.deepEqual([changed.data.rate, changed.data.version], ['0.15', 2])
    const stale = await house.ask(
      `PUT ${path}`,
      { name: 'GST' },
      { headers: { 'if-match': String(read.headers.etag) } },
    )
    assert.equal(stale.status, 412)
    assert.equal((await house.ask(`DELETE ${path}`)).status, 204)
    for (const route of [`GET ${path}`, `DELETE ${path}`]) {
      const { status, error } = await house.ask(route)
      assert.deepEqual([status, error.code], [404, 'TAX_RATE_NOT_FOUND'])
    }
    assert.deepEqual((await house.ask('GET /api/v1/tax/rates')).data.items, [])
    assert.deepEqual(await house.events(), [
      'tax_rate.created',
      'tax_rate.updated',
      'tax_rate.archived',
    ])
    assert.deepEqual(await house.violations(), [])
  })

  it('are listed page by page, and by place, class and time', async () => {
    await using house = await openHouse(engine)
    await california(house)
    await made(house, CLASSES, { code: 'food', name: 'Food' })
    const food = { country: 'US', region: 'CA', name: 'State', rate: 0, tax_class: 'food' }
    assert.equal((await made(house, RATES, food)).reason, 'zero_rated')
    const old = { country: 'CA', name: 'GST', rate: '0.07', valid_from: '1991-01-01T00:00:00Z' }
    await made(house, RATES, { ...old, valid_until: '2006-07-01T00:00:00Z' })
    const names = async (query: string): Promise<string[]> => {
      const { data } = await house.ask(`GET /api/v1/tax/rates?${query}`)
      return data.items.map((rate: any) => `${rate.country} ${rate.name} ${rate.rate}`)
    }
    assert.equal((await names('limit=10')).length, 5)
    assert.deepEqual(await names('country=ca'), ['CA GST 0.07'])
    assert.deepEqual(await names('valid_at=2000-01-01T00:00:00Z'), ['CA GST 0.07'])
    assert.deepEqual(await names('valid_at=2006-07-01T00:00:00Z'), [])
    assert.deepEqual(await names('tax_class=food&region=us-ca&country=US'), ['US State 0'])
    const first = await house.ask('GET /api/v1/tax/rates?limit=3')
    assert.deepEqual([first.data.total, first.data.items.length], [5, 3])
    const next = first.data.next_cursor
    const second = await house.ask(`GET /api/v1/tax/rates?limit=3&cursor=${next}`)
    const ids = [...first.data.items, ...second.data.items].map(({ id }) => id)
    assert.deepEqual(ids, ids.toSorted().toReversed())
    assert.equal(new Set(ids).size, 5)
  })

  it('of one name, place and class are never in force at once', async () => {
    await using house = await openHouse(engine)
    const vat = { country: 'DE', name: 'VAT', rate: '0.19' }
    const year = (nth: number) => `20${nth}-01-01T00:00:00.000Z`
    const first = await made(house, RATES, { ...vat, valid_from: year(20), valid_until: year(22) })
    for (const [valid_from, valid_until] of [
      [year(20), null],
      [year(20), year(21)],
      [year(21), year(30)],
      [year(19), year(21)],
      [year(19), null],
    ]) {
      const { status, error } = await house.ask(RATES, { ...vat, valid_from, valid_until })
      assert.deepEqual([status, error.code], [409, 'TAX_RATE_OVERLAPS'])
      assert.equal(error.details.tax_rate_id, first.id)
    }
    const next = await made(house, RATES, { ...vat, valid_from: year(22) })
    await made(house, RATES, { ...vat, valid_from: year(18), valid_until: year(20) })
    const stretched = await house.ask(`PUT /api/v1/tax/rates/${next.id}`, { valid_from: year(21) })
    assert.deepEqual([stretched.status, stretched.error.code], [409, 'TAX_RATE_OVERLAPS'])
    const other = { valid_from: year(20), valid_until: year(22) }
    await made(house, RATES, { ...vat, ...other, region: 'BY' })
    await made(house, RATES, { ...vat, ...other, name: 'Levy' })
    await house.ask(`DELETE /api/v1/tax/rates/${first.id}`)
    await made(house, RATES, { ...vat, ...other })
    assert.deepEqual(await house.violations(), [])
  })

  it('that overlap and are added at the same moment: one is, the others are refused', async () => {
    await using house = await openHouse(engine)
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, nth) =>
        house.ask(RATES, {
          country: 'DE',
          name: 'VAT',
          rate: '0.19',
          valid_from: `20${10 + nth}-01-01T00:00:00Z`,
        }),
      ),
    )
    const codes = answers.map(({ status, error }) => error?.code ?? status).toSorted()
    assert.deepEqual(codes, [201, ...Array(7).fill('TAX_RATE_OVERLAPS')].toSorted())
    assert.deepEqual(await house.violations(), [])
  })

  it('are refused where they make no sense, with the field', async () => {
    await using house = await openHouse(engine)
    const vat = { country: 'DE', name: 'VAT', rate: '0.19' }
    for (const [field, wrong] of [
      ['rate', { rate: '19' }],
      ['rate', { rate: '-0.1' }],
      ['rate', { rate: '0.1234567' }],
      ['rate', { rate: '19 %' }],
      ['rate', { rate: 1.5 }],
      ['rate', { reason: 'exempt' }],
      ['country', { country: 'Germany' }],
      ['region', { region: ' ' }],
      ['region', { region: 'DE-' }],
      ['postal_prefix', { postal_prefix: '--' }],
      ['valid_until', { valid_until: '2001-01-01T00:00:00Z' }],
      ['valid_from', { valid_from: '0001-01-01T00:00:00Z' }],
      ['valid_until', { valid_until: '9999-12-31T23:59:59-12:00' }],
    ] as const) {
      const { status, error } = await house.ask(RATES, { ...vat, ...wrong })
      assert.deepEqual([status, error?.code], [400, 'VALIDATION_FAILED'], JSON.stringify(wrong))
      assert.equal(error.details.field, field)
    }
    const unknown = await house.ask(RATES, { ...vat, tax_class: 'nothing' })
    assert.deepEqual([unknown.status, unknown.error.code], [400, 'TAX_CLASS_UNKNOWN'])
  })

  it('need tax:read to be read and tax:write to be changed', async () => {
    await using house = await openHouse(engine)
    const reader = { as: someoneWho('tax:read') }
    assert.equal((await house.ask('GET /api/v1/tax/rates', undefined, reader)).status, 200)
    const vat = { country: 'DE', name: 'VAT', rate: '0.19' }
    assert.equal((await house.ask(RATES, vat, reader)).status, 403)
    assert.equal((await house.ask(RATES, vat, { as: someoneWho('tax:write') })).status, 201)
    assert.equal(
      (await house.ask('GET /api/v1/tax/rates', undefined, { as: 'nobody' })).status,
      401,
    )
  })
})

onEveryEngine('tax classes', (engine) => {
  it('begin with the standard one, which stays', async () => {
    await using house = await openHouse(engine)
    const { data } = await house.ask('GET /api/v1/tax/classes')
    assert.deepEqual(
      data.items.map(({ code }: { code: string }) => code),
      ['standard'],
    )
    const refused = await house.ask('DELETE /api/v1/tax/classes/standard')
    assert.deepEqual([refused.status, refused.error.code], [409, 'TAX_CLASS_BUILT_IN'])
    const named = await house.ask('PUT /api/v1/tax/classes/standard', { name: 'Normal rate' })
    assert.deepEqual([named.data.name, named.data.version], ['Normal rate', 2])
    assert.deepEqual(await house.violations(), [])
  })

  it('are added, changed and archived, but not while they have rates', async () => {
    await using house = await openHouse(engine)
    const books = await made(house, CLASSES, { code: 'books', name: 'Books' })
    const twice = await house.ask(CLASSES, { code: 'books', name: 'Books again' })
    assert.deepEqual([twice.status, twice.error.code], [409, 'TAX_CLASS_TAKEN'])
    const described = await house.ask(`PUT /api/v1/tax/classes/${books.id}`, { description: 'All' })
    assert.deepEqual(described.data, {
      ...books,
      ...described.data,
      description: 'All',
      version: 2,
    })
    const vat = { country: 'DE', name: 'VAT', rate: '0.07', tax_class: 'books' }
    const rate = await made(house, RATES, vat)
    const inUse = await house.ask('DELETE /api/v1/tax/classes/books')
    assert.deepEqual([inUse.status, inUse.error.code], [409, 'TAX_CLASS_IN_USE'])
    await house.ask(`DELETE /api/v1/tax/rates/${rate.id}`)
    assert.equal((await house.ask('DELETE /api/v1/tax/classes/books')).status, 204)
    const gone = await house.ask('GET /api/v1/tax/classes/books')
    assert.deepEqual([gone.status, gone.error.code], [404, 'TAX_CLASS_NOT_FOUND'])
    assert.equal((await house.ask(RATES, vat)).error.code, 'TAX_CLASS_UNKNOWN')
    assert.equal((await house.ask(CLASSES, { code: 'books', name: 'Books' })).status, 409)
    assert.deepEqual(await house.events(), [
      'tax_class.created',
      'tax_class.updated',
      'tax_rate.created',
      'tax_rate.archived',
      'tax_class.archived',
    ])
    assert.deepEqual(await house.violations(), [])
  })
})
