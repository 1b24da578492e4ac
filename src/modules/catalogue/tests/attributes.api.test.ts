import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type House, onEveryEngine, openHouse, someoneWho } from '#testing'

const asPublic = { as: someoneWho() }

const ATTRIBUTES = [
  { code: 'colour', label: 'Colour', type: 'enum', choices: ['Blue', 'Red'] },
  { code: 'volume', label: 'Volume', type: 'number', unit: 'ml' },
  { code: 'fragile', label: 'Fragile', type: 'boolean' },
  { code: 'since', label: 'Made since', type: 'date' },
  { code: 'maker', label: 'Maker', type: 'text', filterable: false },
]

async function openShop(engine: 'sqlite' | 'postgres'): Promise<House> {
  const house = await openHouse(engine)
  for (const attribute of ATTRIBUTES) {
    const { status, error } = await house.ask('POST /api/v1/attributes', attribute)
    assert.equal(status, 201, JSON.stringify(error))
  }
  return house
}

const make = async (house: House, sku: string, attributes: object) => {
  const body = { name: sku, sku, price: 1, attributes }
  const { status, data, error } = await house.ask('POST /api/v1/products', body)
  assert.equal(status, 201, JSON.stringify(error))
  return data
}

async function listed(house: House, ...filters: string[]): Promise<string[]> {
  const query = filters.map((filter) => `attributes=${encodeURIComponent(filter)}`).join('&')
  const path = `GET /api/v1/products?${query}`
  const { data, error } = await house.ask(path, undefined, asPublic)
  assert.equal(error, undefined, JSON.stringify(error))
  return data.items.map(({ sku }: { sku: string }) => sku)
}

onEveryEngine('attributes', (engine) => {
  it('hold values of their type and refuse all others, by field', async () => {
    await using house = await openShop(engine)
    const values = { colour: 'blue', volume: '350.50', fragile: true, since: '2020-02-29' }

    const { attributes } = await make(house, 'MUG', { ...values, maker: 'Ænima, Ltd' })

    assert.deepEqual(attributes, {
      colour: 'Blue',
      fragile: true,
      maker: 'Ænima, Ltd',
      since: '2020-02-29',
      volume: 350.5,
    })
    const wrong = {
      colour: 'green',
      volume: '1e3',
      fragile: 'perhaps',
      since: '2021-02-29',
      maker: 7,
      size: 'L',
    }
    for (const [code, value] of Object.entries(wrong)) {
      const path = 'PUT /api/v1/products/MUG'
      const { status, error } = await house.ask(path, { attributes: { [code]: value } })
      assert.deepEqual([status, error.details.field], [400, `attributes.${code}`], code)
    }
    const changes = { attributes: { volume: null, colour: 'Red' } }
    const changed = (await house.ask('PUT /api/v1/products/MUG', changes)).data
    assert.deepEqual(Object.keys(changed.attributes), ['colour', 'fragile', 'maker', 'since'])
    assert.equal(changed.attributes.colour, 'Red')
    assert.deepEqual(await house.violations(), [])
  })

  it('filter lists and searches, by one value, any of several, and ranges', async () => {
    await using house = await openShop(engine)
    await make(house, 'A', { colour: 'Blue', volume: 250, fragile: true, since: '2019-01-01' })
    await make(house, 'B', { colour: 'Red', volume: 350, fragile: false, since: '2020-01-01' })
    await make(house, 'C', { volume: -0.5, maker: 'Kiln' })

    assert.deepEqual(await listed(house, 'colour:BLUE'), ['A'])
    assert.deepEqual(await listed(house, 'colour:blue', 'colour:red'), ['B', 'A'])
    assert.deepEqual(await listed(house, 'colour:blue', 'fragile:false'), [])
    assert.deepEqual(await listed(house, 'volume:250..350'), ['B', 'A'])
    assert.deepEqual(await listed(house, 'volume:..0'), ['C'])
    assert.deepEqual(await listed(house, 'volume:250.1..'), ['B'])
    assert.deepEqual(await listed(house, 'volume:350'), ['B'])
    assert.deepEqual(await listed(house, 'since:2019-06-01..'), ['B'])
    const path = 'GET /api/v1/products/search?search=kiln'
    assert.equal((await house.ask(path)).data.items[0].sku, 'C')
    const both = await house.ask('GET /api/v1/products?search=b&attributes=colour:red')
    assert.deepEqual(
      both.data.items.map(({ sku }: { sku: string }) => sku),
      ['B'],
    )
    for (const bad of [
      'maker:kiln',
      'size:L',
      'colour',
      'colour:green',
      'volume:a..b',
      'since:..',
    ]) {
      const { status, error } = await house.ask(`GET /api/v1/products?attributes=${bad}`)
      assert.deepEqual([status, error.code], [400, 'VALIDATION_FAILED'], bad)
    }
  })

  it('change in all but code and type, and go only while nothing uses them', async () => {
    await using house = await openShop(engine)
    await make(house, 'MUG', { colour: 'blue' })

    const kept = await house.ask('PUT /api/v1/attributes/colour', { choices: ['Red', 'Green'] })
    const used = await house.ask('DELETE /api/v1/attributes/colour')
    const taken = await house.ask('POST /api/v1/attributes', ATTRIBUTES[0])

    assert.deepEqual([kept.status, kept.error.code], [409, 'ATTRIBUTE_CHOICE_IN_USE'])
    assert.deepEqual([used.status, used.error.code], [409, 'ATTRIBUTE_IN_USE'])
    assert.deepEqual([taken.status, taken.error.code], [409, 'ATTRIBUTE_TAKEN'])
    const choices = ['Green', 'Blue']
    const changed = await house.ask('PUT /api/v1/attributes/colour', { choices, label: 'Hue' })
    assert.deepEqual([changed.data.choices, changed.data.label], [choices, 'Hue'])
    assert.equal((await house.ask('DELETE /api/v1/attributes/fragile')).status, 204)
    const { data } = await house.ask('GET /api/v1/attributes?limit=2', undefined, asPublic)
    const second = await house.ask(`GET /api/v1/attributes?limit=2&cursor=${data.next_cursor}`)
    const codes = [...data.items, ...second.data.items].map(({ code }: { code: string }) => code)
    assert.deepEqual(codes, ['colour', 'volume', 'since', 'maker'])
    for (const [body, field] of [
      [{ code: 'x', label: 'X', type: 'enum' }, 'choices'],
      [{ code: 'x', label: 'X', type: 'text', choices: ['a'] }, 'choices'],
      [{ code: 'x', label: 'X', type: 'enum', choices: ['a', 'A'] }, 'choices'],
      [{ code: 'X', label: 'X', type: 'text' }, 'code'],
    ] as const) {
      const { status, error } = await house.ask('POST /api/v1/attributes', body)
      assert.deepEqual([status, error.details.field], [400, field])
    }
    assert.deepEqual(await house.violations(), [])
  })
})
