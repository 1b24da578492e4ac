import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { leftOf, lineOf, openDepot } from './depot.ts'

const SHELVES = { MUG: { EAST: 5, WEST: 5 }, TEA: { EAST: 9, WEST: 2 } }
const statuses = (items: any[]) => items.map(({ status }) => status)

onEveryEngine('a fulfilment order is moved', (engine) => {
  it('as a whole, with the promise of its units', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { order, items } = await depot.worked({ MUG: 2, TEA: 1 })
    assert.deepEqual(await depot.held(order), { EAST: 3 })
    const { status, data } = await depot.post(items[0].id, 'move', { location_id: 'WEST' })
    assert.equal(status, 200, JSON.stringify(data))
    assert.deepEqual(leftOf(data.items, depot.places), [['WEST', { MUG: 2, TEA: 1 }]])
    assert.deepEqual([data.items[0].id, data.items[0].routed_by.rule], [items[0].id, 'moved'])
    assert.deepEqual(await depot.held(order), { WEST: 3 })
    const again = await depot.post(items[0].id, 'move', { location_id: 'WEST' })
    assert.deepEqual([again.status, again.error.code], [422, 'FULFILMENT_SAME_LOCATION'])
    assert.ok((await depot.events()).includes('fulfilment_order.moved'))
    assert.deepEqual(await depot.violations(), [])
  })

  it('in part: units become one of their own there', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { order, items, line } = await depot.worked({ MUG: 3, TEA: 1 })
    const part = [{ order_line_id: line('MUG'), quantity: 2 }]
    const move = { location_id: 'WEST', items: part }
    const { data } = await depot.post(items[0].number, 'move', move)
    assert.deepEqual(leftOf(data.items, depot.places), [
      ['EAST', { MUG: 1, TEA: 1 }],
      ['WEST', { MUG: 2 }],
    ])
    assert.deepEqual(await depot.held(order), { EAST: 2, WEST: 2 })
    const much = await depot.post(items[0].id, 'move', move)
    assert.deepEqual([much.status, much.error.code], [422, 'FULFILMENT_EXCEEDS_UNITS'])
    const unknown = { location_id: 'WEST', items: [{ order_line_id: order.id, quantity: 1 }] }
    assert.equal((await depot.post(items[0].id, 'move', unknown)).status, 404)
    assert.deepEqual(await depot.violations(), [])
  })

  it('not to where there is no stock: then nothing changes', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { order, items } = await depot.worked({ MUG: 2, TEA: 3 })
    const refused = await depot.post(items[0].id, 'move', { location_id: 'WEST' })
    assert.deepEqual([refused.status, refused.error.code], [422, 'INSUFFICIENT_STOCK'])
    assert.deepEqual(await depot.work(order), items)
    assert.equal((await depot.post(items[0].id, 'move', { location_id: 'MOON' })).status, 404)
    assert.deepEqual(await depot.violations(), [])
  })

  it('to another place that has all of it, if it is asked to find one', async () => {
    await using depot = await openDepot(engine, { ...SHELVES, CUP: { EAST: 4, NORTH: 4 } })
    const { items } = await depot.worked({ MUG: 2, TEA: 1 })
    const { data } = await depot.post(items[0].id, 'reroute')
    assert.deepEqual(leftOf(data.items, depot.places), [['WEST', { MUG: 2, TEA: 1 }]])
    const apart = await depot.worked({ MUG: 1, CUP: 2 })
    const split = await depot.post(apart.items[0].id, 'reroute')
    assert.deepEqual(leftOf(await depot.work(apart.order), depot.places), [
      ['WEST', { MUG: 1 }],
      ['NORTH', { CUP: 2 }],
    ])
    assert.deepEqual(statuses(split.data.items), ['cancelled', 'open', 'open'])
    const nowhere = await depot.worked({ TEA: 8 })
    const refused = await depot.post(nowhere.items[0].id, 'reroute')
    assert.deepEqual([refused.status, refused.error.code], [422, 'FULFILMENT_NO_OTHER_LOCATION'])
    assert.deepEqual(await depot.violations(), [])
  })
})

onEveryEngine('fulfilment orders are split and merged', (engine) => {
  it('without losing a unit', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { order, items, line } = await depot.worked({ MUG: 3, TEA: 2 })
    const [one] = items
    const units = [
      { order_line_id: line('MUG'), quantity: 1 },
      { order_line_id: line('TEA'), quantity: 2 },
    ]
    const { status, data } = await depot.post(one.id, 'split', { items: units })
    assert.equal(status, 201)
    assert.deepEqual([data.number, data.routed_by.rule], [`${one.number.slice(0, -1)}2`, 'split'])
    assert.deepEqual(leftOf(await depot.work(order), depot.places), [
      ['EAST', { MUG: 2 }],
      ['EAST', { MUG: 1, TEA: 2 }],
    ])
    const all = await depot.post(data.id, 'split', { items: units })
    assert.deepEqual([all.status, all.error.code], [422, 'FULFILMENT_NOTHING_TO_SPLIT'])
    assert.equal((await depot.post(one.id, 'split', { items: units })).status, 422)

    const merged = await depot.post(one.id, 'merge', { fulfilment_order_ids: [data.number] })
    assert.equal(merged.status, 200, JSON.stringify(merged.body))
    assert.deepEqual(leftOf(await depot.work(order), depot.places), [['EAST', { MUG: 3, TEA: 2 }]])
    const gone = await depot.read(data.id)
    assert.deepEqual([gone.status, gone.status_reason], ['cancelled', `merged into ${one.number}`])
    const again = await depot.post(one.id, 'merge', { fulfilment_order_ids: [data.number] })
    assert.deepEqual([again.status, again.error.code], [409, 'FULFILMENT_NOT_MERGEABLE'])
    const names = await depot.events()
    for (const name of ['split', 'merged']) assert.ok(names.includes(`fulfilment_order.${name}`))
    assert.deepEqual(await depot.violations(), [])
  })

  it('but not with those of another place or order, or that are held', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { items, line } = await depot.worked({ MUG: 3 })
    const [one] = items
    const other = await depot.worked({ MUG: 1 })
    const merge = (id: string) => depot.post(one.id, 'merge', { fulfilment_order_ids: [id] })
    assert.match((await merge(other.items[0].id)).error.message, /another order/)
    const part = [{ order_line_id: line('MUG'), quantity: 1 }]
    const moved = await depot.post(one.id, 'move', { location_id: 'WEST', items: part })
    assert.match((await merge(moved.data.items[1].id)).error.message, /another location/)
    const split = await depot.post(one.id, 'split', { items: part })
    await depot.post(split.data.id, 'hold', { reason: 'other' })
    assert.match((await merge(split.data.id)).error.message, /held/)
    assert.deepEqual(await depot.violations(), [])
  })
})

onEveryEngine('a fulfilment order is held', (engine) => {
  it('for several reasons, each released by itself, and does not leave meanwhile', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { items } = await depot.worked({ MUG: 1 })
    const [{ id }] = items
    await depot.post(id, 'hold', { reason: 'address', note: 'no number' })
    await depot.post(id, 'hold', { reason: 'address' })
    const { data } = await depot.post(id, 'hold', { reason: 'payment_risk' })
    assert.deepEqual(
      data.holds.map(({ reason, note }: any) => [reason, note]),
      [
        ['address', 'no number'],
        ['payment_risk', null],
      ],
    )
    assert.equal(data.is_ready, false)
    await assert.rejects(depot.ship(id, { MUG: 1 }), /held: address, payment_risk/)
    assert.equal((await depot.post(id, 'release', { reason: 'address' })).data.holds.length, 1)
    assert.equal((await depot.post(id, 'release')).data.holds.length, 0)
    assert.equal((await depot.post(id, 'release')).status, 200)
    await depot.ship(id, { MUG: 1 })
    assert.deepEqual((await depot.post(id, 'hold', { reason: 'other' })).status, 409)
    const names = await depot.events()
    assert.equal(names.filter((name) => name === 'fulfilment_order.held').length, 2)
    assert.equal(names.filter((name) => name === 'fulfilment_order.released').length, 2)
    assert.deepEqual(await depot.violations(), [])
  })
})

onEveryEngine('a fulfilment order is scheduled', (engine) => {
  it('until its time comes, by the clock or by hand', async () => {
    let now = Date.parse('2026-12-01T08:00:00Z')
    const clock = () => new Date(now)
    await using depot = await openDepot(engine, SHELVES, { clock })
    const { items } = await depot.worked({ MUG: 1 })
    const update = (id: string, body: object) =>
      depot.ask(`PATCH /api/v1/fulfilment-orders/${id}`, body)
    const at = '2026-12-02T08:00:00.000Z'
    const { data } = await update(items[0].id, { fulfil_at: at, note: 'gift' })
    assert.deepEqual([data.status, data.fulfil_at, data.note], ['scheduled', at, 'gift'])
    assert.equal(data.is_ready, false)
    assert.equal((await update(items[0].id, { fulfil_at: null })).data.status, 'open')
    await update(items[0].id, { fulfil_at: at })
    await depot.openDue()
    assert.equal((await depot.read(items[0].id)).status, 'scheduled')
    now += 25 * 3_600_000
    await depot.openDue()
    assert.equal((await depot.read(items[0].id)).status, 'open')
    const stale = { headers: { 'if-match': '"v1"' } }
    const route = `PATCH /api/v1/fulfilment-orders/${items[0].id}`
    assert.equal((await depot.ask(route, { note: 'x' }, stale)).status, 412)
    assert.equal((await depot.post(items[0].id, 'cancel')).status, 200)
    assert.equal((await update(items[0].id, { fulfil_at: null })).status, 409)
    assert.equal((await update(items[0].id, { note: 'late' })).status, 200)
    assert.deepEqual(await depot.violations(), [])
  })
})

onEveryEngine('a fulfilment order is withdrawn', (engine) => {
  it('and its units wait to be routed again', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { order, items } = await depot.worked({ MUG: 2, TEA: 1 })
    const { data } = await depot.post(items[0].id, 'cancel', { reason: 'empty shelf' })
    assert.deepEqual([data.status, data.status_reason], ['cancelled', 'empty shelf'])
    assert.deepEqual(
      (await depot.unrouted(order)).map(({ sku, quantity }: any) => [sku, quantity]),
      [
        ['MUG', 2],
        ['TEA', 1],
      ],
    )
    assert.deepEqual(await depot.held(order), { EAST: 3 })
    assert.equal((await depot.post(items[0].id, 'cancel')).status, 409)
    const { items: again } = await depot.made(`POST /api/v1/orders/${order.id}/route`, {})
    assert.deepEqual(leftOf(again, depot.places), [['EAST', { MUG: 2, TEA: 1 }]])
    assert.equal(again[1].number, `${order.order_number.slice(4)}-F2`)
    assert.deepEqual(await depot.violations(), [])
  })

  it("with the order's units, if it is asked to", async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { order, items, line } = await depot.worked({ MUG: 2, TEA: 1 })
    const part = [{ order_line_id: line('MUG'), quantity: 1 }]
    const { data } = await depot.post(items[0].id, 'split', { items: part })
    const gone = await depot.post(data.id, 'cancel', { cancel_units: true, reason: 'sold out' })
    assert.equal(gone.status, 200, JSON.stringify(gone.body))
    assert.deepEqual(await depot.unrouted(order), [])
    assert.deepEqual(leftOf(await depot.work(order), depot.places), [['EAST', { MUG: 1, TEA: 1 }]])
    assert.deepEqual(await depot.violations(), [])
  })

  it('only in what has not left: the rest is given up', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { order, items } = await depot.worked({ MUG: 3 })
    await depot.ship(items[0].id, { MUG: 1 })
    const refused = await depot.post(items[0].id, 'cancel')
    assert.deepEqual([refused.status, refused.error.code], [409, 'FULFILMENT_ALREADY_BEGUN'])
    assert.ok(refused.error.details.open_moves.includes('give_up'))
    const { data } = await depot.post(items[0].id, 'give-up', { reason: 'flood' })
    assert.deepEqual([data.status, data.items[0].quantity], ['incomplete', 1])
    assert.equal((await depot.unrouted(order))[0].quantity, 2)
    assert.equal(lineOf(data, 'MUG'), order.items[0].id)
    assert.deepEqual(await depot.violations(), [])
  })
})
