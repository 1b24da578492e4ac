import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { leftOf, openDepot } from './depot.ts'

const SHELVES = { MUG: { EAST: 5, WEST: 5 }, TEA: { EAST: 9, WEST: 2 } }

onEveryEngine('work follows orders that are', (engine) => {
  it('merged: their units are worked for the one that is left', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const one = await depot.worked({ MUG: 2 })
    const two = await depot.worked({ MUG: 1, TEA: 1 })
    await depot.post(two.items[0].id, 'move', { location_id: 'WEST' })
    const merged = await depot.ask(`POST /api/v1/orders/${one.order.id}/merge`, {
      orders: [two.order.id],
    })
    assert.equal(merged.status, 200, JSON.stringify(merged.body))
    assert.deepEqual(leftOf(await depot.work(two.order), depot.places), [])
    const units: Record<string, number> = {}
    for (const [, left] of leftOf(await depot.work(one.order), depot.places)) {
      for (const [sku, n] of Object.entries(left as object)) units[sku] = (units[sku] ?? 0) + n
    }
    assert.deepEqual(units, { MUG: 3, TEA: 1 })
    assert.deepEqual(await depot.unrouted(one.order), [])
    assert.deepEqual(await depot.violations(), [])
  })

  it('split: each has the work of its own units', async () => {
    await using depot = await openDepot(engine, SHELVES)
    const { order, line } = await depot.worked({ MUG: 3, TEA: 2 })
    const split = await depot.ask(`POST /api/v1/orders/${order.id}/split`, {
      items: [{ item_id: line('MUG'), quantity: 2 }],
    })
    assert.ok(split.status < 300, JSON.stringify(split.body))
    const other = split.data.new_order ?? split.data
    assert.deepEqual(leftOf(await depot.work(order), depot.places), [['EAST', { MUG: 1, TEA: 2 }]])
    assert.deepEqual(leftOf(await depot.work(other), depot.places), [['EAST', { MUG: 2 }]])
    assert.deepEqual(await depot.violations(), [])
  })
})
