import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type House, onEveryEngine, openHouse, someoneWho } from '#testing'

const MUG = {
  name: 'Mug',
  sku: 'MUG',
  description: 'Holds 350 ml of anything.',
  brand: 'North Kiln',
  tags: 'kitchen, Ceramic',
  weight_kg: '0.35',
  tax_rate: 0.08,
  variants: [
    {
      sku: 'Mug-Blue',
      name: 'Blue',
      price: '12.50',
      options: { colour: 'blue' },
      cost: '4.20',
      prices: [{ currency: 'JPY', price: 1900 }],
    },
    {
      sku: 'Mug-Red',
      name: 'Red',
      price: 13,
      compare_at_price: '15.00',
      options: { colour: 'red' },
    },
  ],
}

const create = async (house: House, product: object) => {
  const answer = await house.ask('POST /api/v1/products', product)
  assert.equal(answer.status, 201, JSON.stringify(answer.error))
  return answer.data
}

const asPublic = { as: someoneWho() }
const asShopper = { as: { ...someoneWho('products:read', 'inventory:adjust'), own_only: true } }

async function receive(house: House, sku: string, quantity: number): Promise<void> {
  await house.ask('POST /api/v1/locations', { code: 'MAIN', name: 'Main' })
  const receipt = { item_number: sku, location_id: 'MAIN', quantity_on_hand: quantity }
  assert.equal((await house.ask('POST /api/v1/inventory', receipt)).status, 201)
}

onEveryEngine('products', (engine) => {
  it('are created with variants, prices and stock items, and read back whole', async () => {
    await using house = await openHouse(engine)

    const product = await create(house, MUG)

    assert.equal(product.price, '12.50')
    assert.equal(product.currency, 'USD')
    assert.equal(product.cost_price, '4.20')
    assert.equal(product.weight_kg, '0.35')
    assert.equal(product.tax_rate, '0.08')
    assert.deepEqual(product.tags, ['kitchen', 'Ceramic'])
    const [blue, red] = product.variants
    const plain = { compare_at_price: null, sale: null, breaks: [] }
    assert.deepEqual(blue.prices, [
      { currency: 'JPY', price: '1900', ...plain },
      { currency: 'USD', price: '12.50', ...plain },
    ])
    assert.equal(red.compare_at_price, '15.00')
    assert.deepEqual([blue.position, red.position], [0, 1])
    assert.equal((await house.ask('GET /api/v1/inventory/MUG-blue')).data.item_number, 'Mug-Blue')
    assert.deepEqual((await house.ask('GET /api/v1/products/mug')).data, product)
    assert.deepEqual(await house.events(), [
      'product.created',
      'inventory.item_created',
      'variant.created',
      'variant.price_changed',
      'variant.price_changed',
      'inventory.item_created',
      'variant.created',
      'variant.price_changed',
    ])
    assert.deepEqual(await house.violations(), [])
  })

  it('have one variant of their own SKU and price when none is named', async () => {
    await using house = await openHouse(engine)

    const { variants } = await create(house, {
      name: 'Poster',
      slug: 'POSTER',
      price: 20,
      cost_price: 5,
    })

    assert.equal(variants.length, 1)
    assert.equal(variants[0].sku, 'POSTER')
    assert.equal(variants[0].price, '20.00')
    assert.equal(variants[0].cost, '5.00')
    const ebook = await create(house, { name: 'E-book', sku: 'EBOOK', price: 9, is_digital: true })
    assert.equal((await house.ask('GET /api/v1/inventory/EBOOK')).status, 404)
    assert.equal(ebook.available_quantity, null)
    assert.equal(ebook.in_stock, true)
    assert.deepEqual(await house.violations(), [])
  })

  it('take the stock item that is kept under their SKU already', async () => {
    await using house = await openHouse(engine)
    await receive(house, 'mug', 7)

    const product = await create(house, { name: 'Mug', sku: 'MUG', price: 5 })

    assert.equal(product.available_quantity, 7)
    assert.equal(product.variants[0].available_quantity, 7)
    assert.deepEqual(await house.violations(), [])
  })

  it('show what is available now, in the list as in the product', async () => {
    await using house = await openHouse(engine)
    const { id } = await create(house, MUG)
    await receive(house, 'MUG-BLUE', 5)
    const stockOf = (product: any) => [
      product.available_quantity,
      product.in_stock,
      ...product.variants.map((v: any) => [v.available_quantity, v.in_stock]),
    ]
    const shown = async () => {
      const one = (await house.ask(`GET /api/v1/products/${id}`, undefined, asPublic)).data
      const [listed] = (await house.ask('GET /api/v1/products', undefined, asPublic)).data.items
      const [staffs] = (await house.ask('GET /api/v1/products')).data.items
      assert.deepEqual(listed, one)
      assert.deepEqual(stockOf(staffs), stockOf(one))
      return stockOf(one)
    }

    assert.deepEqual(await shown(), [5, true, [5, true], [0, false]])
    await house.ask('POST /api/v1/inventory/mug-blue/reserve', { quantity: 5 })
    assert.deepEqual(await shown(), [0, false, [0, false], [0, false]])
  })

  it('refuse a SKU that another has, in any case and also as a variant', async () => {
    await using house = await openHouse(engine)
    await create(house, MUG)
    const refused = async (product: object, route = 'POST /api/v1/products') => {
      const { status, error } = await house.ask(route, product)
      assert.equal(status, 409, JSON.stringify(product))
      assert.equal(error.code, 'SKU_TAKEN')
    }
    const variant = (sku: string, colour: string) => ({
      sku,
      name: sku,
      price: 1,
      options: { colour },
    })

    await refused({ name: 'Other', sku: 'mug' })
    await refused({ name: 'Other', sku: 'MUG-BLUE' })
    await refused({ name: 'Other', sku: 'OTHER', variants: [variant('mUG', 'x')] })
    await refused({ name: 'Other', sku: 'OTHER', variants: [variant('A', 'x'), variant('a', 'y')] })
    await refused(variant('MUG-red', 'green'), 'POST /api/v1/products/MUG/variants')
    assert.deepEqual(await house.violations(), [])
    assert.equal((await house.ask('GET /api/v1/products')).data.total, 1)
  })

  it('of one SKU asked for at once: one is created, the other refused', async () => {
    await using house = await openHouse(engine)
    const twins = ['Twin', 'tWIN', 'twin', 'TWIN'].map((sku) =>
      house.ask('POST /api/v1/products', { name: 'Twin', sku, price: 1 }),
    )

    const statuses = (await Promise.all(twins)).map(({ status }) => status)

    assert.deepEqual(statuses.toSorted(), [201, 409, 409, 409])
    assert.deepEqual(await house.violations(), [])
  })

  it('change only in what is named, and never unseen', async () => {
    await using house = await openHouse(engine)
    const before = await create(house, MUG)
    const path = `PUT /api/v1/products/${before.id}`

    const { data: after } = await house.ask(path, {
      name: 'Cup',
      price: '11.00',
      tags: ['office'],
      brand: null,
    })

    const { name, price, tags, brand, version, variants, ...rest } = after
    assert.deepEqual([name, price, tags, brand, version], ['Cup', '11.00', ['office'], null, 2])
    assert.equal(variants[0].price, '11.00')
    for (const [member, value] of Object.entries(rest)) {
      if (member !== 'updated_at') assert.deepEqual(value, before[member], member)
    }
    const stale = await house.ask(path, { name: 'X' }, { headers: { 'if-match': '"v1"' } })
    assert.equal(stale.status, 412)
    const [listed] = (await house.ask('GET /api/v1/products')).data.items
    assert.deepEqual(listed, (await house.ask('GET /api/v1/products/MUG')).data)
    assert.equal(listed.name, 'Cup')
    assert.deepEqual(await house.violations(), [])
  })

  it('carry a new SKU on to their variant and its stock item', async () => {
    await using house = await openHouse(engine)
    const { id } = await create(house, { name: 'Mug', sku: 'MUG', price: 5 })
    await receive(house, 'MUG', 3)

    const { data } = await house.ask(`PUT /api/v1/products/${id}`, { sku: 'CUP' })

    assert.equal(data.sku, 'CUP')
    assert.equal(data.variants[0].sku, 'CUP')
    assert.equal((await house.ask('GET /api/v1/inventory/cup')).data.quantities.on_hand, '3')
    assert.equal((await house.ask('GET /api/v1/inventory/mug')).status, 404)
    assert.deepEqual(await house.violations(), [])
  })

  it('change their currency only when every variant has a price in it', async () => {
    await using house = await openHouse(engine)
    await create(house, { ...MUG, msrp: '20.00' })
    const toYen = (more = {}) => house.ask('PUT /api/v1/products/MUG', { currency: 'jpy', ...more })
    const refused = async (code: string, more = {}) => {
      const { status, error } = await toYen(more)
      assert.deepEqual([status, error.code], [422, code])
    }

    await refused('CURRENCY_IN_USE', { cost_price: 600 })
    await refused('CURRENCY_IN_USE', { msrp: 3000 })
    await refused('PRICE_MISSING', { msrp: 3000, cost_price: 600 })
    const price = { price: '2000', currency: 'JPY' }
    await house.ask('PUT /api/v1/products/variants/MUG-RED/price', price)
    const { data } = await toYen({ msrp: 3000, cost_price: 600 })

    assert.deepEqual([data.currency, data.price, data.msrp], ['JPY', '1900', '3000'])
    assert.equal(data.cost_price, '600')
    assert.deepEqual(await house.violations(), [])
  })

  it('are hidden from the public while not on sale, and when archived', async () => {
    await using house = await openHouse(engine)
    await create(house, { ...MUG, status: 'draft' })
    const seenBy = async (who: object) => ({
      one: (await house.ask('GET /api/v1/products/MUG', undefined, who)).status,
      variant: (await house.ask('GET /api/v1/products/variants/MUG-RED', undefined, who)).status,
      list: (await house.ask('GET /api/v1/products', undefined, who)).data.total,
      drafts: (await house.ask('GET /api/v1/products?status=draft', undefined, who)).data.total,
      found: (await house.ask('GET /api/v1/products/search?search=mug', undefined, who)).data.total,
    })
    const nothing = { one: 404, variant: 404, list: 0, drafts: 0, found: 0 }

    assert.deepEqual(await seenBy(asPublic), nothing)
    assert.deepEqual(await seenBy(asShopper), nothing)
    assert.deepEqual(await seenBy({}), { ...nothing, one: 200, variant: 200, drafts: 1 })
    await house.ask('PUT /api/v1/products/MUG', { is_active: true })
    assert.deepEqual(await seenBy(asPublic), {
      one: 200,
      variant: 200,
      list: 1,
      drafts: 0,
      found: 1,
    })
    assert.equal((await house.ask('DELETE /api/v1/products/MUG')).status, 204)
    assert.deepEqual(await seenBy(asPublic), nothing)
    assert.equal((await house.ask('DELETE /api/v1/products/MUG')).status, 404)
    assert.equal((await house.ask('PUT /api/v1/products/MUG', { is_active: true })).status, 409)
    assert.equal((await house.ask('PUT /api/v1/products/MUG', { status: 'inactive' })).status, 200)
    assert.deepEqual(await house.violations(), [])
  })

  it('never tell the public what they cost', async () => {
    await using house = await openHouse(engine)
    await create(house, MUG)
    for (const path of [
      'products',
      'products/MUG',
      'products/MUG/variants',
      'products/search?search=mug',
    ]) {
      for (const who of [asPublic, asShopper]) {
        const { status, body } = await house.send(`GET /api/v1/${path}`, who)
        assert.equal(status, 200)
        assert.doesNotMatch(JSON.stringify(body), /cost|4\.20/, path)
      }
      const { body } = await house.send(`GET /api/v1/${path}`, { as: someoneWho('products:cost') })
      assert.match(JSON.stringify(body), /"cost":"4.20"/, path)
    }
  })

  it('keep their stock item from being written off while they sell it', async () => {
    await using house = await openHouse(engine)
    await create(house, MUG)

    const refused = await house.ask('DELETE /api/v1/inventory/MUG-RED')
    await house.ask('DELETE /api/v1/products/variants/MUG-RED')

    assert.equal(refused.status, 409)
    assert.equal(refused.error.code, 'INVENTORY_ITEM_IS_SOLD')
    assert.equal((await house.ask('DELETE /api/v1/inventory/MUG-RED')).status, 204)
    assert.deepEqual(await house.violations(), [])
  })
})
