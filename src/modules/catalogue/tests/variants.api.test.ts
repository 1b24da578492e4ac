import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { transactAsSystem } from '#platform/execute'
import { findViolations } from '#platform/invariants'
import { type House, onEveryEngine, openHouse, someoneWho } from '#testing'
import { sellableVariants } from '../sellable.ts'
import { asked } from './asked.ts'

const variant = (colour: string, more: object = {}) => ({
  sku: `MUG-${colour}`,
  name: colour,
  price: '10.00',
  options: { colour },
  ...more,
})

async function openShop(engine: 'sqlite' | 'postgres'): Promise<House> {
  const house = await openHouse(engine)
  const variants = [variant('blue'), variant('red', { price: '12.00' })]
  const mug = { name: 'Mug', sku: 'MUG', weight_kg: 0.4, tax_rate: '0.19', variants }
  assert.equal((await house.ask('POST /api/v1/products', mug)).status, 201)
  return house
}

onEveryEngine('variants', (engine) => {
  it('are added, read and listed in their order', async () => {
    await using house = await openShop(engine)
    const dimensions = { length: 10, width: 8.5, height: 9, unit: 'cm' }

    const made = await house.ask(
      'POST /api/v1/products/MUG/variants',
      variant('green', { position: 0, weight: 0.35, dimensions, cost: 3 }),
    )

    assert.equal(made.status, 201)
    assert.deepEqual(made.data.dimensions, dimensions)
    assert.equal(made.data.weight, 0.35)
    assert.equal(made.data.cost, '3.00')
    const path = `GET /api/v1/products/variants/${made.data.id}`
    assert.deepEqual((await house.ask(path)).data, made.data)
    const { data } = await house.ask('GET /api/v1/products/MUG/variants')
    assert.equal(data.total, 3)
    assert.deepEqual(
      data.items.map((v: { sku: string }) => v.sku),
      ['MUG-blue', 'MUG-green', 'MUG-red'],
    )
    assert.deepEqual(await house.violations(), [])
  })

  it('with the same options as another are refused: no buyer could tell them apart', async () => {
    await using house = await openShop(engine)

    const twin = await house.ask(
      'POST /api/v1/products/MUG/variants',
      variant('blue', { sku: 'B-2' }),
    )
    const change = await house.ask('PUT /api/v1/products/variants/MUG-red', {
      options: { colour: 'blue' },
    })

    assert.deepEqual([twin.status, twin.error.code], [409, 'VARIANT_OPTIONS_TAKEN'])
    assert.deepEqual([change.status, change.error.code], [409, 'VARIANT_OPTIONS_TAKEN'])
    const same = await house.ask('PUT /api/v1/products/variants/MUG-red', {
      options: { colour: 'red' },
    })
    assert.equal(same.status, 200)
  })

  it('change in what is named, and the product with them', async () => {
    await using house = await openShop(engine)
    const before = (await house.ask('GET /api/v1/products/variants/MUG-red')).data

    const { data } = await house.ask('PUT /api/v1/products/variants/MUG-red', {
      sku: 'MUG-crimson',
      position: 0,
      price: '8.00',
      compare_at_price: '12.00',
      weight: null,
    })

    assert.deepEqual(
      [data.sku, data.price, data.compare_at_price],
      ['MUG-crimson', '8.00', '12.00'],
    )
    assert.deepEqual([data.name, data.options], [before.name, before.options])
    const item = await house.ask('GET /api/v1/inventory/MUG-CRIMSON')
    assert.equal(item.status, 200)
    const taken = await house.ask('PUT /api/v1/products/variants/MUG-blue', { sku: 'mug-CRIMSON' })
    assert.equal(taken.error.code, 'SKU_TAKEN')
    await house.ask('PUT /api/v1/products/variants/MUG-blue', { position: 5 })
    const product = (await house.ask('GET /api/v1/products/MUG')).data
    assert.deepEqual([product.price, product.compare_at_price], ['8.00', '12.00'])
    assert.deepEqual(await house.violations(), [])
  })

  it('refuse a change of what someone else changed meanwhile', async () => {
    await using house = await openShop(engine)
    const path = 'PUT /api/v1/products/variants/MUG-red'
    const known = { headers: { 'if-match': '"v1"' } }

    const first = await house.ask(`${path}/price`, { price: 9 }, known)
    const second = await house.ask(`${path}/price`, { price: 8 }, known)

    assert.deepEqual([first.status, second.status], [200, 412])
    assert.equal((await house.ask('GET /api/v1/products/variants/MUG-red')).data.price, '9.00')
  })

  it('have a price in any currency, one at a time or all at once', async () => {
    await using house = await openShop(engine)
    const path = 'PUT /api/v1/products/variants/MUG-blue'

    const set = await house.ask(`${path}/price`, { price: '9.50' })
    assert.equal(set.status, 200)
    assert.equal(typeof set.data.message, 'string')
    await house.ask(`${path}/price`, { price: 1200, currency: 'jpy' })
    const without = await house.ask(`${path}/prices`, { prices: [{ currency: 'EUR', price: 8 }] })
    assert.deepEqual([without.status, without.error.code], [422, 'PRICE_MISSING'])
    const prices = [
      { currency: 'USD', price: '9.90', compare_at_price: '11' },
      { currency: 'EUR', price: '8' },
    ]
    const { data } = await house.ask(`${path}/prices`, { prices })

    const plain = { sale: null, breaks: [] }
    assert.deepEqual(data.prices, [
      { currency: 'EUR', price: '8.00', compare_at_price: null, ...plain },
      { currency: 'USD', price: '9.90', compare_at_price: '11.00', ...plain },
    ])
    assert.equal((await house.ask('GET /api/v1/products/MUG')).data.price, '9.90')
    const refused: [object, string][] = [
      [{ price: -1 }, 'AMOUNT_INVALID'],
      [{ price: '1.234' }, 'AMOUNT_INVALID'],
      [{ price: 1.5, currency: 'JPY' }, 'AMOUNT_INVALID'],
      [{ price: 1, currency: 'ABC' }, 'CURRENCY_UNKNOWN'],
      [{ price: 1e300 }, 'AMOUNT_INVALID'],
      [{}, 'VALIDATION_FAILED'],
    ]
    for (const [body, code] of refused) {
      const { status, error } = await house.ask(`${path}/price`, body)
      assert.deepEqual([status, error.code], [400, code], JSON.stringify(body))
    }
    assert.deepEqual(await house.violations(), [])
  })

  it('are archived but the last, which goes with its product', async () => {
    await using house = await openShop(engine)

    assert.equal((await house.ask('DELETE /api/v1/products/variants/MUG-blue')).status, 204)
    const again = await house.ask('DELETE /api/v1/products/variants/MUG-blue')
    const last = await house.ask('DELETE /api/v1/products/variants/MUG-red')

    assert.deepEqual([again.status, again.error.code], [404, 'VARIANT_NOT_FOUND'])
    assert.deepEqual([last.status, last.error.code], [409, 'LAST_VARIANT'])
    assert.equal((await house.ask('GET /api/v1/products/MUG')).data.price, '12.00')
    const reuse = await house.ask('POST /api/v1/products', { name: 'X', sku: 'mug-blue', price: 1 })
    assert.equal(reuse.error.code, 'SKU_TAKEN')
    assert.deepEqual(await house.violations(), [])
  })

  it('go on being stocked under the same item when tracking is turned off and on', async () => {
    await using house = await openShop(engine)
    await house.ask('POST /api/v1/locations', { code: 'MAIN', name: 'Main' })
    const receipt = { item_number: 'MUG-RED', location_id: 'MAIN', quantity_on_hand: 4 }
    await house.ask('POST /api/v1/inventory', receipt)
    const track = async (inventory_tracking: boolean) => {
      const body = { inventory_tracking }
      return (await house.ask('PUT /api/v1/products/variants/MUG-red', body)).data
        .available_quantity
    }

    assert.equal(await track(false), null)
    assert.equal(await track(true), 4)
    assert.deepEqual(await house.violations(), [])
  })

  it('are told to orders under any id or SKU, variants in one round trip', async () => {
    await using house = await openShop(engine)
    const { data: mug } = await house.ask('GET /api/v1/products/MUG')
    const [blue, red] = mug.variants
    const ask = (refs: string[], currency = 'USD') =>
      transactAsSystem(house.app, (ctx) => sellableVariants(ctx, { refs, currency }))

    const refs = [red.id, blue.id.toUpperCase(), mug.id, 'mug', 'MUG-RED', 'nope', '']
    const found = await ask(refs)
    const usual = await asked(engine, () => ask([red.id, blue.id]))

    // SQLite, which has no round trips, runs its one statement for each variant.
    assert.equal(usual.length, engine === 'postgres' ? 1 : 2)
    assert.equal(new Set(usual).size, 1)
    const ids = refs.map((ref) => found.get(ref)?.variant_id)
    assert.deepEqual(ids, [red.id, blue.id, blue.id, blue.id, red.id, undefined, undefined])
    const { item_id, ...sellable } = found.get('MUG-RED') ?? assert.fail('not found')
    assert.equal(typeof item_id, 'string')
    assert.deepEqual(sellable, {
      variant_id: red.id,
      product_id: mug.id,
      sku: 'MUG-red',
      product_name: 'Mug',
      variant_name: 'red',
      options: { colour: 'red' },
      unit_amount: 1200,
      prices: { regular_amount: 1200, breaks: [], sales: [] },
      weight_grams: 400,
      is_digital: false,
      is_gift_card: false,
      tax_rate_ppm: 190_000,
      tax_class: 'standard',
      requires_shipping: true,
      image_url: null,
      sellable: true,
    })
    assert.equal((await ask(['MUG'], 'EUR')).get('MUG')?.unit_amount, null)
    await house.ask('PUT /api/v1/products/variants/MUG-red', { inventory_tracking: false })
    await house.ask('DELETE /api/v1/products/variants/MUG-blue')
    const after = await ask(['mug-red', 'mug-blue', 'mug'])
    assert.equal(after.get('mug-red')?.item_id, null)
    assert.equal(after.get('mug-blue')?.sellable, false)
    assert.equal(after.get('mug')?.variant_id, red.id)
    await house.ask('PUT /api/v1/products/MUG', { is_active: false })
    assert.equal((await ask(['mug-red'])).get('mug-red')?.sellable, false)
  })

  it('are meant where a SKU names a product too', async () => {
    await using house = await openHouse(engine)
    const variants = [variant('A', { sku: 'CUP-A' }), variant('B', { sku: 'CUP' })]
    const { data } = await house.ask('POST /api/v1/products', { name: 'Cup', sku: 'cup', variants })

    const found = await transactAsSystem(house.app, (ctx) =>
      sellableVariants(ctx, { refs: ['CUP', data.id], currency: 'USD' }),
    )

    assert.equal(found.get('CUP')?.variant_id, data.variants[1].id)
    assert.equal(found.get(data.id)?.variant_id, data.variants[0].id)
    assert.deepEqual(await house.violations(), [])
  })

  it('that break a rule are named by the invariants', async () => {
    const red = sql`where sku = 'MUG-red'`
    const mug = sql`where sku = 'MUG'`
    const damages = {
      'a product shows the price': sql`update products set price_amount = 1`,
      'every live variant has a price': sql`delete from variant_prices where amount = 1200`,
      'every price is in a known currency': sql`
        update variant_prices set currency = 'QQQ' where amount = 1200`,
      'a SKU means one thing': sql`
        update products set sku_key = 'mug-red', sku = 'MUG-red' where sku = 'OTHER'`,
      'what is unique and sorted': sql`update products set name_key = 'x' ${mug}`,
      'the stock item of a variant': sql`
        update inventory_items set sku = 'X', sku_key = 'x' ${red}`,
      'products are found by just their tags': sql`
        insert into product_tags (tag_key, product_id) select 'x', id from products ${mug}`,
      'the search index': sql`update products set description = 'unheard of' ${mug}`,
    }
    await using house = await openShop(engine)
    await house.ask('POST /api/v1/products', { name: 'Other', sku: 'OTHER', price: 1 })
    assert.deepEqual(await house.violations(), [])
    const { app } = house
    for (const [claim, damage] of Object.entries(damages)) {
      let broken: string[] = []
      const undone = transactAsSystem(app, async (ctx) => {
        await damage.execute(ctx.session.kysely)
        broken = await findViolations(ctx, app.invariants)
        throw new Error('undone')
      })
      await assert.rejects(undone, /undone/)
      assert.ok(
        broken.some((line) => line.startsWith(`catalogue: ${claim}`)),
        `${claim}: ${broken}`,
      )
    }
  })

  it('are written by holders of inventory:adjust only', async () => {
    await using house = await openShop(engine)
    const as = someoneWho('products:read', 'products:cost')
    for (const route of [
      'POST /api/v1/products',
      'PUT /api/v1/products/MUG',
      'DELETE /api/v1/products/MUG',
      'POST /api/v1/products/MUG/variants',
      'PUT /api/v1/products/variants/MUG-red',
      'PUT /api/v1/products/variants/MUG-red/price',
      'PUT /api/v1/products/variants/MUG-red/prices',
      'DELETE /api/v1/products/variants/MUG-red',
    ]) {
      assert.equal((await house.ask(route, { name: 'x' }, { as })).status, 403, route)
    }
  })
})
