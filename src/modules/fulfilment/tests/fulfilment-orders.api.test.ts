import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, someoneWho } from '#testing'
import { leftOf, openDepot } from './depot.ts'

const SHELVES = { MUG: { EAST: 5, WEST: 5 }, TEA: { WEST: 9 } }

onEveryEngine('fulfilment orders are made', (engine) => {
  it('where the units are held, and say why', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { order, items } = await depot.worked({ MUG: 2, TEA: 3 })
    assert.deepEqual(leftOf(items, depot.places), [
      ['EAST', { MUG: 2 }],
      ['WEST', { TEA: 3 }],
    ])
    assert.deepEqual(await depot.held(order), { EAST: 2, WEST: 3 })
    const [first, second] = items
    assert.deepEqual(first.number, `${order.order_number.slice(4)}-F1`)
    assert.deepEqual([first.routed_by.rule, second.routed_by.rule], ['priority', 'only_location'])
    assert.match(second.routed_by.explanation, /No other location/)
    assert.deepEqual(
      [first.status, first.is_ready, first.order_number, first.version],
      ['open', true, order.order_number, 1],
    )
    assert.deepEqual(await depot.read(second.number), second)
    assert.equal((await depot.ask('GET /api/v1/fulfilment-orders/1-F9')).status, 404)
    assert.deepEqual(await depot.violations(), [])
  })

  it('once, however often they are asked for', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { order, items } = await depot.worked({ MUG: 2, TEA: 3 })
    await depot.ensure(order)
    await depot.relay()
    assert.deepEqual(await depot.work(order), items)
    const names = await depot.events()
    assert.equal(names.filter((name) => name === 'fulfilment_order.created').length, 2)
  })

  it('by themselves after the order was placed, and are ready once it is confirmed', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const order = await depot.place({ MUG: 2 }, null)
    assert.deepEqual(await depot.unrouted(order), [
      { order_line_id: order.items[0].id, sku: 'MUG', quantity: 2 },
    ])
    await depot.relay()
    const [made] = await depot.work(order)
    assert.deepEqual([made.status, made.order_status, made.is_ready], ['open', 'pending', false])
    assert.deepEqual(await depot.unrouted(order), [])
    await depot.made(`PUT /api/v1/orders/${order.id}/status`, { status: 'confirmed' })
    assert.equal((await depot.read(made.id)).is_ready, true)
    await depot.made(`PUT /api/v1/orders/${order.id}/status`, { status: 'on_hold' })
    const held = await depot.read(made.id)
    assert.deepEqual([held.order_status, held.is_ready], ['on_hold', false])
    assert.deepEqual(await depot.violations(), [])
  })

  it('where the rest goes for what no stock is tracked of, and not for downloads', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const gift = { name: 'Card', sku: 'CARD', price: '1.00', inventory_tracking: false }
    await depot.made('POST /api/v1/products', gift)
    const song = { name: 'Song', sku: 'SONG', price: '1.00', is_digital: true }
    await depot.made('POST /api/v1/products', song)
    const { items, order } = await depot.worked({ CARD: 2, SONG: 1, TEA: 1 })
    assert.deepEqual(leftOf(items, depot.places), [['WEST', { CARD: 2, TEA: 1 }]])
    assert.deepEqual(await depot.unrouted(order), [])
    const alone = await depot.worked({ CARD: 1, SONG: 1 })
    assert.deepEqual(leftOf(alone.items, depot.places), [['EAST', { CARD: 1 }]])
    assert.equal(alone.items[0].routed_by.rule, 'default')
    assert.deepEqual((await depot.worked({ SONG: 3 })).items, [])
    assert.deepEqual(await depot.violations(), [])
  })

  it('to wait for backordered units, and open where those come in', async () => {
    await using depot = await openDepot(engine, SHELVES)
    await depot.made('POST /api/v1/inventory', {
      item_number: 'CUP',
      location_id: 'EAST',
      quantity_on_hand: 2,
      backorder_limit: 10,
      lead_time_days: 7,
    })
    await depot.made('POST /api/v1/products', { name: 'Cup', sku: 'CUP', price: '9.00' })
    const { order, items } = await depot.worked({ CUP: 5 })
    assert.deepEqual(leftOf(items, depot.places), [
      ['EAST', { CUP: 2 }],
      ['none', { CUP: 3 }],
    ])
    const [, waiting] = items
    assert.deepEqual([waiting.status, waiting.routed_by.rule], ['waiting', 'backorder'])
    assert.ok(waiting.promised_at > waiting.created_at)
    assert.equal((await depot.post(waiting.id, 'move', { location_id: 'WEST' })).status, 409)
    const came = { item_number: 'CUP', location_id: 'WEST', quantity_delta: 3, reason: 'received' }
    await depot.made('POST /api/v1/inventory/bulk-adjust', { adjustments: [came] })
    await depot.relay()
    const after = await depot.work(order)
    assert.deepEqual(leftOf(after, depot.places), [
      ['EAST', { CUP: 2 }],
      ['WEST', { CUP: 3 }],
    ])
    assert.deepEqual(
      [after[1].id, after[1].status, after[1].promised_at],
      [waiting.id, 'open', null],
    )
    assert.deepEqual(await depot.violations(), [])
  })
})

onEveryEngine('fulfilment orders follow their order', (engine) => {
  it('when units of it are shipped: the last one closes them', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { order, items } = await depot.worked({ MUG: 3, TEA: 2 })
    const [east, west] = items
    await depot.ship(east.id, { MUG: 2 })
    assert.deepEqual(leftOf(await depot.work(order), depot.places), [
      ['EAST', { MUG: 1 }],
      ['WEST', { TEA: 2 }],
    ])
    assert.equal((await depot.read(east.id)).status, 'in_progress')
    await assert.rejects(depot.ship(east.id, { MUG: 2 }), /Only 1 units of MUG/)
    await depot.ship(east.id, { MUG: 1 })
    await depot.ship(west.id, { TEA: 2 })
    const done = await depot.work(order)
    assert.deepEqual(
      done.map(({ status }: any) => status),
      ['closed', 'closed'],
    )
    await assert.rejects(depot.ship(west.id, { TEA: 1 }), /Cannot close/)
    assert.equal((await depot.ask(`GET /api/v1/orders/${order.id}`)).data.status, 'shipped')
    assert.deepEqual(await depot.violations(), [])
  })

  it('when it is shipped by its status: all work has left', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { order } = await depot.worked({ MUG: 3, TEA: 2 })
    await depot.made(`PUT /api/v1/orders/${order.id}/status`, { status: 'shipped' })
    const done = await depot.work(order)
    assert.deepEqual(
      done.map(({ status, items }: any) => [status, items[0].shipped_quantity]),
      [
        ['closed', 3],
        ['closed', 2],
      ],
    )
    assert.deepEqual(await depot.violations(), [])
  })

  it('when it is shipped before it was routed: nothing is left to do', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const order = await depot.place({ MUG: 3 })
    await depot.made(`PUT /api/v1/orders/${order.id}/status`, { status: 'shipped' })
    await depot.relay()
    assert.deepEqual(await depot.work(order), [])
    assert.deepEqual(await depot.violations(), [])
  })

  it('when a shipment is called back: it is in work again where its units are held', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { order, items } = await depot.worked({ TEA: 3 })
    await depot.ship(items[0].id, { TEA: 3 })
    await depot.unship(items[0].id, { TEA: 2 })
    const [again] = await depot.work(order)
    assert.deepEqual([again.status, again.items[0].picked_quantity], ['in_progress', 3])
    assert.deepEqual(leftOf([again], depot.places), [['WEST', { TEA: 2 }]])
    await depot.ship(items[0].id, { TEA: 2 })
    assert.equal((await depot.read(items[0].id)).status, 'closed')

    // Held somewhere else: there is the work, and what was picked here is to be put back.
    const other = await depot.worked({ MUG: 5 })
    await depot.ship(other.items[0].id, { MUG: 5 })
    const first = { item_number: 'MUG', location_id: 'WEST', quantity_delta: 5, reason: 'x' }
    await depot.made('POST /api/v1/inventory/bulk-adjust', { adjustments: [first] })
    await depot.made('PUT /api/v1/locations/WEST', { priority: 0 })
    await depot.unship(other.items[0].id, { MUG: 2 }, false)
    assert.deepEqual(leftOf(await depot.work(other.order), depot.places), [['WEST', { MUG: 2 }]])
    assert.ok((await depot.events()).includes('fulfilment_order.put_back'))
    assert.deepEqual(await depot.violations(), [])
  })

  it('when it is cancelled or deleted: the work is too', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { order } = await depot.worked({ MUG: 3, TEA: 1 })
    await depot.made(`POST /api/v1/orders/${order.id}/cancel`, { reason: 'too late' })
    const ended = await depot.work(order)
    assert.deepEqual(
      ended.map(({ status, items }: any) => [
        status,
        items[0].quantity,
        items[0].withdrawn_quantity,
      ]),
      [
        ['cancelled', 0, 3],
        ['cancelled', 0, 1],
      ],
    )
    const pending = await depot.worked({ MUG: 3 }, null)
    const gone = await depot.ask(`DELETE /api/v1/orders/${pending.order.id}`)
    assert.equal(gone.status, 204)
    assert.equal((await depot.read(pending.items[0].id)).status, 'cancelled')
    assert.deepEqual(await depot.violations(), [])
  })

  it('when an unpaid line is lowered or added', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { order } = await depot.worked({ MUG: 4 }, null)
    const [line] = order.items
    const lowered = await depot.ask(`PUT /api/v1/orders/${order.id}/items/${line.id}`, {
      quantity: 1,
    })
    assert.equal(lowered.status, 200, JSON.stringify(lowered.body))
    assert.deepEqual(leftOf(await depot.work(order), depot.places), [['EAST', { MUG: 1 }]])
    await depot.made(`POST /api/v1/orders/${order.id}/items`, { sku: 'TEA', quantity: 2 })
    assert.deepEqual(leftOf(await depot.work(order), depot.places), [
      ['EAST', { MUG: 1 }],
      ['WEST', { TEA: 2 }],
    ])
    assert.deepEqual(await depot.violations(), [])
  })
})

onEveryEngine('fulfilment orders are told', (engine) => {
  it('in lists by location, state, order, SKU, hold, readiness and time, with a cursor', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const one = await depot.worked({ MUG: 1 })
    const two = await depot.worked({ MUG: 1, TEA: 1 }, null)
    const list = async (query: string) => {
      const { data, status } = await depot.ask(`GET /api/v1/fulfilment-orders?${query}`)
      assert.equal(status, 200)
      return data.items.map(({ number }: any) => number)
    }
    const [a] = one.items.map(({ number }: any) => number)
    const [b, c] = two.items.map(({ number }: any) => number)
    assert.deepEqual(await list(''), [c, b, a])
    assert.deepEqual(await list('location_id=WEST'), [c])
    assert.deepEqual(await list('location_id=EAST&status=live'), [b, a])
    assert.deepEqual(await list('status=closed'), [])
    assert.deepEqual(await list(`order_id=${two.order.order_number}`), [c, b])
    assert.deepEqual(await list('sku=tea'), [c])
    assert.deepEqual(await list('is_ready=true'), [a])
    assert.deepEqual(await list('is_ready=false'), [c, b])
    await depot.post(b, 'hold', { reason: 'address' })
    assert.deepEqual(await list('on_hold=true'), [b])
    assert.deepEqual(await list('hold_reason=address'), [b])
    assert.deepEqual(await list('hold_reason=stock'), [])
    const due = (id: string, due_at: string) =>
      depot.ask(`PATCH /api/v1/fulfilment-orders/${id}`, { due_at })
    await due(a, '2030-01-02T00:00:00Z')
    await due(c, '2020-01-01T00:00:00Z')
    assert.deepEqual(await list('sort_by=due_at'), [c, a])
    assert.deepEqual(await list('due_before=2025-01-01T00:00:00Z'), [c])
    const first = await depot.ask('GET /api/v1/fulfilment-orders?limit=2')
    assert.equal(first.data.total, 3)
    const { next_cursor } = first.data
    const rest = await depot.ask(`GET /api/v1/fulfilment-orders?limit=2&cursor=${next_cursor}`)
    assert.deepEqual(
      [...first.data.items, ...rest.data.items].map(({ number }: any) => number),
      [c, b, a],
    )
    const due1 = await depot.ask('GET /api/v1/fulfilment-orders?limit=1&sort_by=due_at')
    const due2 = await depot.ask(
      `GET /api/v1/fulfilment-orders?limit=1&sort_by=due_at&cursor=${due1.data.next_cursor}`,
    )
    assert.deepEqual([due1.data.items[0].number, due2.data.items[0].number], [c, a])

    const { data: board } = await depot.ask('GET /api/v1/fulfilment-orders/board')
    const none = { waiting: 0, scheduled: 0, in_progress: 0 }
    assert.deepEqual(
      board.locations.map(({ location_id: _, ...counts }: any) => counts),
      [
        { ...none, open: 2, on_hold: 1, overdue: 0 },
        { ...none, open: 1, on_hold: 0, overdue: 1 },
      ],
    )
    const west = await depot.ask('GET /api/v1/fulfilment-orders/board?location_id=WEST')
    assert.equal(west.data.locations.length, 1)
  })

  it('to whoever may read them only', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { items } = await depot.worked({ MUG: 1 })
    const as = someoneWho('orders:*')
    assert.equal((await depot.ask('GET /api/v1/fulfilment-orders', undefined, { as })).status, 403)
    const reader = { as: someoneWho('fulfilment:read') }
    const read = `GET /api/v1/fulfilment-orders/${items[0].id}`
    assert.equal((await depot.ask(read, undefined, reader)).status, 200)
    const hold = `POST /api/v1/fulfilment-orders/${items[0].id}/hold`
    assert.equal((await depot.ask(hold, { reason: 'address' }, reader)).status, 403)
  })
})
