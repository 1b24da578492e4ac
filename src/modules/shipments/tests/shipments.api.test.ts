import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, someoneWho } from '#testing'
import { lineOf, openDock } from './dock.ts'

onEveryEngine('shipments', (engine) => {
  it('are made as published, ship, and take order and stock along', async () => {
    await using dock = await openDock(engine)
    const order = await dock.place({ MUG: 3 })

    const made = await dock.ask('POST /api/v1/shipments', {
      order_id: order.id,
      shipping_address: '12 Harbour Street, Portland',
      shipping_method: 'two-day',
      tracking_number: '1Z 999 AA1',
      recipient_name: 'Ada Brook',
    })

    assert.equal(made.status, 201)
    assert.equal(made.data.number, `${order.order_number.replace('ORD-', '')}-S1`)
    assert.equal(made.data.status, 'Ready to Ship')
    assert.equal(made.data.shipping_method, 'Two-Day')
    assert.equal(made.data.shipping_address, '12 Harbour Street, Portland')
    assert.equal(made.data.tracking_number, '1Z 999 AA1')
    assert.equal(made.data.items[0].quantity, 3)
    assert.equal(made.data.parcels[0].weight_grams, 750)
    assert.deepEqual(await dock.stock('MUG'), { EAST: [100, 3] })

    const shipped = await dock.post(made.data.id, 'ship', {})
    assert.equal(shipped.status, 200, JSON.stringify(shipped.body))
    assert.equal(shipped.data.status, 'Shipped')
    assert.ok(shipped.data.shipped_at)
    assert.deepEqual(await dock.stock('MUG'), { EAST: [97, 0] })
    assert.equal(await dock.standing(order.id), 'shipped fulfilled')

    const delivered = await dock.post(made.data.id, 'deliver', { signed_by: 'A. Brook' })
    assert.equal(delivered.data.status, 'Delivered')
    assert.equal(delivered.data.signed_by, 'A. Brook')
    assert.equal(await dock.standing(order.id), 'delivered fulfilled')
    assert.deepEqual(await dock.violations(), [])
    const recorded = (await dock.events()).filter((name) => name.startsWith('shipment.'))
    assert.deepEqual(recorded, [
      'shipment.created',
      'shipment.shipped',
      'shipment.status_changed',
      'shipment.progressed',
      'shipment.delivered',
    ])
  })

  it('may be partial: the order ships with its last unit and arrives with its last shipment', async () => {
    await using dock = await openDock(engine, { MUG: { EAST: 10 }, CUP: { EAST: 10 } })
    const order = await dock.place({ MUG: 3, CUP: 2 })
    const items = [{ order_item_id: lineOf(order, 'MUG'), quantity: 2 }]
    const first = await dock.create(order, { items })
    const second = await dock.create(order)
    assert.deepEqual(
      second.items.map(({ sku, quantity }: any) => [sku, quantity]),
      [
        ['MUG', 1],
        ['CUP', 2],
      ],
    )
    const none = await dock.ask('POST /api/v1/shipments', { order_id: order.id })
    assert.deepEqual([none.status, none.error.code], [409, 'SHIPMENT_NOTHING_OPEN'])
    const more = await dock.ask('POST /api/v1/shipments', { order_id: order.id, items })
    assert.equal(more.error.code, 'SHIPMENT_NOTHING_OPEN')

    await dock.made(`POST /api/v1/shipments/${first.id}/ship`, {})
    assert.equal(await dock.standing(order.id), 'processing partially_fulfilled')
    assert.deepEqual(await dock.stock('MUG'), { EAST: [8, 1] })
    await dock.made(`POST /api/v1/shipments/${first.id}/deliver`, {})
    assert.equal(await dock.standing(order.id), 'processing partially_fulfilled')
    await dock.made(`POST /api/v1/shipments/${second.id}/ship`, {})
    assert.equal(await dock.standing(order.id), 'shipped fulfilled')
    await dock.made(`POST /api/v1/shipments/${second.id}/deliver`, {})
    assert.equal(await dock.standing(order.id), 'delivered fulfilled')
    assert.deepEqual(await dock.violations(), [])
  })

  it('leave from one location each', async () => {
    await using dock = await openDock(engine, { MUG: { EAST: 2 }, CUP: { WEST: 2 } })
    const order = await dock.place({ MUG: 2, CUP: 1 })
    const both = [lineOf(order, 'MUG'), lineOf(order, 'CUP')].map((order_item_id) => ({
      order_item_id,
      quantity: 1,
    }))
    const refused = await dock.ask('POST /api/v1/shipments', { order_id: order.id, items: both })
    assert.deepEqual([refused.status, refused.error.code], [422, 'SHIPMENT_SEVERAL_LOCATIONS'])
    const east = await dock.create(order)
    const west = await dock.create(order)
    assert.deepEqual([east.location_id, west.location_id], [dock.places.EAST, dock.places.WEST])
    for (const { id } of [west, east]) await dock.made(`POST /api/v1/shipments/${id}/ship`, {})
    assert.deepEqual(await dock.stock('CUP'), { WEST: [1, 0] })
    assert.equal(await dock.standing(order.id), 'shipped fulfilled')
    assert.deepEqual(await dock.violations(), [])
  })

  it('refuse more units than wait, lines of others, and orders that are over', async () => {
    await using dock = await openDock(engine)
    const [order, other] = [await dock.place({ MUG: 3 }), await dock.place({ MUG: 1 })]
    const ask = (order_item_id: string, quantity: number) =>
      dock.ask('POST /api/v1/shipments', {
        order_id: order.id,
        items: [{ order_item_id, quantity }],
      })
    const many = await ask(lineOf(order, 'MUG'), 4)
    assert.deepEqual([many.status, many.error.code], [422, 'SHIPMENT_TOO_MANY_UNITS'])
    assert.equal(many.error.details.open, 3)
    assert.equal((await ask(lineOf(other, 'MUG'), 1)).status, 422)
    await dock.made(`POST /api/v1/orders/${order.id}/cancel`, {})
    const over = await dock.ask('POST /api/v1/shipments', { order_id: order.id })
    assert.deepEqual([over.status, over.error.code], [409, 'SHIPMENT_ORDER_CLOSED'])
    const method = { order_id: other.id, shipping_method: 'by balloon' }
    const wrong = await dock.ask('POST /api/v1/shipments', method)
    assert.deepEqual([wrong.status, wrong.error.code], [400, 'VALIDATION_FAILED'])
    assert.deepEqual(await dock.violations(), [])
  })

  it('refuse moves that are not open with those that are', async () => {
    await using dock = await openDock(engine)
    const order = await dock.place({ MUG: 1 })
    const { id } = await dock.create(order)
    const early = await dock.post(id, 'deliver')
    assert.equal(early.status, 409)
    assert.deepEqual(early.error.details.open_moves, [
      'process',
      'make_ready',
      'hold',
      'ship',
      'cancel',
    ])
    await dock.made(`POST /api/v1/shipments/${id}/ship`, {})
    const twice = await dock.post(id, 'ship')
    assert.deepEqual([twice.status, twice.error.code], [409, 'SHIPMENT_CANNOT_SHIP'])
    assert.deepEqual(await dock.stock('MUG'), { EAST: [99, 0] })
    assert.deepEqual(await dock.violations(), [])
  })

  it('are cancelled before they leave: their units wait again', async () => {
    await using dock = await openDock(engine)
    const order = await dock.place({ MUG: 2 })
    const first = await dock.create(order)
    const cancelled = await dock.post(first.id, 'cancel', { reason: 'wrong box' })
    assert.deepEqual(
      [cancelled.data.status, cancelled.data.status_reason],
      ['Cancelled', 'wrong box'],
    )
    assert.equal((await dock.post(first.id, 'cancel')).status, 200)
    const second = await dock.create(order)
    assert.equal(second.items[0].quantity, 2)
    assert.deepEqual(await dock.stock('MUG'), { EAST: [100, 2] })
    assert.deepEqual(await dock.violations(), [])
  })

  it('are cancelled after they left the shelves: all is as before', async () => {
    await using dock = await openDock(engine)
    const order = await dock.place({ MUG: 2 })
    const { id } = await dock.create(order)
    await dock.made(`POST /api/v1/shipments/${id}/ship`, {})
    assert.equal(await dock.standing(order.id), 'shipped fulfilled')

    const cancelled = await dock.post(id, 'cancel', { reason: 'the van broke down' })

    assert.equal(cancelled.data.status, 'Cancelled')
    assert.deepEqual(await dock.stock('MUG'), { EAST: [100, 2] })
    assert.equal(await dock.standing(order.id), 'processing unfulfilled')
    const again = await dock.create(order)
    await dock.made(`POST /api/v1/shipments/${again.id}/ship`, {})
    assert.deepEqual(await dock.stock('MUG'), { EAST: [98, 0] })
    assert.equal(await dock.standing(order.id), 'shipped fulfilled')
    assert.deepEqual(await dock.violations(), [])
  })

  it('are not cancelled once their carrier has them', async () => {
    await using dock = await openDock(engine)
    const order = await dock.place({ MUG: 2 })
    const { id } = await dock.create(order)
    await dock.made(`POST /api/v1/shipments/${id}/ship`, {})
    await dock.made(`POST /api/v1/shipments/${id}/tracking`, { status: 'accepted' })
    const refused = await dock.post(id, 'cancel')
    assert.deepEqual([refused.status, refused.error.code], [409, 'SHIPMENT_HANDED_OVER'])
    assert.deepEqual(await dock.violations(), [])
  })

  it('are held and go on', async () => {
    await using dock = await openDock(engine)
    const order = await dock.place({ MUG: 1 })
    const { id } = await dock.create(order, { tracking_number: 'A1' })
    assert.equal((await dock.post(id, 'hold', { reason: 'address' })).data.status, 'On Hold')
    assert.equal((await dock.post(id, 'ship')).error.code, 'SHIPMENT_CANNOT_SHIP')
    assert.equal((await dock.post(id, 'release')).data.status, 'Ready to Ship')
    assert.deepEqual(await dock.violations(), [])
  })

  it('follow their order: what is cancelled is not shipped', async () => {
    await using dock = await openDock(engine, { MUG: { EAST: 10 }, CUP: { EAST: 10 } })
    const order = await dock.place({ MUG: 3, CUP: 1 })
    const { id } = await dock.create(order)
    await dock.made(`POST /api/v1/orders/${order.id}/cancel`, { reason: 'changed my mind' })
    assert.equal((await dock.shipment(id)).status, 'Cancelled')
    assert.deepEqual(await dock.stock('MUG'), { EAST: [10, 0] })
    const shipped = await dock.place({ MUG: 1 })
    const planned = await dock.create(shipped)
    await dock.made(`PUT /api/v1/orders/${shipped.id}/status`, { status: 'shipped' })
    assert.equal((await dock.shipment(planned.id)).status, 'Cancelled')
    assert.deepEqual(await dock.stock('MUG'), { EAST: [9, 0] })
    assert.deepEqual(await dock.violations(), [])
  })

  it('come back undelivered into a state, and go out again', async () => {
    await using dock = await openDock(engine)
    const order = await dock.place({ MUG: 2 })
    const { id } = await dock.create(order)
    await dock.made(`POST /api/v1/shipments/${id}/ship`, {})
    const told = { status: 'exception', description: 'Nobody lives there' }
    const failed = await dock.made(`POST /api/v1/shipments/${id}/tracking`, told)
    assert.deepEqual([failed.status, failed.exception], ['Failed', 'Nobody lives there'])

    const item = { order_item_id: lineOf(order, 'MUG'), quantity: 1 }
    const damaged = { items: [item], state: 'damaged', outcome: 'resend' }
    const part = await dock.post(id, 'return-to-stock', damaged)
    assert.equal(part.status, 200, JSON.stringify(part.body))
    assert.deepEqual([part.data.status, part.data.returned_at], ['Returned', null])
    assert.equal(part.data.items[0].returned_quantity, 1)
    assert.deepEqual(await dock.stock('MUG'), { EAST: [98, 1] })
    const states = await dock.rows<any>('select state, quantity from stock_states')
    assert.deepEqual(
      states.map(({ state, quantity }) => [state, Number(quantity)]),
      [['damaged', 1]],
    )
    assert.equal(await dock.standing(order.id), 'processing partially_fulfilled')

    const rest = await dock.post(id, 'return-to-stock', {})
    assert.ok(rest.data.returned_at)
    assert.deepEqual(await dock.stock('MUG'), { EAST: [99, 2] })
    assert.equal(await dock.standing(order.id), 'processing unfulfilled')
    const none = await dock.post(id, 'return-to-stock', {})
    assert.deepEqual([none.status, none.error.code], [422, 'SHIPMENT_NOTHING_TO_RETURN'])
    const again = await dock.create(order)
    assert.equal(again.items[0].quantity, 2)
    await dock.made(`POST /api/v1/shipments/${again.id}/ship`, {})
    await dock.made(`POST /api/v1/shipments/${again.id}/deliver`, {})
    assert.equal(await dock.standing(order.id), 'delivered fulfilled')
    assert.deepEqual(await dock.violations(), [])
  })

  it('come back for good: the units count as returned, the order has arrived without them', async () => {
    await using dock = await openDock(engine, { MUG: { EAST: 5 }, CUP: { WEST: 5 } })
    const order = await dock.place({ MUG: 1, CUP: 1 })
    const [one, other] = [await dock.create(order), await dock.create(order)]
    for (const { id } of [one, other]) await dock.made(`POST /api/v1/shipments/${id}/ship`, {})
    await dock.made(`POST /api/v1/shipments/${one.id}/deliver`, {})
    const back = { state: 'quarantine', outcome: 'return', reason: 'refused at the door' }
    const returned = await dock.post(other.id, 'return-to-stock', back)
    assert.equal(returned.status, 200, JSON.stringify(returned.body))
    const { status, return_status } = await dock.order(order.id)
    assert.deepEqual([status, return_status], ['delivered', 'partially_returned'])
    assert.deepEqual(await dock.violations(), [])
  })

  it('show each customer their own', async () => {
    await using dock = await openDock(engine)
    const { id } = await dock.create(await dock.place({ MUG: 1 }), { tracking_number: 'OWN-1' })
    const ada = { ...someoneWho('shipments:read'), own_only: true, customer_id: dock.customer_id }
    const eve = { ...ada, id: 'user:eve', customer_id: '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10' }
    const as = (actor: object) => ({ as: actor as never })
    assert.equal((await dock.ask('GET /api/v1/shipments', undefined, as(ada))).data.total, 1)
    assert.equal((await dock.ask('GET /api/v1/shipments', undefined, as(eve))).data.total, 0)
    for (const path of [`${id}`, `${id}/track`, 'track/own-1']) {
      const own = await dock.ask(`GET /api/v1/shipments/${path}`, undefined, as(ada))
      assert.equal(own.status, 200, path)
      const foreign = await dock.ask(`GET /api/v1/shipments/${path}`, undefined, as(eve))
      assert.equal(foreign.status, 404, path)
    }
    // What labels cost is nobody's business but the shop's.
    const costs = await dock.ask(`GET /api/v1/shipments/${id}/labels`, undefined, as(ada))
    assert.equal(costs.status, 403)
  })

  it('are listed by status in any published spelling', async () => {
    await using dock = await openDock(engine)
    const orders = [await dock.place({ MUG: 1 }), await dock.place({ MUG: 1 })]
    const { id } = await dock.create(orders[0])
    await dock.create(orders[1], { tracking_number: 'B2' })
    await dock.made(`POST /api/v1/shipments/${id}/ship`, {})
    await dock.made(`POST /api/v1/shipments/${id}/tracking`, { status: 'In Transit' })
    for (const status of ['InTransit', 'In%20Transit', 'in_transit']) {
      const { data } = await dock.ask(`GET /api/v1/shipments?status=${status}`)
      assert.deepEqual(
        data.items.map((one: any) => one.id),
        [id],
      )
    }
    assert.equal((await dock.ask('GET /api/v1/shipments?status=Lost')).status, 400)
    const page = await dock.ask('GET /api/v1/shipments?limit=1')
    const next = await dock.ask(`GET /api/v1/shipments?limit=1&cursor=${page.data.next_cursor}`)
    assert.equal(next.data.items[0].id, id)
    assert.equal(next.data.next_cursor, null)
  })

  it('take what published clients send: status, tracking and facts by PUT', async () => {
    await using dock = await openDock(engine)
    const order = await dock.place({ MUG: 1 })
    const { id } = await dock.made('POST /api/v1/shipments', {
      order_id: order.order_number,
      carrier: 'FedEx',
      service_level: 'GROUND',
      items: [{ order_item_id: lineOf(order, 'MUG'), quantity: 1 }],
      cost: 12.5,
    })
    const put = (verb: string, body: object) =>
      dock.made(`PUT /api/v1/shipments/${id}${verb}`, body)
    assert.equal((await put('', { notes: 'Ring twice.' })).notes, 'Ring twice.')
    const tracked = await put('/tracking', { tracking_number: '7712', carrier: 'dhl express' })
    assert.deepEqual([tracked.carrier, tracked.status], ['DHL', 'Ready to Ship'])
    assert.equal((await put('/status', { status: 'shipped' })).status, 'Shipped')
    assert.equal((await put('/status', { status: 'OutForDelivery' })).status, 'Out for Delivery')
    const fixed = await dock.ask(`PUT /api/v1/shipments/${id}`, { recipient_name: 'Eve' })
    assert.deepEqual([fixed.status, fixed.error.code], [409, 'SHIPMENT_ALREADY_SHIPPED'])
    assert.equal((await put('/status', { status: 'delivered' })).status, 'Delivered')
    assert.equal(await dock.standing(order.id), 'delivered fulfilled')
    assert.deepEqual(await dock.violations(), [])
  })

  it('hold as many parcels as they need, each followed by itself', async () => {
    await using dock = await openDock(engine)
    const order = await dock.place({ MUG: 4 })
    const { id, parcels } = await dock.create(order, {
      parcels: [
        { weight_grams: 600, tracking_number: 'P1' },
        { weight_grams: 500, length_mm: 300, width_mm: 200, height_mm: 100, tracking_number: 'P2' },
      ],
    })
    await dock.made(`POST /api/v1/shipments/${id}/ship`, {})
    const tell = (parcel_id: string, status: string) =>
      dock.made(`POST /api/v1/shipments/${id}/tracking`, { parcel_id, status })
    assert.equal((await tell(parcels[0].id, 'delivered')).status, 'In Transit')
    assert.equal(await dock.standing(order.id), 'shipped fulfilled')
    assert.equal((await tell(parcels[1].id, 'exception')).status, 'Failed')
    assert.equal((await tell(parcels[1].id, 'delivered')).status, 'Delivered')
    assert.equal(await dock.standing(order.id), 'delivered fulfilled')
    const { data } = await dock.ask('GET /api/v1/shipments/track/p2')
    assert.deepEqual([data.shipment_id, data.events.length], [id, 3])
    assert.deepEqual(await dock.violations(), [])
  })
})
