import assert from 'node:assert/strict'
import { it } from 'node:test'
import { systemProcess } from '#platform/execute'
import { onEveryEngine } from '#testing'
import { runSync } from '../index.ts'
import { openShop } from './shop.ts'

const PUSH = 'POST /api/v1/woocommerce/order-pushes'

onEveryEngine('orders in WooCommerce', (engine) => {
  it('are sent once they are paid, with our money, and stock is told after theirs', async () => {
    await using shop = await openShop(engine)
    await shop.drain()
    const [mug] = [...shop.books.products.values()] as any[]
    const order = await shop.order(3)
    await shop.drain()
    const [there] = [...shop.books.orders.values()] as any[]
    assert.deepEqual(
      [there.status, there.total, there.currency, there.line_items[0].product_id],
      ['processing', '37.50', 'USD', mug.id],
    )
    assert.equal(there.billing.email, 'ada@example.com')
    assert.deepEqual(
      [there.shipping.last_name, there.shipping.postcode, there.shipping.country],
      ['Brook', '04101', 'US'],
    )
    // It took three off by itself, and ours had three reserved already: both say seven.
    assert.deepEqual([mug.stock_quantity, await shop.available()], [7, 7])

    const first = await shop.made(PUSH, { order_id: order.id })
    const second = await shop.made(PUSH, { order_id: order.order_number })
    assert.equal(first.woocommerce_order_id, there.id)
    assert.deepEqual({ ...second, sync_id: '' }, { ...first, sync_id: '' })
    assert.equal(shop.woo.times('POST orders'), 1)
    assert.match(first.order_url, new RegExp(`/shop/my-account/view-order/${there.id}/$`))
  })

  it('are not sent unpaid', async () => {
    await using shop = await openShop(engine)
    const order = await shop.order(1, { paid: false })
    const asked = await shop.ask(PUSH, { order_id: order.id })
    assert.deepEqual([asked.status, asked.error.code], [402, 'WOOCOMMERCE_ORDER_UNPAID'])
    await shop.drain()
    assert.equal(shop.books.orders.size, 0)
  })

  it('cancelled before they could be sent are not sent', async () => {
    await using shop = await openShop(engine)
    const order = await shop.order(1)
    await shop.made(`POST /api/v1/orders/${order.id}/cancel`, { reason: 'changed my mind' })
    await shop.drain()
    assert.equal(shop.books.orders.size, 0)
    assert.match((await shop.syncs('order'))[0].note, /cancelled/)
  })

  it('asked for by many at once are one', async () => {
    await using shop = await openShop(engine)
    const order = await shop.order(1)
    const asked = await Promise.all(
      Array.from({ length: 5 }, () => shop.ask(PUSH, { order_id: order.id })),
    )
    for (const { status, error } of asked) {
      assert.ok(status === 200 || error?.code === 'WOOCOMMERCE_SYNC_RUNNING', String(status))
    }
    await shop.drain()
    assert.equal(shop.books.orders.size, 1)
    assert.equal(shop.woo.times('POST orders'), 1)
  })

  for (const fault of ['lost after', 'lost before', 'half', 'broken', 'busy'] as const) {
    it(`are there once, although the answer is no answer (${fault})`, async () => {
      await using shop = await openShop(engine)
      const order = await shop.order(1)
      // Orders of others stand between ours and whoever looks for it.
      for (let nth = 0; nth < 3; nth++) shop.books.createOrder({ line_items: [] })
      shop.woo.fail('POST orders', fault)
      const asked = await shop.ask(PUSH, { order_id: order.id })
      assert.equal(asked.error.code, 'WOOCOMMERCE_SYNC_FAILED')
      const [waiting] = await shop.syncs('order')
      assert.ok(Date.parse(waiting.due_at) - Date.now() > 30_000, 'an answer may be under way')
      await shop.drain()
      const ours = [...shop.books.orders.values()].filter(({ meta_data }) => meta_data.length > 0)
      assert.equal(ours.length, 1)
      const pushed = await shop.made(PUSH, { order_id: order.id })
      assert.equal(pushed.woocommerce_order_id, ours[0]?.id)
    })
  }

  it('of a process that died before it wrote the answer down are found', async () => {
    await using shop = await openShop(engine)
    const order = await shop.order(2)
    // Everything from the answer of WooCommerce on is lost, as with the power.
    const { transaction } = systemProcess(shop.app)
    let made = false
    const died = Object.assign(systemProcess(shop.app), {
      transaction: (async (body, isolation) => {
        if (made) throw new Error('dead')
        const value = await transaction(body, isolation)
        made ||= shop.woo.times('POST orders') > 0
        return value
      }) as typeof transaction,
    })
    await shop.settle()
    await shop.change(`update woo_syncs set due_at = '2020-01-01T00:00:00.000Z'`)
    const [{ id }] = (await shop.rows<{ id: string }>(
      `select id from woo_syncs where kind = 'order'`,
    )) as [{ id: string }]
    shop.woo.fail('GET products', 'lost before')
    await runSync(died, id).catch(() => {})
    made = false
    await shop.change(`update woo_syncs set due_at = '2020-01-01T00:00:00.000Z'`)
    const original = shop.books.createOrder.bind(shop.books)
    shop.books.createOrder = (sent) => {
      made = true
      return original(sent)
    }
    await runSync(died, id).catch(() => {})
    assert.equal(shop.books.orders.size, 1)
    assert.equal((await shop.syncs('order'))[0].status, 'running')

    // Nobody else may take it up before its time.
    await runSync(systemProcess(shop.app), id)
    assert.equal(shop.woo.times('POST orders'), 1)
    await shop.abandon()
    await runSync(systemProcess(shop.app), id)
    const [sync] = await shop.syncs('order')
    assert.deepEqual([sync.status, sync.outcome], ['done', 'created'])
    assert.match(sync.note, /answer was lost/)
    assert.equal(shop.books.orders.size, 1)
    assert.equal(
      (await shop.made(PUSH, { order_id: order.id })).woocommerce_order_id,
      Number(sync.woocommerce_id),
    )
    await shop.drain()
  })

  it('follow the state here: shipped is completed, with the tracking number', async () => {
    await using shop = await openShop(engine)
    const order = await shop.order(1)
    await shop.drain()
    const [there] = [...shop.books.orders.values()] as any[]
    const { id } = await shop.made('POST /api/v1/shipments', {
      order_id: order.id,
      carrier: 'UPS',
      tracking_number: '1Z999',
    })
    await shop.made(`POST /api/v1/shipments/${id}/ship`, {})
    await shop.drain()
    assert.equal(there.status, 'completed')
    const meta = Object.fromEntries(there.meta_data.map(({ key, value }: any) => [key, value]))
    assert.equal(meta._tracking_number, '1Z999')
    const told = shop.woo.times('PUT orders/:id')
    await shop.drain()
    assert.equal(shop.woo.times('PUT orders/:id'), told)
  })

  it('follow the state there: on hold, on again, cancelled; and nothing is told back', async () => {
    await using shop = await openShop(engine)
    const order = await shop.order(2)
    await shop.drain()
    const [there] = [...shop.books.orders.values()] as any[]
    const told = shop.woo.times('PUT orders/:id')
    const status = async () => (await shop.orderNow(order.id)).status
    const say = async (word: string) => {
      shop.woo.pass(10)
      shop.books.updateOrder(there.id, { status: word })
      assert.equal(await shop.deliver('order.updated', there), 200)
      await shop.drain()
    }
    await say('on-hold')
    assert.equal(await status(), 'on_hold')
    await say('processing')
    assert.equal(await status(), 'confirmed')
    await say('cancelled')
    assert.equal(await status(), 'cancelled')
    assert.equal(await shop.available(), 10)
    assert.equal(there.status === 'cancelled' || there.status === 'refunded', true)
    assert.ok(shop.woo.times('PUT orders/:id') - told <= 1, 'what came from there went back')
  })

  it('refunded there wait here for somebody who looks after the money', async () => {
    await using shop = await openShop(engine)
    const order = await shop.order(1)
    await shop.drain()
    const [there] = [...shop.books.orders.values()] as any[]
    shop.woo.pass(10)
    shop.books.updateOrder(there.id, { status: 'refunded' })
    await shop.deliver('order.updated', there)
    await shop.drain()
    const now = await shop.orderNow(order.id)
    assert.deepEqual([now.status, now.payment_status], ['on_hold', 'paid'])
    assert.equal(now.holds[0].code, 'woocommerce_refunded')
    assert.equal(there.status, 'refunded')
  })
})
