import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Id } from '#kit/ids'
import type { Actor } from '#platform/context'
import { onEveryEngine, someoneWho } from '#testing'
import { lineOf, openDock } from './dock.ts'

const buyer = (customer_id: string): Actor => ({
  ...someoneWho('orders:read'),
  id: `customer:${customer_id}`,
  customer_id: customer_id as Id<'customer'>,
  own_only: true,
})

onEveryEngine('the delivery of an order', (engine) => {
  it('is told to its buyer line by line: states, promise, and where the parcels are', async () => {
    await using dock = await openDock(engine, { MUG: { EAST: 6 } })
    await dock.made('POST /api/v1/inventory', {
      item_number: 'CUP',
      location_id: 'EAST',
      quantity_on_hand: 1,
      backorder_limit: 10,
      lead_time_days: 7,
    })
    await dock.made('POST /api/v1/products', { name: 'Cup', sku: 'CUP', price: '9.00' })
    const order = await dock.place({ MUG: 4, CUP: 3 })
    const as = buyer(order.customer_id)
    const told = async (route = `orders/${order.id}`) => {
      const { status, data } = await dock.ask(`GET /api/v1/${route}`, undefined, { as })
      assert.equal(status, 200)
      return data.delivery ?? data
    }
    const states = async () => {
      const { items } = await told()
      return items.map(({ sku, state, states: all }: any) => [
        sku,
        state,
        all.map((one: any) => `${one.quantity} ${one.state}`).join(', '),
      ])
    }
    const first = await dock.create(order, {
      items: [{ order_item_id: lineOf(order, 'MUG'), quantity: 2 }],
      tracking_number: '1Z999AA10123456784',
      carrier: 'ups',
    })
    assert.deepEqual(await states(), [
      ['MUG', 'waiting', '4 waiting'],
      ['CUP', 'backordered', '2 backordered, 1 waiting'],
    ])
    const waiting = await told()
    assert.ok(waiting.items[1].promised_at > order.created_at)
    assert.equal(waiting.promised_at, waiting.items[1].promised_at)
    assert.deepEqual(waiting.shipments, [])

    await dock.post(first.id, 'ship', {})
    assert.deepEqual((await states())[0], ['MUG', 'waiting', '2 waiting, 2 shipped'])
    const [sent] = (await told()).shipments
    assert.deepEqual(
      [sent.shipment_number, sent.status, sent.carrier, sent.items],
      [first.number, 'Shipped', 'UPS', [{ order_line_id: lineOf(order, 'MUG'), quantity: 2 }]],
    )
    assert.equal(sent.parcels[0].tracking_number, '1Z999AA10123456784')
    assert.match(sent.parcels[0].tracking_url, /1Z999AA10123456784/)

    const { data: work } = await dock.ask(`GET /api/v1/orders/${order.id}/fulfilment-orders`)
    const here = work.items.find(({ status }: any) => ['open', 'in_progress'].includes(status))
    const units = [{ order_line_id: lineOf(order, 'MUG'), quantity: 1 }]
    await dock.ask(`POST /api/v1/fulfilment-orders/${here.id}/pick`, { items: units })
    await dock.post(first.id, 'deliver', {})
    assert.deepEqual((await states())[0], ['MUG', 'waiting', '1 waiting, 1 packing, 2 delivered'])

    // The same by its number and as its progress; staff gets it where it asks for it.
    const progress = await told(`orders/${order.order_number}/progress`)
    const byNumber = await told(`orders/by-number/${order.order_number}`)
    assert.deepEqual(byNumber.items, progress.items)
    assert.deepEqual(byNumber.shipments, progress.shipments)
    const staff = await dock.ask(`GET /api/v1/orders/${order.id}`)
    assert.equal(staff.data.delivery, undefined)
    const wanted = await dock.ask(`GET /api/v1/orders/${order.id}?include_delivery=true`)
    assert.deepEqual(wanted.data.delivery, byNumber)
    assert.ok(!JSON.stringify(progress).includes(dock.places.EAST as string))
  })
})
