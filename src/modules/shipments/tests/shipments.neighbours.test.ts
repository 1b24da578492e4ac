import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { lineOf, openDock } from './dock.ts'

onEveryEngine('shipments and what stands around them', (engine) => {
  it('ship many orders in bulk, with a result for each', async () => {
    await using dock = await openDock(engine, { MUG: { EAST: 8, WEST: 8 } }, { background: true })
    const orders = [await dock.place({ MUG: 10 }), await dock.place({ MUG: 2 })]
    const cancelled = await dock.place({ MUG: 1 })
    await dock.made(`POST /api/v1/orders/${cancelled.id}/cancel`, {})
    // One of them was begun by hand.
    const [two] = orders.slice(1)
    const begun = await dock.create(two)

    const order_ids = [...orders, cancelled].map(({ id }) => id)
    const started = await dock.made('POST /api/v1/orders/bulk', { action: 'ship', order_ids })
    let bulk = started
    for (let tries = 0; tries < 400 && bulk.status !== 'done'; tries++) {
      await new Promise((next) => setTimeout(next, 25))
      bulk = await dock.made(`GET /api/v1/orders/bulk/${started.id}`)
    }

    assert.deepEqual([bulk.rows_ok, bulk.rows_failed], [2, 1])
    for (const { id } of orders) assert.equal(await dock.standing(id), 'shipped fulfilled')
    const list = (id: string) => dock.made(`GET /api/v1/shipments?order_id=${id}`)
    assert.equal((await list(orders[0].id)).total, 2)
    assert.deepEqual(
      (await list(two.id)).items.map((one: any) => one.id),
      [begun.id],
    )
    const stock = Object.values(await dock.stock('MUG')) as number[][]
    assert.equal(
      stock.reduce((sum, [on_hand = 0, reserved = 0]) => sum + on_hand + reserved, 0),
      4,
    )
    assert.deepEqual(await dock.violations(), [])
  })

  it('become the cartons that were packed', async () => {
    await using dock = await openDock(engine)
    const order = await dock.place({ MUG: 2 })
    await dock.made(`POST /api/v1/orders/${order.id}/route`, {})
    await dock.made(`POST /api/v1/orders/${order.id}/pick`, {})
    const { cartons } = await dock.made(`POST /api/v1/orders/${order.id}/pack`, {})
    const shipment = await dock.create(order)
    assert.deepEqual(
      shipment.parcels.map((one: any) => [one.carton_id, one.weight_grams]),
      cartons.map((one: any) => [one.id, one.weight_grams]),
    )
    await dock.made(`POST /api/v1/shipments/${shipment.id}/ship`, {})
    assert.deepEqual(await dock.violations(), [])
  })

  it('follow the order down: fewer units are wanted, fewer are planned', async () => {
    await using dock = await openDock(engine)
    const order = await dock.place({ MUG: 5 })
    const line = lineOf(order, 'MUG')
    const part = { items: [{ order_item_id: line, quantity: 2 }] }
    const [first, second] = [await dock.create(order, part), await dock.create(order)]
    const units = { items: [{ item_id: line, quantity: 4 }], reason: 'too many' }
    await dock.made(`POST /api/v1/orders/${order.id}/cancel-items`, units)
    assert.equal((await dock.shipment(second.id)).status, 'Cancelled')
    assert.equal((await dock.shipment(first.id)).items[0].quantity, 1)
    await dock.made(`POST /api/v1/shipments/${first.id}/ship`, {})
    assert.equal(await dock.standing(order.id), 'shipped fulfilled')
    assert.deepEqual(await dock.stock('MUG'), { EAST: [99, 0] })
    assert.deepEqual(await dock.violations(), [])
  })

  it('forget who a buyer was, and keep the books', async () => {
    await using dock = await openDock(engine)
    const { id } = await dock.create(await dock.place({ MUG: 1 }), { notes: 'Ring at Ada’s.' })
    const { labels } = await dock.made(`POST /api/v1/shipments/${id}/label`, {})
    await dock.made(`POST /api/v1/shipments/${id}/ship`, {})
    const proof = { signed_by: 'Ada Brook', proof_urls: ['https://p.example/ada.jpg'] }
    await dock.made(`POST /api/v1/shipments/${id}/deliver`, proof)
    const told = await dock.made(`GET /api/v1/customers/${dock.customer_id}/export`)
    assert.match(JSON.stringify(told), /"signed_by":"Ada Brook"/)

    await dock.made(`POST /api/v1/customers/${dock.customer_id}/erase`, {})

    const after = await dock.shipment(id)
    assert.deepEqual(
      [after.recipient_name, after.shipping_address, after.signed_by, after.notes, after.status],
      ['Erased', 'US', null, null, 'Delivered'],
    )
    const paper = await dock.made(`GET /api/v1/labels/${labels[0].id}/paper`)
    assert.equal(paper.content, '')
    const kept = JSON.stringify([
      await dock.rows('select * from shipments'),
      await dock.rows('select * from tracking_events'),
      await dock.rows('select * from labels'),
    ])
    assert.doesNotMatch(kept, /Ada|Harbour|04101/)
    assert.deepEqual(await dock.violations(), [])
  })

  it('take lots and serial numbers along, and bring the same ones back', async () => {
    await using dock = await openDock(engine, { MUG: { EAST: 10 }, SAW: {} })
    const tracking = { tracking: 'serial' }
    const kept = await dock.ask('PUT /api/v1/inventory/SAW/tracking', tracking)
    assert.ok(kept.status < 300, JSON.stringify(kept.body))
    const came = await dock.ask('POST /api/v1/warehouse/receipts', {
      location_id: 'EAST',
      lines: [{ item_id: 'SAW', quantity: 3, serial_numbers: ['S1', 'S2', 'S3'] }],
    })
    assert.ok(came.status < 300, JSON.stringify(came.body))
    const order = await dock.place({ SAW: 2 })
    const { id } = await dock.create(order)
    const shipped = await dock.made(`POST /api/v1/shipments/${id}/ship`, {})
    const serials = shipped.items[0].lots.flatMap((lot: any) => lot.serial_numbers)
    assert.equal(new Set(serials).size, 2)
    await dock.made(`POST /api/v1/shipments/${id}/cancel`, {})
    assert.deepEqual(await dock.violations(), [])
    const again = await dock.create(order)
    const other = ['S1', 'S2', 'S3'].find((serial) => !serials.includes(serial)) as string
    const items = [
      {
        order_item_id: lineOf(order, 'SAW'),
        lots: [{ quantity: 2, serial_numbers: [other, serials[0]] }],
      },
    ]
    const named = await dock.made(`POST /api/v1/shipments/${again.id}/ship`, { items })
    assert.deepEqual(named.items[0].lots[0].serial_numbers, [other, serials[0]])
    const delivered = await dock.post(again.id, 'deliver')
    assert.equal(delivered.data.status, 'Delivered')
    assert.deepEqual(await dock.violations(), [])
  })
})
