import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { type House, onEveryEngine, openHouse } from '#testing'

const CATALOGUE = '/api/v1/agentic-checkout/catalog'
const PATH = 'tests/acp/specs/2026-04-17/json-schema/schema.feed.json'
const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)
ajv.addSchema(JSON.parse(readFileSync(PATH, 'utf8')), 'feed')
const isProduct = ajv.getSchema('feed#/$defs/Product')
const isMetadata = ajv.getSchema('feed#/$defs/FeedMetadata')

/** More products than one page of the feed. */
const PRODUCTS = 103

async function addProducts(house: House): Promise<void> {
  for (let nth = 1; nth <= PRODUCTS; nth++) {
    const description = nth === 1 ? 'Holds\ttea,\nand "coffee".' : undefined
    const body = { name: `Mug ${nth}`, sku: `MUG-${nth}`, price: '12.50', description }
    const { status, error } = await house.ask('POST /api/v1/products', body)
    assert.equal(status, 201, JSON.stringify(error))
  }
}

onEveryEngine('the feed as a file', (engine) => {
  it('is the whole catalogue in every format, page by page', async () => {
    await using house = await openHouse(engine)
    await addProducts(house)
    const read = (path: string) => house.send(`GET ${path}`, { as: 'nobody' })

    const jsonl = await house.http.inject('/api/v1/feeds/products.jsonl')
    const products = jsonl.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.equal(products.length, PRODUCTS)
    for (const product of products) assert.ok(isProduct?.(product), JSON.stringify(product))
    const { body: about } = await read('/api/v1/feeds/metadata.json')
    assert.ok(isMetadata?.(about), JSON.stringify(isMetadata?.errors))

    const json = await read(CATALOGUE)
    const { feed_metadata, products: rows } = json.body.feed
    assert.deepEqual([feed_metadata.product_count, rows.length], [PRODUCTS, PRODUCTS])
    assert.equal(new Set(rows.map(({ id }: { id: string }) => id)).size, PRODUCTS)
    assert.deepEqual([rows[0].price, rows[0].enable_checkout], ['12.50 USD', true])

    const csv = await read(`${CATALOGUE}?format=csv&max_products=2&seller_name=Mugs`)
    assert.equal(csv.headers['x-feed-product-count'], '2')
    assert.match(String(csv.body), /"Holds\ttea,\nand ""coffee""\."/)
    const tsv = await read(`${CATALOGUE}?format=tsv`)
    const lines = String(tsv.body).slice(0, -1).split('\n')
    assert.equal(lines.length, PRODUCTS + 1)
    const widths = new Set(lines.map((line) => line.split('\t').length))
    assert.equal(widths.size, 1, 'no cell breaks out of its column')
  })

  it('takes what a seller says of all rows, and refuses what it cannot do', async () => {
    await using house = await openHouse(engine)
    await house.ask('POST /api/v1/products', { name: 'Mug', sku: 'MUG', price: '12.50' })
    const said = {
      product_base_url: 'https://mugs.example/p/',
      seller_tos: 'https://mugs.example/tos',
      return_window: 30,
      enable_checkout: false,
      default_shipping_cost: '5.00 USD',
    }
    const { body } = await house.send(`POST ${CATALOGUE}`, { body: said })
    const [row] = body.feed.products
    assert.match(row.link, /^https:\/\/mugs\.example\/p\/[0-9a-f-]{36}$/)
    assert.deepEqual(
      [row.seller_tos, row.return_window, row.enable_checkout, row.shipping],
      ['https://mugs.example/tos', 30, false, 'US:::5.00 USD'],
    )
    const cases: [object, string][] = [
      [{ format: 'xml' }, 'invalid_format'],
      [{ max_products: 0 }, 'validation_error'],
      [{ enable_search: 'perhaps' }, 'validation_error'],
      [{ openai_endpoint: 'http://169.254.169.254/' }, 'validation_error'],
      [{ push_to_openai: true }, 'validation_error'],
    ]
    for (const [wrong, code] of cases) {
      const answer = await house.send(`POST ${CATALOGUE}`, { body: wrong })
      const told = JSON.stringify([wrong, answer.body])
      assert.deepEqual([answer.status, answer.body.error?.code], [400, code], told)
    }
    const feed = { agent_feed_url: 'https://agent.example/feeds/1' }
    await using pushing = await openHouse(engine, { settings: feed })
    const push = { push_to_openai: true }
    const nobody = await pushing.send(`POST ${CATALOGUE}`, { body: push, as: 'nobody' })
    assert.equal(nobody.status, 403)
    assert.equal((await pushing.send(`POST ${CATALOGUE}`, { body: push })).status, 200)
  })
})
