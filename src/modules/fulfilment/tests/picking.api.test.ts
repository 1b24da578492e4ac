import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { type Depot, leftOf, openDepot } from './depot.ts'

const SHELVES = { MUG: { EAST: 5, WEST: 5 }, TEA: { EAST: 9, WEST: 2 } }

/** A list for all that is ready at EAST. */
const listAt = (depot: Depot, more: object = {}) =>
  depot.made('POST /api/v1/pick-lists', { location_id: 'EAST', ...more })
const on = (depot: Depot, id: string, verb: string, body: object = {}) =>
  depot.ask(`POST /api/v1/pick-lists/${id}/${verb}`, body)
const walk = (list: any) =>
  list.items.map((item: any) => [item.sku, item.quantity, item.picked_quantity])

onEveryEngine('a pick list', (engine) => {
  it('is made for many fulfilment orders at once, by SKU where no bins are', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const one = await depot.worked({ TEA: 2, MUG: 1 })
    const two = await depot.worked({ MUG: 2 })
    const list = await listAt(depot)
    assert.match(list.number, /^PICK-\d+$/)
    assert.deepEqual(walk(list), [
      ['MUG', 1, 0],
      ['MUG', 2, 0],
      ['TEA', 2, 0],
    ])
    assert.deepEqual(
      [list.status, list.quantity, list.left_quantity, list.skipped],
      ['open', 5, 5, []],
    )
    const [work] = await depot.work(one.order)
    assert.deepEqual([work.status, work.items[1].picking_quantity], ['open', 1])
    // All of it is on a list now.
    const again = await depot.ask('POST /api/v1/pick-lists', { location_id: 'EAST' })
    assert.deepEqual([again.status, again.error.code], [422, 'PICK_LIST_EMPTY'])
    assert.deepEqual(
      (await depot.ask(`GET /api/v1/pick-lists/${list.number}`)).data.items,
      list.items,
    )
    assert.equal((await depot.ask('GET /api/v1/pick-lists/PICK-9')).status, 404)
    assert.equal((await depot.ask('GET /api/v1/pick-lists?status=open')).data.items.length, 1)
    assert.equal(two.items.length, 1)
    assert.deepEqual(await depot.violations(), [])
  })

  it('leaves out what cannot be picked now, and says why', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const good = await depot.worked({ MUG: 1 })
    const unpaid = await depot.worked({ MUG: 1 }, null)
    const held = await depot.worked({ MUG: 1 })
    await depot.post(held.items[0].id, 'hold', { reason: 'address' })
    const west = await depot.worked({ MUG: 1 })
    await depot.post(west.items[0].id, 'move', { location_id: 'WEST' })
    const all = [good, unpaid, held, west].map(({ items }) => items[0].number)
    const list = await listAt(depot, { fulfilment_order_ids: [...all, good.items[0].id] })
    assert.deepEqual(list.skipped.map(({ problem }: any) => problem).sort(), [
      'it is held',
      'it is not at this location',
      'its order is pending',
    ])
    assert.deepEqual(walk(list), [['MUG', 1, 0]])
    const unknown = { location_id: 'EAST', fulfilment_order_ids: ['1-F1'] }
    assert.equal((await depot.ask('POST /api/v1/pick-lists', unknown)).status, 404)
    const who = { location_id: 'EAST', assigned_to: good.order.id }
    assert.equal((await depot.ask('POST /api/v1/pick-lists', who)).status, 404)
    assert.deepEqual(await depot.violations(), [])
  })

  it('takes what is due first', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const late = await depot.worked({ MUG: 1 })
    const soon = await depot.worked({ TEA: 1 })
    const due = (id: string, due_at: string) =>
      depot.ask(`PATCH /api/v1/fulfilment-orders/${id}`, { due_at })
    await due(soon.items[0].id, '2026-12-01T00:00:00Z')
    const list = await listAt(depot, { orders_max: 1 })
    assert.deepEqual(walk(list), [['TEA', 1, 0]])
    await due(late.items[0].id, '2026-12-05T00:00:00Z')
    const none = { location_id: 'EAST', due_before: '2026-12-04T00:00:00Z' }
    assert.equal((await depot.ask('POST /api/v1/pick-lists', none)).status, 422)
    assert.deepEqual(walk(await listAt(depot)), [['MUG', 1, 0]])
  })

  it('is picked by scanning SKU or barcode, and finished by its last unit', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const cup = {
      name: 'Cup',
      sku: 'CUPS',
      variants: [{ sku: 'CUP', name: 'Cup', price: '3.00', gtin: '4006381333931' }],
    }
    await depot.made('POST /api/v1/products', cup)
    const stock = { item_number: 'CUP', location_id: 'EAST', quantity_on_hand: 4 }
    await depot.made('POST /api/v1/inventory', stock)
    const { order } = await depot.worked({ MUG: 2, CUP: 1 })
    const list = await listAt(depot)
    const scan = (code: string, more: object = {}) => on(depot, list.id, 'scan', { code, ...more })
    const first = await scan('mug')
    assert.equal(first.status, 200, JSON.stringify(first.body))
    assert.deepEqual(
      [first.data.matched, first.data.item.picked_quantity, first.data.list.status],
      ['sku', 1, 'in_progress'],
    )
    const wrong = await scan('TEA')
    assert.deepEqual([wrong.status, wrong.error.code], [422, 'PICK_NOT_ON_LIST'])
    const much = await scan('MUG', { quantity: 2 })
    assert.deepEqual([much.status, much.error.code], [409, 'PICK_EXCEEDS_UNITS'])
    assert.equal((await scan('4006381333931')).data.matched, 'gtin')
    const last = await scan('MUG')
    assert.deepEqual([last.data.list.status, last.data.list.left_quantity], ['finished', 0])
    const over = await scan('MUG')
    assert.deepEqual([over.status, over.error.code], [409, 'PICK_LIST_OVER'])
    const [work] = await depot.work(order)
    assert.deepEqual(
      [work.status, work.items.map((item: any) => item.picked_quantity)],
      ['in_progress', [2, 1]],
    )
    const names = await depot.events()
    assert.equal(names.filter((name) => name === 'fulfilment_order.picked').length, 3)
    assert.equal(names.filter((name) => name === 'pick_list.status_changed').length, 2)
    assert.deepEqual(await depot.violations(), [])
  })

  it('is picked by hand, given to somebody, and left for another', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { order } = await depot.worked({ MUG: 3, TEA: 2 })
    const list = await listAt(depot)
    const user = await depot.made('POST /api/v1/users', {
      email: 'pat@example.com',
      password: 'a long enough passphrase 7',
      first_name: 'Pat',
      last_name: 'Picker',
    })
    const given = await on(depot, list.id, 'assign', { assigned_to: user.id })
    assert.equal(given.data.assigned_to, user.id)
    const mine = `GET /api/v1/pick-lists?assigned_to=${user.id}&location_id=EAST`
    assert.deepEqual((await depot.ask(mine)).data.items.length, 1)
    const [mug, tea] = list.items
    const part = await on(depot, list.id, 'pick', { item_id: mug.id, quantity: 2 })
    assert.deepEqual(walk(part.data), [
      ['MUG', 3, 2],
      ['TEA', 2, 0],
    ])
    await on(depot, list.id, 'pick', { item_id: tea.id })
    assert.equal((await on(depot, list.id, 'pick', { item_id: tea.id })).status, 409)
    assert.equal((await on(depot, list.id, 'pick', { item_id: order.id })).status, 404)
    const early = await on(depot, list.id, 'finish')
    assert.deepEqual([early.status, early.error.code], [409, 'PICK_LIST_UNFINISHED'])
    const left = await on(depot, list.id, 'finish', { leave_rest: true })
    assert.deepEqual([left.data.status, left.data.items[0].withdrawn_quantity], ['finished', 1])
    assert.equal((await on(depot, list.id, 'finish')).status, 200)
    const rest = await listAt(depot)
    assert.deepEqual(walk(rest), [['MUG', 1, 0]])
    const gone = await on(depot, rest.id, 'cancel')
    assert.equal(gone.data.status, 'cancelled')
    assert.equal((await on(depot, rest.id, 'cancel')).status, 409)
    assert.deepEqual(await depot.violations(), [])
  })

  it('loses what is cancelled, moved to nobody, or shipped without it', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const one = await depot.worked({ MUG: 2 })
    const two = await depot.worked({ MUG: 2, TEA: 1 })
    const list = await listAt(depot)
    const moving = await depot.post(two.items[0].id, 'move', { location_id: 'WEST' })
    assert.deepEqual([moving.status, moving.error.code], [409, 'FULFILMENT_UNITS_PICKED'])
    await on(depot, list.id, 'scan', { code: 'MUG' })
    await depot.made(`POST /api/v1/orders/${one.order.id}/cancel`, { reason: 'too late' })
    let now = (await depot.ask(`GET /api/v1/pick-lists/${list.id}`)).data
    assert.deepEqual([now.left_quantity, now.items[0].withdrawn_quantity], [3, 1])
    assert.ok((await depot.events()).includes('fulfilment_order.put_back'))
    await depot.ship(two.items[0].id, { MUG: 2 })
    now = (await depot.ask(`GET /api/v1/pick-lists/${list.id}`)).data
    assert.deepEqual([now.status, now.left_quantity], ['in_progress', 1])
    await depot.post(two.items[0].id, 'give-up')
    now = (await depot.ask(`GET /api/v1/pick-lists/${list.id}`)).data
    assert.deepEqual([now.status, now.left_quantity], ['finished', 0])
    assert.deepEqual(await depot.violations(), [])
  })

  it('does not pick what is held, nor for an order that must wait', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { order, items } = await depot.worked({ MUG: 2 })
    const list = await listAt(depot)
    const scan = () => on(depot, list.id, 'scan', { code: 'MUG' })
    await depot.post(items[0].id, 'hold', { reason: 'quality' })
    assert.equal((await scan()).error.code, 'FULFILMENT_ORDER_ON_HOLD')
    await depot.post(items[0].id, 'release')
    await depot.made(`PUT /api/v1/orders/${order.id}/status`, { status: 'on_hold' })
    assert.equal((await scan()).error.code, 'FULFILMENT_ORDER_NOT_READY')
    await depot.made(`PUT /api/v1/orders/${order.id}/status`, { status: 'processing' })
    assert.equal((await scan()).status, 200)
    assert.deepEqual(await depot.violations(), [])
  })
})

onEveryEngine('units that a picker does not find', (engine) => {
  it('are kept for another list', async () => {
    await using depot = await openDepot(engine, SHELVES)
    await depot.worked({ MUG: 2 })
    const list = await listAt(depot)
    const [{ id: item_id }] = list.items
    const short = { item_id, quantity: 1, reason: 'not_found', note: 'looked twice' }
    const { status, data } = await on(depot, list.id, 'short', short)
    assert.equal(status, 200, JSON.stringify(data))
    assert.deepEqual([data.items[0].short_quantity, data.left_quantity], [1, 1])
    await on(depot, list.id, 'scan', { code: 'MUG' })
    assert.deepEqual(walk(await listAt(depot)), [['MUG', 1, 0]])
    assert.equal((await on(depot, list.id, 'short', { ...short, quantity: 5 })).status, 409)
    assert.ok((await depot.events()).includes('pick_list.short'))
    assert.deepEqual(await depot.violations(), [])
  })

  it('are taken from another location, and leave the books here if that is said', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { order } = await depot.worked({ MUG: 3 })
    const list = await listAt(depot)
    const [{ id: item_id }] = list.items
    const short = { item_id, quantity: 2, reason: 'not_found', outcome: 'reroute', write_off: true }
    assert.equal((await on(depot, list.id, 'short', short)).status, 200)
    assert.deepEqual(leftOf(await depot.work(order), depot.places), [
      ['EAST', { MUG: 1 }],
      ['WEST', { MUG: 2 }],
    ])
    assert.deepEqual(await depot.onHand('MUG'), { EAST: 3, WEST: 5 })
    const rest = { item_id, reason: 'not_found', outcome: 'reroute' }
    assert.equal((await on(depot, list.id, 'short', rest)).status, 200)
    assert.deepEqual(await depot.held(order), { WEST: 3 })
    assert.deepEqual(await depot.violations(), [])
  })

  it('wait for stock, once the books no longer have them', async () => {
    await using depot = await openDepot(engine, { MUG: { EAST: 3 } })
    const { order } = await depot.worked({ MUG: 3 })
    const list = await listAt(depot)
    const [{ id: item_id }] = list.items
    const short = { item_id, quantity: 2, reason: 'damaged', outcome: 'backorder' }
    const refused = await on(depot, list.id, 'short', short)
    assert.deepEqual([refused.status, refused.error.code], [422, 'INSUFFICIENT_STOCK'])
    const nowhere = await on(depot, list.id, 'short', { ...short, outcome: 'reroute' })
    assert.deepEqual([nowhere.status, nowhere.error.code], [422, 'FULFILMENT_NO_OTHER_LOCATION'])
    assert.deepEqual(leftOf(await depot.work(order), depot.places), [['EAST', { MUG: 3 }]])
    await depot.made('PUT /api/v1/inventory/MUG', { backorder_limit: 5 })
    const done = await on(depot, list.id, 'short', short)
    assert.equal(done.status, 200, JSON.stringify(done.body))
    assert.deepEqual(leftOf(await depot.work(order), depot.places), [
      ['EAST', { MUG: 1 }],
      ['none', { MUG: 2 }],
    ])
    assert.deepEqual(await depot.onHand('MUG'), { EAST: 1 })
    assert.deepEqual(await depot.violations(), [])
  })
})

onEveryEngine('units are picked without a list', (engine) => {
  it('by fulfilment order, in part or all, and put back', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { items, line } = await depot.worked({ MUG: 3, TEA: 1 })
    const [{ id }] = items
    const two = [{ order_line_id: line('MUG'), quantity: 2 }]
    const { data } = await depot.post(id, 'pick', { items: two })
    assert.deepEqual([data.status, data.items[0].picked_quantity], ['in_progress', 2])
    assert.equal((await depot.post(id, 'pick', { items: two })).status, 422)
    await depot.post(id, 'pick')
    const back = [
      { order_line_id: line('MUG'), quantity: 3 },
      { order_line_id: line('TEA'), quantity: 1 },
    ]
    const open = await depot.post(id, 'put-back', { items: back })
    assert.deepEqual([open.data.status, open.data.items[0].picked_quantity], ['open', 0])
    assert.equal((await depot.post(id, 'put-back', { items: back })).status, 409)
    assert.deepEqual(await depot.violations(), [])
  })

  it('by order, as published clients ask for it', async () => {
    await using depot = await openDepot(engine, { ...SHELVES, CUP: { WEST: 1 } })
    const order = await depot.place({ MUG: 2, CUP: 1 })
    const pick = () => depot.ask(`POST /api/v1/orders/${order.id}/pick`)
    const { status, data } = await pick()
    assert.equal(status, 200, JSON.stringify(data))
    assert.deepEqual([data.picked_quantity, data.fulfilment_orders.length], [3, 2])
    assert.equal((await pick()).data.picked_quantity, 0)
    const unpaid = await depot.place({ MUG: 1 }, null)
    const refused = await depot.ask(`POST /api/v1/orders/${unpaid.id}/pick`)
    assert.deepEqual([refused.status, refused.error.code], [409, 'FULFILMENT_ORDER_NOT_READY'])
    assert.deepEqual(await depot.violations(), [])
  })
})
