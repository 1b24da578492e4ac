import assert from 'node:assert/strict'
import { it } from 'node:test'
import { wholeProducts } from '#modules/catalogue'
import { readAsSystem } from '#platform/execute'
import { type House, onEveryEngine, openHouse } from '#testing'

const VARIANTS = 140
const NOW = '2026-06-01T12:00:00.000Z'
const settings = {
  shop_name: 'The Harbour Shop',
  shop_url: 'https://shop.example',
  shop_returns_url: 'https://shop.example/returns',
}

async function made(house: House, route: string, body: object): Promise<any> {
  const { status, data, error } = await house.ask(route, body)
  assert.ok(status < 300, `${route}: ${JSON.stringify(error)}`)
  return data
}

const stockOf = (house: House, item_number: string, quantity_on_hand: number) =>
  made(house, 'POST /api/v1/inventory', { item_number, location_id: 'MAIN', quantity_on_hand })

onEveryEngine('what a feed tells of a product', (engine) => {
  it('is where it stands, what it is of, what it costs for how long, and who sells it', async () => {
    await using house = await openHouse(engine, { settings, clock: () => new Date(NOW) })
    await made(house, 'POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
    const kitchen = await made(house, 'POST /api/v1/categories', { name: 'Kitchen' })
    const below = { name: 'Mugs', parent_id: kitchen.id }
    const mugs = await made(house, 'POST /api/v1/categories', below)
    for (const code of ['material', 'mpn']) {
      await made(house, 'POST /api/v1/attributes', { code, label: code, type: 'text' })
    }
    await made(house, 'POST /api/v1/products', {
      sku: 'MUG',
      name: 'A mug',
      price: '12.50',
      category_ids: [mugs.id],
      attributes: { material: 'Stoneware', mpn: 'M-350' },
    })
    const starts_at = NOW
    const ends_at = '2026-06-08T00:00:00.000Z'
    const sales = [{ price: '10.00', starts_at, ends_at }]
    const prices = [{ currency: 'USD', price: '12.50', sales }]
    await made(house, 'PUT /api/v1/products/variants/MUG/prices', { prices })
    await stockOf(house, 'MUG', 3)

    const { data: feed } = await house.ask('GET /api/v1/feeds/products')
    const [variant] = feed.items[0].variants
    assert.deepEqual(variant.categories, [{ value: 'Kitchen > Mugs', taxonomy: 'merchant' }])
    assert.deepEqual([variant.price.amount, variant.list_price.amount], [1000, 1250])
    const returns = { type: 'refund_policy', title: 'Returns', url: settings.shop_returns_url }
    assert.deepEqual(variant.seller, { name: settings.shop_name, links: [returns] })
    const { data: rows } = await house.ask('GET /api/v1/feeds/items')
    const [row] = rows.items
    assert.deepEqual(
      [row.product_category, row.material, row.mpn, row.price, row.sale_price],
      ['Kitchen > Mugs', 'Stoneware', 'M-350', '12.50 USD', '10.00 USD'],
    )
    assert.equal(row.sale_price_effective_date, `${starts_at}/${ends_at}`)
    const tsv = await house.send('GET /api/v1/agentic-checkout/catalog?format=tsv')
    const [names, cells] = String(tsv.body)
      .split('\n')
      .map((line) => line.split('\t'))
    assert.equal(cells?.[names?.indexOf('product_category') ?? -1], 'Kitchen > Mugs')
  })

  it('is how much there is of it: plenty, little, none, or what may be waited for', async () => {
    await using house = await openHouse(engine, { settings })
    await made(house, 'POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
    const bands: [string, number, number, string, string][] = [
      ['PLENTY', 50, 0, 'in_stock', 'in_stock'],
      ['LITTLE', 5, 10, 'limited_stock', 'in_stock'],
      ['NONE', 0, 0, 'out_of_stock', 'out_of_stock'],
      ['AWAITED', 0, 10, 'backorder', 'backorder'],
    ]
    for (const [sku, units, backorder_limit] of bands) {
      await made(house, 'POST /api/v1/products', { sku, name: sku, price: '1.00' })
      await stockOf(house, sku, units)
      await made(house, `PUT /api/v1/inventory/${sku}`, { backorder_limit })
    }
    const { data: feed } = await house.ask('GET /api/v1/feeds/products')
    const { data: rows } = await house.ask('GET /api/v1/feeds/items')
    const told = feed.items.map(({ title, variants }: any, nth: number) => {
      const { available, status } = variants[0].availability
      return [title, status, available, rows.items[nth].availability]
    })
    const expected = bands.map(([sku, , , status, flat]) => {
      return [sku, status, status !== 'out_of_stock', flat]
    })
    assert.deepEqual(told, expected)
  })

  it('is every variant that it has, and a page is as large as what is in it', async () => {
    await using house = await openHouse(engine, { settings })
    await made(house, 'POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
    const before = await made(house, 'POST /api/v1/products', { sku: 'A', name: 'A', price: '1' })
    const variants = Array.from({ length: VARIANTS }, (_, nth) => {
      return { sku: `SHOE-${nth}`, name: `Size ${nth}`, price: '2.00', options: { size: `${nth}` } }
    })
    const shoe = await made(house, 'POST /api/v1/products', { sku: 'SHOE', name: 'Shoe', variants })
    const after = await made(house, 'POST /api/v1/products', { sku: 'Z', name: 'Z', price: '1' })
    const last = `SHOE-${VARIANTS - 1}`
    await stockOf(house, last, 2)

    const { data } = await house.ask('GET /api/v1/feeds/products')
    const [, fed] = data.items
    assert.equal(fed.variants.length, VARIANTS)
    assert.equal(new Set(fed.variants.map(({ id }: any) => id)).size, VARIANTS)
    assert.equal(fed.variants.at(-1).title, `Shoe - Size ${VARIANTS - 1}`)
    assert.equal(fed.variants.at(-1).availability.status, 'limited_stock')
    assert.equal((await house.ask('GET /api/v1/feeds')).data.items_total, VARIANTS + 2)
    const { data: rows } = await house.ask('GET /api/v1/feeds/items')
    assert.equal(rows.items.length, VARIANTS + 2)

    const ids = [before.id, shoe.id, after.id]
    const covered = (variants_max: number, asked = ids) =>
      readAsSystem(house.app, async (ctx) => {
        const { products, covered } = await wholeProducts(ctx, { ids: asked, variants_max })
        return [products.map(({ variants }) => variants.length), covered]
      })
    assert.deepEqual(await covered(VARIANTS + 2), [[1, VARIANTS, 1], 3])
    assert.deepEqual(await covered(VARIANTS + 1), [[1, VARIANTS], 2])
    assert.deepEqual(await covered(VARIANTS), [[1], 1])
    assert.deepEqual(await covered(1, [shoe.id, after.id]), [[VARIANTS], 1])
    await house.ask(`DELETE /api/v1/products/${before.id}`)
    assert.deepEqual(await covered(VARIANTS + 1), [[VARIANTS, 1], 3])
  })
})
