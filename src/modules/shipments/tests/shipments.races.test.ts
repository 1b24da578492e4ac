import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, openHouse } from '#testing'
import { dockOf, lineOf, openDock } from './dock.ts'

/** Two processes on one database, so that they race there and not in one of them. */
async function openTwo(
  engine: 'sqlite' | 'postgres',
  shelves: Record<string, Record<string, number>>,
) {
  const dock = await openDock(engine, shelves)
  const other = await openHouse(engine, { at: dock.url })
  return { dock, other: Object.assign(other, dockOf(other, dock)) }
}

const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status).toSorted()

// Each race ends as one of its serial orders, with books that agree.
onEveryEngine('two at once', (engine) => {
  it('ship one shipment: it leaves once', async () => {
    const { dock, other } = await openTwo(engine, { MUG: { EAST: 10 } })
    await using _ = dock
    await using __ = other
    const order = await dock.place({ MUG: 3 })
    const { id } = await dock.create(order)
    const answers = await Promise.all([dock.post(id, 'ship'), other.post(id, 'ship')])
    assert.deepEqual(statuses(answers), [200, 409])
    assert.deepEqual(await dock.stock('MUG'), { EAST: [7, 0] })
    assert.deepEqual(await dock.violations(), [])
  })

  it('ship two parts of one line: both leave', async () => {
    const { dock, other } = await openTwo(engine, { MUG: { EAST: 10 } })
    await using _ = dock
    await using __ = other
    const order = await dock.place({ MUG: 5 })
    const part = (quantity: number) => ({
      items: [{ order_item_id: lineOf(order, 'MUG'), quantity }],
    })
    const [one, two] = [await dock.create(order, part(2)), await dock.create(order, part(3))]
    const answers = await Promise.all([dock.post(one.id, 'ship'), other.post(two.id, 'ship')])
    assert.deepEqual(statuses(answers), [200, 200])
    assert.deepEqual(await dock.stock('MUG'), { EAST: [5, 0] })
    assert.equal(await dock.standing(order.id), 'shipped fulfilled')
    assert.deepEqual(await dock.violations(), [])
  })

  it('plan the same units: each is planned once', async () => {
    const { dock, other } = await openTwo(engine, { MUG: { EAST: 10 } })
    await using _ = dock
    await using __ = other
    const order = await dock.place({ MUG: 3 })
    const body = { order_id: order.id }
    const make = (house: typeof other) => house.ask('POST /api/v1/shipments', body)
    const answers = await Promise.all([make(dock as never), make(other)])
    assert.deepEqual(statuses(answers), [201, 409])
    assert.deepEqual(await dock.violations(), [])
  })

  it('ship, and cancel the order: one of them', async () => {
    const { dock, other } = await openTwo(engine, { MUG: { EAST: 10 } })
    await using _ = dock
    await using __ = other
    const order = await dock.place({ MUG: 3 })
    const { id } = await dock.create(order)
    const [shipped, cancelled] = await Promise.all([
      dock.post(id, 'ship'),
      other.ask(`POST /api/v1/orders/${order.id}/cancel`, {}),
    ])
    const left = shipped.status === 200
    assert.deepEqual([shipped.status, cancelled.status], left ? [200, 409] : [409, 200])
    assert.deepEqual(await dock.stock('MUG'), { EAST: left ? [7, 0] : [10, 0] })
    assert.equal((await dock.shipment(id)).status, left ? 'Shipped' : 'Cancelled')
    assert.deepEqual(await dock.violations(), [])
  })

  it('ship and cancel a shipment: its units are here or gone, never both', async () => {
    const { dock, other } = await openTwo(engine, { MUG: { EAST: 10 } })
    await using _ = dock
    await using __ = other
    const order = await dock.place({ MUG: 3 })
    const { id } = await dock.create(order)
    const [shipped, cancelled] = await Promise.all([
      dock.post(id, 'ship'),
      other.post(id, 'cancel'),
    ])
    // Cancelled last it calls back what has left; cancelled first there is nothing to ship.
    assert.equal(cancelled.status, 200)
    assert.ok([200, 409].includes(shipped.status))
    assert.deepEqual(await dock.stock('MUG'), { EAST: [10, 3] })
    assert.equal(await dock.standing(order.id).then((text) => text.split(' ')[1]), 'unfulfilled')
    assert.deepEqual(await dock.violations(), [])
  })

  it('tell the arrival of two parcels: the order arrives once', async () => {
    const { dock, other } = await openTwo(engine, { MUG: { EAST: 10 } })
    await using _ = dock
    await using __ = other
    const order = await dock.place({ MUG: 2 })
    const { id, parcels } = await dock.create(order, {
      parcels: [{ weight_grams: 100 }, { weight_grams: 100 }],
    })
    await dock.made(`POST /api/v1/shipments/${id}/ship`, {})
    const tell = (house: typeof other, nth: number) =>
      house.post(id, 'tracking', { parcel_id: parcels[nth].id, status: 'delivered' })
    const answers = await Promise.all([tell(dock as never, 0), tell(other, 1), tell(other, 1)])
    assert.deepEqual(statuses(answers), [200, 200, 200])
    assert.equal(await dock.standing(order.id), 'delivered fulfilled')
    const told = (await dock.events()).filter((name) => name === 'shipment.delivered')
    assert.equal(told.length, 1)
    assert.deepEqual(await dock.violations(), [])
  })

  it('buy labels: one for each parcel', async () => {
    const { dock, other } = await openTwo(engine, { MUG: { EAST: 10 } })
    await using _ = dock
    await using __ = other
    const { id } = await dock.create(await dock.place({ MUG: 2 }))
    const answers = await Promise.all([dock.post(id, 'label'), other.post(id, 'label')])
    assert.deepEqual(statuses(answers), [201, 409])
    const { items } = await dock.made(`GET /api/v1/shipments/${id}/labels`)
    assert.equal(items.length, 1)
    assert.deepEqual(await dock.violations(), [])
  })
})
