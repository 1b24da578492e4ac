import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Engine } from '#platform/database/database'
import { onEveryEngine, openHouse } from '#testing'
import { Receiver } from '../../webhooks/tests/receiver.ts'

const SECRET = 'secret-of-the-agent'
const SCHEMA = 'tests/acp/specs/2026-04-17/json-schema/schema.agentic_checkout.json'
const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)
ajv.addSchema(JSON.parse(readFileSync(SCHEMA, 'utf8')), 'bundle')
const isOrder = ajv.getSchema('bundle#/$defs/Order')

const ADDRESS = {
  name: 'Ada Brook',
  line_one: '12 Harbour Street',
  city: 'Portland',
  state: 'ME',
  postal_code: '04101',
  country: 'US',
}

/** A shop with ten mugs, whose agent listens. */
async function openShop(engine: Engine, settings: object = {}) {
  const receiver = await Receiver.open()
  const house = await openHouse(engine, {
    background: true,
    settings: {
      agentic_commerce_webhook_url: receiver.url,
      agentic_commerce_webhook_secret: SECRET,
      webhook_private_addresses: true,
      outbox_poll_interval_ms: 20,
      ...settings,
    },
  })
  const made = async (route: string, body?: object): Promise<any> => {
    const { status, data, error } = await house.ask(`POST /api/v1/${route}`, body)
    assert.ok(status < 300, `${route}: ${JSON.stringify(error)}`)
    return data
  }
  await made('locations', { code: 'MAIN', name: 'Main warehouse' })
  await made('products', { name: 'A mug', sku: 'MUG', price: '12.50', weight_kg: '0.3' })
  const stock = { item_number: 'MUG', location_id: 'MAIN', quantity_on_hand: 10 }
  await made('inventory', stock)
  return {
    house,
    receiver,
    made,
    /** An agent buys three mugs. */
    async buy(protocol = 'acp/2026-04-17', token = 'pm_test_success') {
      const session = await made('agentic/sessions', {
        items: [{ id: 'MUG', quantity: 3 }],
        buyer: { email: 'ada@example.com' },
        fulfillment_details: { address: ADDRESS },
        protocol,
      })
      const payment = { token }
      return made(`agentic/sessions/${session.id}/complete`, { payment })
    },
    async [Symbol.asyncDispose]() {
      await house.close()
      await receiver.close()
    },
  }
}

onEveryEngine('orders that agents brought', (engine) => {
  it('are told when they are placed, in full and signed', async () => {
    await using shop = await openShop(engine)
    const { receiver, house } = shop
    const session = await shop.buy()
    await receiver.until(1)
    const [got] = receiver.got
    assert.ok(got)
    assert.deepEqual(Object.keys(got.body), ['type', 'data'])
    assert.equal(got.body.type, 'order_create')
    const { data } = got.body
    assert.ok(isOrder?.(data), JSON.stringify(isOrder?.errors))
    assert.deepEqual(
      [data.type, data.id, data.checkout_session_id, data.status, data.permalink_url],
      ['order', session.order.id, session.id, 'confirmed', session.order.permalink_url],
    )
    assert.deepEqual(data.line_items[0].quantity, { ordered: 3, current: 3, fulfilled: 0 })
    const total = data.totals.find(({ type }: { type: string }) => type === 'total')
    assert.equal(total.amount, session.totals.total)
    const [, t, v1] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(got.headers['merchant-signature'] ?? '') ?? []
    assert.equal(v1, createHmac('sha256', SECRET).update(`${t}.${got.text}`).digest('hex'))
    assert.ok(Math.abs(Date.now() / 1000 - Number(t)) < 300)
    assert.deepEqual(await house.violations(), [])
  })

  it('are told anew, once for each change: parcels, delivery, money that goes back', async () => {
    await using shop = await openShop(engine)
    const { receiver, made, house } = shop
    const { order } = await shop.buy()
    await receiver.until(1)
    const last = () => receiver.got.at(-1)?.body.data
    const { data } = await house.ask(`GET /api/v1/orders/${order.id}`)
    const items = [{ order_item_id: data.items[0].id, quantity: 2 }]
    const shipment = await made('shipments', {
      order_id: order.id,
      shipping_address: '12 Harbour Street, Portland',
      shipping_method: 'standard',
      tracking_number: '1Z999',
      recipient_name: 'Ada Brook',
      items,
    })
    await made(`shipments/${shipment.id}/ship`, {})
    await receiver.until(() => last().line_items[0].quantity.fulfilled === 2)
    assert.equal(last().line_items[0].status, 'partial')
    const [parcel] = last().fulfillments
    assert.deepEqual([parcel.status, parcel.tracking_number], ['shipped', '1Z999'])

    await made(`shipments/${shipment.id}/deliver`, {})
    await receiver.until(() => last().fulfillments[0].status === 'delivered')
    const types = last().fulfillments[0].events.map(({ type }: { type: string }) => type)
    assert.deepEqual(types, ['shipped', 'delivered'])

    const [payment] = (await house.ask(`GET /api/v1/payments/order/${order.id}`)).data
    await made(`payments/${payment.id}/refunds`, { amount: '5.00', reason: 'a chip' })
    await receiver.until(() => last().adjustments.length === 1)
    const [{ type, status, amount, currency }] = last().adjustments
    assert.deepEqual([type, status, amount, currency], ['refund', 'completed', 500, 'usd'])
    const amounts = Object.fromEntries(
      last().totals.map((row: { type: string; amount: number }) => [row.type, row.amount]),
    )
    assert.equal(amounts.amount_refunded, 500)
    assert.equal(amounts.total, receiver.got[0]?.body.data.totals.at(-1).amount)

    for (const { body } of receiver.got) {
      assert.ok(isOrder?.(body.data), JSON.stringify(isOrder?.errors))
    }
    assert.deepEqual(receiver.types.slice(0, 2), ['order_create', 'order_update'])
    const texts = receiver.got.map(({ body }) => JSON.stringify(body.data))
    assert.equal(new Set(texts).size, texts.length, 'nothing is told twice')
    assert.deepEqual(await house.violations(), [])
  })

  it('are told as cancelled, with what is taken out and paid back', async () => {
    await using shop = await openShop(engine)
    const { order } = await shop.buy()
    await shop.made(`orders/${order.id}/cancel`, { reason: 'changed their mind' })
    const last = () => shop.receiver.got.at(-1)?.body.data
    await shop.receiver.until(
      () => last()?.status === 'canceled' && last().adjustments.length === 1,
    )
    assert.equal(last().line_items[0].status, 'removed')
    assert.deepEqual(last().line_items[0].quantity, { ordered: 3, current: 0, fulfilled: 0 })
  })

  it('are told in the version of their agent', async () => {
    await using shop = await openShop(engine)
    const { receiver } = shop
    const { order } = await shop.buy('acp/2025-09-29')
    await receiver.until(1)
    await shop.made(`orders/${order.id}/cancel`, {})
    const last = () => receiver.got.at(-1)?.body.data
    await receiver.until(() => last().refunds?.length === 1)
    assert.deepEqual(Object.keys(last()).toSorted(), [
      'checkout_session_id',
      'permalink_url',
      'refunds',
      'status',
      'type',
    ])
    assert.equal(last().status, 'canceled')
    assert.equal(last().refunds[0].type, 'original_payment')
    const before = receiver.got.length
    await shop.buy('dialect-a')
    await receiver.until(before + 1)
    const heard = receiver.got.at(-1)
    assert.equal(heard?.body.type, 'order_created')
    const signed = `${heard?.headers.timestamp}.${heard?.text}`
    const digest = createHmac('sha256', SECRET).update(signed).digest('hex')
    assert.equal(heard?.headers['merchant-signature'], digest)
  })

  it('arrive in order after the agent was away, and orders of others are nobody’s news', async () => {
    await using shop = await openShop(engine)
    const { receiver, house, made } = shop
    receiver.answer = (_, response) => void response.writeHead(503).end()
    const { order } = await shop.buy()
    await made(`orders/${order.id}/cancel`, {})
    const person = { email: 'bob@example.com', first_name: 'Bob', last_name: 'Ray' }
    const { id: customer_id } = await made('customers', person)
    const own = await made('orders', { customer_id, items: [{ sku: 'MUG', quantity: 1 }] })
    await made(`orders/${own.id}/cancel`, {})
    await receiver.until(1)
    receiver.got.length = 0
    receiver.answer = (_, response) => void response.writeHead(200).end('{"received":true}')
    await house.database.write(async (session) => {
      const parameters = ['2020-01-01T00:00:00.000Z']
      const slot = engine === 'postgres' ? '$1' : '?'
      const sql = `update webhook_deliveries set next_at = ${slot} where status = 'pending'`
      await session.run({ sql, parameters })
    })
    await receiver.until(() => receiver.got.at(-1)?.body.data.adjustments.length === 1)
    assert.equal(receiver.types[0], 'order_create')
    assert.equal(receiver.got.at(-1)?.body.data.status, 'canceled')
    assert.ok(receiver.got.every(({ body }) => body.data.id === order.id))
    assert.deepEqual(await house.violations(), [])
  })

  it('are told to nobody where nobody listens', async () => {
    await using shop = await openShop(engine, { agentic_commerce_webhook_url: undefined })
    await shop.buy()
    const { data } = await shop.house.ask('GET /api/v1/webhooks/deliveries')
    assert.deepEqual(data.items, [])
  })
})
