import assert from 'node:assert/strict'
import { it } from 'node:test'
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
import { quoteFor, type ShippingQuestion, shippingQuotes } from '../index.ts'

const ZONES = 'POST /api/v1/shipping/zones'
const METHODS = 'POST /api/v1/shipping/methods'
const DAYS = { estimated_days_min: 2, estimated_days_max: 4 }

async function made(house: House, route: string, body: object): Promise<any> {
  const { status, data, error } = await house.ask(route, body)
  assert.equal(status, 201, JSON.stringify(error))
  return data
}

/** A method of one price, or of the bands given. */
const method = (house: House, code: string, facts: object = {}, amount = '10.00') =>
  made(house, METHODS, { code, name: `By ${code}`, ...DAYS, rates: [{ amount }], ...facts })

const TO_MAINE: ShippingQuestion = {
  country: 'US',
  region: 'ME',
  postal_code: '04101',
  currency: 'USD',
  subtotal_amount: 2000,
  weight_grams: 500,
}
/** What is offered, as `code amount`. */
async function offered(house: House, question: Partial<ShippingQuestion> = {}): Promise<string[]> {
  const asked = { ...TO_MAINE, ...question }
  const quotes = await readAsSystem(house.app, (ctx) => shippingQuotes(ctx, asked))
  return quotes.map(({ code, amount }) => `${code} ${amount}`)
}

onEveryEngine('shipping is offered', (engine) => {
  it('as documented while no method was ever made, in any currency', async () => {
    await using house = await openHouse(engine)
    assert.deepEqual(await offered(house), ['standard 1000', 'express 2500', 'overnight 5000'])
    assert.deepEqual((await offered(house, { subtotal_amount: 4999 }))[0], 'standard 1000')
    assert.deepEqual((await offered(house, { subtotal_amount: 5000 }))[0], 'standard 0')
    const yen = { currency: 'JPY', subtotal_amount: 49 }
    assert.deepEqual(await offered(house, yen), ['standard 10', 'express 25', 'overnight 50'])
    const dinar = { currency: 'KWD', subtotal_amount: 50_000 }
    assert.deepEqual(await offered(house, dinar), [
      'standard 0',
      'express 25000',
      'overnight 50000',
    ])
    const { data } = await house.ask(
      'GET /api/v1/shipping/quotes?country=US&subtotal=49.99',
      undefined,
      { as: 'nobody' },
    )
    assert.deepEqual(data.options[0], {
      method_id: 'standard',
      code: 'standard',
      name: 'Standard',
      amount: '10.00',
      estimated_days_min: 5,
      estimated_days_max: 5,
      tax_class: 'standard',
    })
    const { id } = await method(house, 'pigeon', {}, '7.50')
    assert.deepEqual(await offered(house), ['pigeon 750'])
    await house.ask(`DELETE /api/v1/shipping/methods/${id}`)
    assert.deepEqual(await offered(house), [])
  })

  it('by weight and by subtotal, from the lower bound on and below the upper one', async () => {
    await using house = await openHouse(engine)
    await method(house, 'parcel', {
      rates: [
        { max_weight_grams: 1000, max_subtotal: '50.00', amount: '5.00' },
        { min_weight_grams: 1000, max_weight_grams: 5000, max_subtotal: '50.00', amount: '9.00' },
        { max_weight_grams: 5000, min_subtotal: '50.00', amount: '0' },
      ],
    })
    for (const [weight_grams, subtotal_amount, answer] of [
      [0, 0, ['parcel 500']],
      [999, 4999, ['parcel 500']],
      [1000, 4999, ['parcel 900']],
      [999, 5000, ['parcel 0']],
      [4999, 1_000_000, ['parcel 0']],
      [5000, 5000, []],
      [5000, 10, []],
    ] as const) {
      assert.deepEqual(await offered(house, { weight_grams, subtotal_amount }), answer)
    }
    assert.deepEqual(await house.violations(), [])
  })

  it('by the method of the most specific zone of each code', async () => {
    await using house = await openHouse(engine)
    const zone = async (name: string, ...areas: object[]) =>
      (await made(house, ZONES, { name, areas })).id
    await method(house, 'standard', { name: 'Everywhere' }, '30.00')
    const us = await zone('The States', { country: 'us' }, { country: 'CA' })
    await method(house, 'standard', { zone_id: us }, '10.00')
    const maine = await zone('Maine', { country: 'US', region: 'US-ME' })
    await method(house, 'standard', { zone_id: maine }, '20.00')
    const islands = await zone('Islands', { country: 'US', postal_prefix: '048' })
    await method(house, 'standard', { zone_id: islands }, '40.00')
    const monhegan = await zone('Monhegan', { country: 'US', region: 'ME', postal_prefix: '04852' })
    await method(house, 'standard', { zone_id: monhegan }, '50.00')
    await method(house, 'boat', { zone_id: monhegan }, '8.00')
    for (const [place, answer] of [
      [{ country: 'DE', region: 'BY', postal_code: '80331' }, ['standard 3000']],
      [{ country: 'CA', region: null, postal_code: undefined }, ['standard 1000']],
      [{ country: 'us', region: 'OR' }, ['standard 1000']],
      [{ country: 'US', region: ' me ' }, ['standard 2000']],
      [{ country: 'US', region: 'ME', postal_code: '048-07' }, ['standard 4000']],
      [{ country: 'US', region: undefined, postal_code: '04807' }, ['standard 4000']],
      [{ country: 'US', region: 'ME', postal_code: '04852' }, ['boat 800', 'standard 5000']],
      [{ country: 'US', region: 'NH', postal_code: '04852' }, ['standard 4000']],
    ] as const) {
      assert.deepEqual(await offered(house, place), answer, JSON.stringify(place))
    }
    assert.deepEqual(await house.violations(), [])
  })

  it('not by a less specific method where the most specific one has no rate', async () => {
    await using house = await openHouse(engine)
    await method(house, 'standard')
    const alaska = { name: 'Alaska', areas: [{ country: 'US', region: 'AK' }] }
    const { id: zone_id } = await made(house, ZONES, alaska)
    const light = { zone_id, rates: [{ max_weight_grams: 2000, amount: '25.00' }] }
    await method(house, 'standard', light)
    assert.deepEqual(await offered(house, { region: 'AK' }), ['standard 2500'])
    assert.deepEqual(await offered(house, { region: 'AK', weight_grams: 2000 }), [])
    assert.deepEqual(await offered(house, { weight_grams: 2000 }), ['standard 1000'])
  })

  it('the cheapest first, then by position, then by code', async () => {
    await using house = await openHouse(engine)
    await method(house, 'b', { position: 5 })
    await method(house, 'a', { position: 5 })
    await method(house, 'c', { position: 1 })
    await method(house, 'd', { position: 0 }, '10.01')
    await method(house, 'e', { position: 9 }, '0')
    assert.deepEqual(await offered(house), ['e 0', 'c 1000', 'a 1000', 'b 1000', 'd 1001'])
  })

  it('with the reason where nothing is, and where a method does not fit', async () => {
    await using house = await openHouse(engine)
    const zone = { name: 'Germany', areas: [{ country: 'DE' }] }
    const { id: zone_id } = await made(house, ZONES, zone)
    const small = { zone_id, currency: 'eur', rates: [{ max_weight_grams: 500, amount: '3.90' }] }
    const letter = await method(house, 'letter', small)
    await method(house, 'parcel', { zone_id, currency: 'EUR', is_active: false })
    const ask = async (query: string) => {
      const { status, data } = await house.ask(`GET /api/v1/shipping/quotes?${query}`)
      assert.equal(status, 200)
      return data
    }
    const fits = await ask('country=DE&currency=EUR&weight_grams=499')
    assert.deepEqual([fits.options[0].method_id, fits.options[0].amount], [letter.id, '3.90'])
    assert.deepEqual([fits.not_offered, fits.reason, fits.explanation], [[], null, null])
    const heavy = await ask('country=DE&currency=EUR&weight_grams=500')
    assert.equal(heavy.reason, 'no_rate_for_cart')
    assert.deepEqual(heavy.not_offered, [
      { code: 'letter', name: 'By letter', reason: 'no_rate_for_cart' },
    ])
    assert.equal((await ask('country=FR&currency=EUR')).reason, 'not_delivered_there')
    assert.equal((await ask('country=DE&currency=USD')).reason, 'no_method_in_currency')
    assert.match((await ask('country=FR&currency=EUR')).explanation, /destination/)
    const negative = await house.ask('GET /api/v1/shipping/quotes?subtotal=-1')
    assert.deepEqual([negative.status, negative.error.details.field], [400, 'subtotal'])
  })

  it('to the shop itself where no country is known', async () => {
    const settings = { shop_country: 'DE', shop_region: 'BY' }
    await using house = await openHouse(engine, { settings })
    const areas = [{ country: 'DE', region: 'BY' }]
    const { id: zone_id } = await made(house, ZONES, { name: 'Bavaria', areas })
    await method(house, 'bike', { zone_id })
    const nowhere = { country: null, region: undefined, postal_code: undefined }
    assert.deepEqual(await offered(house, nowhere), ['bike 1000'])
    const { data } = await house.ask('GET /api/v1/shipping/quotes')
    assert.equal(data.options[0].code, 'bike')
  })

  it('by one statement, however many methods there are, and then from memory', async () => {
    await using house = await openHouse(engine)
    await untilListening(house)
    const ask = async () => (await counted(engine, () => offered(house))).statements.length
    assert.equal(await ask(), 1)
    for (let nth = 0; nth < 5; nth++) await method(house, `method-${nth}`)
    assert.equal(await ask(), 1)
    await eventually(async () => (await ask()) === 0)
  })

  it('one by one too: by code in any case, or by id', async () => {
    await using house = await openHouse(engine)
    const one = (name: string, question: Partial<ShippingQuestion> = {}) =>
      readAsSystem(house.app, (ctx) => quoteFor(ctx, { ...TO_MAINE, ...question }, name))
    assert.equal((await one('Overnight'))?.amount, 5000)
    const { id } = await method(house, 'standard')
    const quote = await one('STANDARD')
    assert.deepEqual(quote, {
      method_id: id,
      code: 'standard',
      name: 'By standard',
      amount: 1000,
      ...DAYS,
      tax_class: 'standard',
    })
    assert.deepEqual(await one(id), quote)
    assert.equal(await one('overnight'), undefined)
    assert.equal(await one('standard', { currency: 'EUR' }), undefined)
  })
})

onEveryEngine('shipping zones', (engine) => {
  it('are made, read, changed, listed and given up, each with its event', async () => {
    await using house = await openHouse(engine)
    const zone = await made(house, ZONES, {
      name: 'Benelux',
      areas: [
        { country: 'nl' },
        { country: 'BE', region: 'be-vlg' },
        { country: 'NL', region: null },
        { country: 'LU', postal_prefix: 'l-1 2' },
      ],
    })
    assert.deepEqual(zone.areas, [
      { country: 'BE', region: 'VLG', postal_prefix: null },
      { country: 'LU', region: null, postal_prefix: 'L12' },
      { country: 'NL', region: null, postal_prefix: null },
    ])
    const path = `/api/v1/shipping/zones/${zone.id}`
    const read = await house.ask(`GET ${path}`)
    assert.deepEqual(read.data, zone)
    const taken = await house.ask(ZONES, { name: 'BENELUX', areas: [{ country: 'NL' }] })
    assert.deepEqual([taken.status, taken.error.code], [409, 'SHIPPING_ZONE_NAME_TAKEN'])
    const renamed = await house.ask(`PUT ${path}`, { name: 'Low Countries' })
    assert.deepEqual([renamed.data.areas.length, renamed.data.version], [3, 2])
    const etag = { headers: { 'if-match': String(read.headers.etag) } }
    assert.equal((await house.ask(`PUT ${path}`, { name: 'Late' }, etag)).status, 412)
    const smaller = await house.ask(`PUT ${path}`, { areas: [{ country: 'NL' }] })
    assert.deepEqual(smaller.data.areas.length, 1)
    for (const nth of [1, 2]) {
      await made(house, ZONES, { name: `Zone ${nth}`, areas: [{ country: 'FR' }] })
    }
    const first = (await house.ask('GET /api/v1/shipping/zones?limit=2')).data
    const cursor = first.next_cursor
    const second = (await house.ask(`GET /api/v1/shipping/zones?limit=2&cursor=${cursor}`)).data
    const names = [...first.items, ...second.items].map(({ name }) => name)
    assert.deepEqual(names, ['Zone 2', 'Zone 1', 'Low Countries'])
    const { id: method_id } = await method(house, 'standard', { zone_id: zone.id })
    const inUse = await house.ask(`DELETE ${path}`)
    assert.deepEqual([inUse.status, inUse.error.code], [409, 'SHIPPING_ZONE_IN_USE'])
    await house.ask(`DELETE /api/v1/shipping/methods/${method_id}`)
    assert.equal((await house.ask(`DELETE ${path}`)).status, 204)
    assert.equal((await house.ask(`GET ${path}`)).error.code, 'SHIPPING_ZONE_NOT_FOUND')
    assert.deepEqual(await house.events(), [
      'shipping_zone.created',
      'shipping_zone.updated',
      'shipping_zone.updated',
      'shipping_zone.created',
      'shipping_zone.created',
      'shipping_method.created',
      'shipping_method.archived',
      'shipping_zone.archived',
    ])
    assert.deepEqual(await house.violations(), [])
  })

  it('say which area makes no sense', async () => {
    await using house = await openHouse(engine)
    const areas = [{ country: 'NL' }, { country: 'BE', region: ' ' }]
    const { status, error } = await house.ask(ZONES, { name: 'Benelux', areas })
    assert.deepEqual([status, error.details.field], [400, 'areas.1.region'])
    assert.equal((await house.ask(ZONES, { name: 'Nowhere', areas: [] })).status, 400)
  })
})

onEveryEngine('shipping methods', (engine) => {
  it('are made, read, changed, listed and archived, each with its event', async () => {
    await using house = await openHouse(engine)
    const rates = [
      { max_subtotal: 50, amount: 10 },
      { min_subtotal: '50', amount: '0' },
    ]
    const one = await method(house, 'standard', { rates, description: 'By post' })
    assert.deepEqual(one.rates, [
      {
        min_weight_grams: 0,
        max_weight_grams: null,
        min_subtotal: '0.00',
        max_subtotal: '50.00',
        amount: '10.00',
      },
      {
        min_weight_grams: 0,
        max_weight_grams: null,
        min_subtotal: '50.00',
        max_subtotal: null,
        amount: '0.00',
      },
    ])
    const path = `/api/v1/shipping/methods/${one.id}`
    assert.deepEqual((await house.ask(`GET ${path}`)).data, one)
    const changed = await house.ask(`PUT ${path}`, { name: 'Post', is_active: false, position: 3 })
    assert.deepEqual(changed.data.rates, one.rates)
    assert.deepEqual([changed.data.name, changed.data.is_active], ['Post', false])
    assert.deepEqual(await offered(house), [])
    const cheaper = { rates: [{ amount: '1.00' }], is_active: true }
    assert.equal((await house.ask(`PUT ${path}`, cheaper)).data.rates.length, 1)
    assert.deepEqual(await offered(house), ['standard 100'])
    await method(house, 'standard', { currency: 'EUR' })
    await method(house, 'express')
    const codes = async (query: string) =>
      (await house.ask(`GET /api/v1/shipping/methods?${query}`)).data.items.map(
        ({ code, currency }: { code: string; currency: string }) => `${code} ${currency}`,
      )
    assert.deepEqual(await codes('currency=usd'), ['express USD', 'standard USD'])
    assert.deepEqual(await codes('is_active=false'), [])
    assert.deepEqual(await codes('limit=1'), ['express USD'])
    assert.equal((await house.ask(`DELETE ${path}`)).status, 204)
    assert.equal((await house.ask(`GET ${path}`)).error.code, 'SHIPPING_METHOD_NOT_FOUND')
    assert.deepEqual(await codes(''), ['express USD', 'standard EUR'])
    assert.deepEqual(await house.events(), [
      'shipping_method.created',
      'shipping_method.updated',
      'shipping_method.updated',
      'shipping_method.created',
      'shipping_method.created',
      'shipping_method.archived',
    ])
    assert.deepEqual(await house.violations(), [])
  })

  it('have one of a code and a currency in each zone, and one everywhere', async () => {
    await using house = await openHouse(engine)
    const areas = [{ country: 'US' }]
    const { id: zone_id } = await made(house, ZONES, { name: 'The States', areas })
    const everywhere = await method(house, 'standard')
    await method(house, 'standard', { zone_id })
    const rates = [{ amount: '1.00' }]
    for (const where of [{}, { zone_id }, { zone_id: null }]) {
      const again = { code: 'standard', name: 'Again', ...DAYS, rates, ...where }
      const { status, error } = await house.ask(METHODS, again)
      assert.deepEqual([status, error.code], [409, 'SHIPPING_METHOD_TAKEN'])
    }
    const moved = await house.ask(`PUT /api/v1/shipping/methods/${everywhere.id}`, { zone_id })
    assert.deepEqual([moved.status, moved.error.code], [409, 'SHIPPING_METHOD_TAKEN'])
    const race = await Promise.all(
      Array.from({ length: 6 }, () =>
        house.ask(METHODS, { code: 'express', name: 'Express', ...DAYS, rates }),
      ),
    )
    assert.equal(race.filter(({ status }) => status === 201).length, 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('are refused where they make no sense, with the field', async () => {
    await using house = await openHouse(engine)
    const nobody = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e1f'
    const rates = [{ amount: '1.00' }]
    const two = (a: object, b: object) => ({
      rates: [
        { amount: 1, ...a },
        { amount: 2, ...b },
      ],
    })
    for (const [wrong, code, field] of [
      [{ estimated_days_max: 1 }, 'VALIDATION_FAILED', 'estimated_days_max'],
      [{ rates: [] }, 'VALIDATION_FAILED', 'rates'],
      [{ rates: [{ amount: '1.001' }] }, 'AMOUNT_INVALID', 'rates.0.amount'],
      [{ rates: [{ amount: -1 }] }, 'AMOUNT_INVALID', 'rates.0.amount'],
      [
        { rates: [{ amount: 1, min_weight_grams: 5, max_weight_grams: 5 }] },
        'VALIDATION_FAILED',
        'rates.0.max_weight_grams',
      ],
      [
        { rates: [{ amount: 1, min_subtotal: 5, max_subtotal: '4.99' }] },
        'VALIDATION_FAILED',
        'rates.0.max_subtotal',
      ],
      [{ currency: 'XXX' }, 'CURRENCY_UNKNOWN', undefined],
      [{ tax_class: 'nothing' }, 'TAX_CLASS_UNKNOWN', 'tax_class'],
      [{ zone_id: nobody }, 'SHIPPING_ZONE_UNKNOWN', undefined],
      [{ code: 'Standard' }, 'VALIDATION_FAILED', 'code'],
      [two({}, { min_weight_grams: 1 }), 'SHIPPING_RATES_OVERLAP', undefined],
      [two({ max_weight_grams: 2 }, { max_subtotal: 1 }), 'SHIPPING_RATES_OVERLAP', undefined],
    ] as const) {
      const facts = { code: 'standard', name: 'Standard', ...DAYS, rates, ...wrong }
      const { status, error } = await house.ask(METHODS, facts)
      assert.ok([400, 422].includes(status), JSON.stringify(wrong))
      assert.deepEqual([error.code, error.details.field], [code, field], JSON.stringify(wrong))
    }
    assert.deepEqual((await house.ask('GET /api/v1/shipping/methods')).data.items, [])
  })

  it('need shipping:read to be read and shipping:write to be changed', async () => {
    await using house = await openHouse(engine)
    const reader = { as: someoneWho('shipping:read') }
    assert.equal((await house.ask('GET /api/v1/shipping/methods', undefined, reader)).status, 200)
    const zone = { name: 'Germany', areas: [{ country: 'DE' }] }
    assert.equal((await house.ask(ZONES, zone, reader)).status, 403)
    assert.equal((await house.ask(ZONES, zone, { as: someoneWho('shipping:*') })).status, 201)
  })

  it('are never left in a zone that is given up at the same moment', async () => {
    await using house = await openHouse(engine)
    for (let nth = 0; nth < 6; nth++) {
      const zone = await made(house, ZONES, { name: `Zone ${nth}`, areas: [{ country: 'DE' }] })
      const rates = [{ amount: 1 }]
      const facts = { code: 'post', name: 'Post', ...DAYS, rates, zone_id: zone.id }
      const both = [
        () => house.ask(`DELETE /api/v1/shipping/zones/${zone.id}`),
        () => house.ask(METHODS, facts),
      ]
      const asked = (nth % 2 ? both.toReversed() : both).map((ask) => ask())
      const statuses = (await Promise.all(asked)).map(({ status }) => status)
      assert.equal(statuses.filter((status) => status < 300).length, 1, statuses.join())
    }
    assert.deepEqual(await house.violations(), [])
  })
})
