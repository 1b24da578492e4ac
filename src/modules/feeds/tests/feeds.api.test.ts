import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { systemProcess } from '#platform/execute'
import { type House, onEveryEngine, openHouse } from '#testing'
import { markAllDue } from '../due.ts'
import { pushDue } from '../push.ts'
import { openAgentFeed } from './agent-feed.ts'

const SCHEMA = 'tests/acp/specs/2026-04-17/json-schema/schema.feed.json'
const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)
ajv.addSchema(JSON.parse(readFileSync(SCHEMA, 'utf8')), 'feed')
const isProduct = ajv.getSchema('feed#/$defs/Product')

async function made(house: House, route: string, body: object): Promise<any> {
  const { status, data, error } = await house.ask(route, body)
  assert.ok(status < 300, `${route}: ${JSON.stringify(error)}`)
  return data
}

const newProduct = (house: House, sku: string, more: object = {}) =>
  made(house, 'POST /api/v1/products', { name: `The ${sku}`, sku, price: '12.50', ...more })

/** The catalogue is compared with the feed, and what differs is sent. */
async function push(house: House): Promise<void> {
  const process = systemProcess(house.app)
  await markAllDue(process)
  while ((await pushDue(process)) > 0);
}

onEveryEngine('the product feed', (engine) => {
  it('tells products in the shape of the protocol, whose ids a checkout takes', async () => {
    await using house = await openHouse(engine, { settings: { shop_url: 'https://shop.example' } })
    await made(house, 'POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
    const images = [{ url: 'https://img.example/mug.jpg', alt: 'A mug' }]
    const mug = await newProduct(house, 'MUG', {
      price: undefined,
      description: 'Holds tea.',
      images,
      variants: [
        {
          sku: 'MUG-B',
          name: 'Blue',
          price: '12.50',
          options: { colour: 'blue' },
          gtin: '4006381333931',
        },
        {
          sku: 'MUG-R',
          name: 'Red',
          price: '13.00',
          compare_at_price: '15.00',
          options: { colour: 'red' },
        },
      ],
    })
    const stock = { item_number: 'MUG-B', location_id: 'MAIN', quantity_on_hand: 3 }
    await made(house, 'POST /api/v1/inventory', stock)
    const { data } = await house.ask('GET /api/v1/feeds/products', undefined, { as: 'nobody' })
    const [product] = data.items
    assert.ok(isProduct?.(product), JSON.stringify(isProduct?.errors))
    assert.deepEqual([product.id, product.title], [mug.id, 'The MUG'])
    const [blue, red] = product.variants
    assert.deepEqual(blue.price, { amount: 1250, currency: 'USD' })
    assert.deepEqual(red.list_price, { amount: 1500, currency: 'USD' })
    assert.deepEqual(blue.availability, { available: true, status: 'limited_stock' })
    assert.deepEqual(red.availability, { available: false, status: 'out_of_stock' })
    assert.match(blue.url, /^https:\/\/shop\.example\/products\/.+\?variant=/)
    assert.deepEqual(
      product.variants.map(({ id }: { id: string }) => id),
      mug.variants.map(({ id }: { id: string }) => id),
    )
  })

  it('goes on page by page, and as one table of flat rows', async () => {
    await using house = await openHouse(engine)
    for (const sku of ['A', 'B', 'C']) await newProduct(house, sku, { brand: 'Acme' })
    const first = await house.ask('GET /api/v1/feeds/products?limit=2')
    const second = await house.ask(
      `GET /api/v1/feeds/products?limit=2&cursor=${first.data.next_cursor}`,
    )
    const titles = [...first.data.items, ...second.data.items].map(({ title }) => title)
    assert.deepEqual(titles, ['The A', 'The B', 'The C'])
    assert.equal(second.data.next_cursor, null)
    const table = await house.send('GET /api/v1/feeds/items?format=csv')
    const lines = String(table.body).trim().split('\r\n')
    assert.equal(lines.length, 4)
    assert.match(lines[0] ?? '', /^id,item_group_id,sku,/)
    assert.match(lines[1] ?? '', /Acme.*12\.50 USD/)
    assert.equal((await house.ask('GET /api/v1/feeds')).data.items_total, 3)
  })

  it('sends what is new or changed to the agent, once, and says what is no longer sold', async () => {
    await using agent = await openAgentFeed()
    await using house = await openHouse(engine, { settings: agent.settings })
    const mug = await newProduct(house, 'MUG')
    const jug = await newProduct(house, 'JUG')
    await push(house)
    const { requests, kept } = agent
    assert.equal(requests.length, 1)
    assert.equal(requests[0]?.authorization, 'Bearer feed-token')
    assert.deepEqual([...kept.keys()], [mug.id, jug.id])
    for (const product of kept.values()) {
      assert.ok(isProduct?.(product), JSON.stringify(isProduct?.errors))
    }
    await push(house)
    assert.equal(requests.length, 1, 'nothing changed, nothing is sent')

    await made(house, `PUT /api/v1/products/${mug.id}`, { price: '11.00' })
    await push(house)
    assert.deepEqual(requests[1]?.ids, [mug.id])
    assert.equal(kept.get(mug.id)?.variants[0]?.price?.amount, 1100)

    await house.ask(`DELETE /api/v1/products/${jug.id}`)
    await push(house)
    assert.deepEqual(kept.get(jug.id)?.variants[0]?.availability, {
      available: false,
      status: 'discontinued',
    })
    await push(house)
    assert.equal(requests.length, 3)
    const { agent_feed } = (await house.ask('GET /api/v1/feeds')).data
    assert.deepEqual(
      [agent_feed.sent_total, agent_feed.due_total, agent_feed.failing_total],
      [1, 0, 0],
    )
    assert.deepEqual(await house.violations(), [])
  })

  it('hears of a change by its event, and brings it over by itself', async () => {
    await using agent = await openAgentFeed()
    const settings = { ...agent.settings, agent_feed_interval_ms: 20 }
    await using house = await openHouse(engine, { settings, background: true })
    const mug = await newProduct(house, 'MUG')
    const end = Date.now() + 30_000
    while (!agent.kept.has(mug.id)) {
      assert.ok(Date.now() < end, 'it never arrived')
      await new Promise((done) => setTimeout(done, 10))
    }
  })

  it('tries again what failed, and lets one bad product keep back no other', async () => {
    let now = new Date('2026-06-01T12:00:00.000Z')
    await using agent = await openAgentFeed()
    await using house = await openHouse(engine, { settings: agent.settings, clock: () => now })
    const { state } = agent
    const mug = await newProduct(house, 'MUG')
    await newProduct(house, 'BAD')
    const jug = await newProduct(house, 'JUG')
    state.broken = 503
    await push(house)
    const failing = async () => (await house.ask('GET /api/v1/feeds')).data.agent_feed
    assert.equal((await failing()).failing_total, 3)
    assert.match((await failing()).last_error, /503/)
    state.broken = undefined
    state.refuses.add('The BAD')
    now = new Date('2026-06-01T14:00:00.000Z')
    await push(house)
    assert.deepEqual([...state.kept.keys()].toSorted(), [mug.id, jug.id].toSorted())
    const left = await failing()
    assert.deepEqual([left.sent_total, left.failing_total], [2, 1])
    assert.match(left.last_error, /400/)
    assert.deepEqual(await house.violations(), [])
  })

  it('wants a feed to push to', async () => {
    await using house = await openHouse(engine)
    const { status, error } = await house.ask('POST /api/v1/feeds/push')
    assert.deepEqual([status, error.code], [409, 'AGENT_FEED_NOT_CONFIGURED'])
    assert.equal((await house.ask('GET /api/v1/feeds')).data.agent_feed, null)
  })
})
