import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Id } from '#kit/ids'
import type { Actor } from '#platform/context'
import { onEveryEngine, someoneWho } from '#testing'
import { openDepot } from './depot.ts'

const buyer = (customer_id: string): Actor => ({
  ...someoneWho('orders:read'),
  id: `customer:${customer_id}`,
  customer_id: customer_id as Id<'customer'>,
  own_only: true,
})

onEveryEngine('how far an order is', (engine) => {
  it('is told to its buyer: what waits until when, what is here, what was sent', async () => {
    await using depot = await openDepot(engine, { MUG: { EAST: 5 } })
    await depot.made('POST /api/v1/inventory', {
      item_number: 'CUP',
      location_id: 'EAST',
      quantity_on_hand: 2,
      backorder_limit: 10,
      lead_time_days: 7,
    })
    await depot.made('POST /api/v1/products', { name: 'Cup', sku: 'CUP', price: '9.00' })
    const { order, items } = await depot.worked({ CUP: 5, MUG: 2 })
    const here = items.find(({ status }: any) => status === 'open')
    const waiting = items.find(({ status }: any) => status === 'waiting')
    await depot.ship(here.id, { MUG: 1 })
    await depot.relay()

    const as = buyer(depot.customer_id)
    const { status, data } = await depot.ask(
      `GET /api/v1/orders/${order.order_number}/progress`,
      undefined,
      { as },
    )
    assert.equal(status, 200)
    assert.deepEqual(
      [data.order_id, data.fulfillment_status, data.promised_at],
      [order.id, 'partially_fulfilled', waiting.promised_at],
    )
    assert.deepEqual(
      data.items.map((line: any) => [
        line.sku,
        line.quantity,
        line.waiting_quantity,
        line.preparing_quantity,
        line.sent_quantity,
        line.promised_at,
      ]),
      [
        ['CUP', 5, 3, 2, 0, waiting.promised_at],
        ['MUG', 2, 0, 1, 1, null],
      ],
    )
    // Where it lies, who packs it and what they noted is nobody's business.
    assert.ok(!JSON.stringify(data).includes(depot.places.EAST as string))
  })

  it('is nobody else’s to know', async () => {
    await using depot = await openDepot(engine, { MUG: { EAST: 5 } })
    const order = await depot.place({ MUG: 1 })
    const route = `GET /api/v1/orders/${order.id}/progress`
    const other = { email: 'bo@example.com', first_name: 'Bo', last_name: 'Lee' }
    const { id } = await depot.made('POST /api/v1/customers', other)
    assert.equal((await depot.ask(route, undefined, { as: buyer(id) })).status, 404)
    assert.equal((await depot.ask(route, undefined, { as: 'nobody' })).status, 401)
  })

  it('begins with the first pick: a confirmed order is put to work, a held one is not', async () => {
    await using depot = await openDepot(engine, { MUG: { EAST: 9 } })
    const status = async (order: { id: string }) =>
      (await depot.ask(`GET /api/v1/orders/${order.id}`)).data.status
    const pick = async ({ order, items }: Awaited<ReturnType<typeof depot.worked>>) => {
      const units = [{ order_line_id: order.items[0].id, quantity: 1 }]
      const { status: answer } = await depot.post(items[0].id, 'pick', { items: units })
      assert.equal(answer, 200)
      return order
    }
    const begun = await pick(await depot.worked({ MUG: 2 }))
    await depot.relay()
    assert.equal(await status(begun), 'processing')

    const held = await pick(await depot.worked({ MUG: 2 }))
    await depot.made(`PUT /api/v1/orders/${held.id}/status`, { status: 'on_hold' })
    await depot.relay()
    assert.equal(await status(held), 'on_hold')
    assert.deepEqual(await depot.violations(), [])
  })
})
