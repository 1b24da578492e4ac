import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Id } from '#kit/ids'
import { consumeReservations } from '#modules/inventory'
import type { Context } from '#platform/context'
import { transactAsSystem } from '#platform/execute'
import { onEveryEngine } from '#testing'
import { lockOrder, type OrderRow } from '../find.ts'
import { cancelUnits } from '../units/cancel-units.ts'
import { deliverOrder } from '../units/deliver-order.ts'
import { fulfilUnits, unfulfilUnits } from '../units/fulfil-units.ts'
import { type LineUnits, linesOf } from '../units/lines.ts'
import { returnUnits, unreturnUnits } from '../units/return-units.ts'
import { openStore, placeTaxed, type Store } from './selling.ts'

const ARTICLES = [
  { sku: 'MUG', price: '3.33', units: 20 },
  { sku: 'TEA', price: '4.00', units: 20 },
]
type Placed = { id: string; items: { id: string }[] }
type Act = (ctx: Context, order: OrderRow) => Promise<unknown>

const under = (store: Store, { id }: Placed, act: Act) =>
  transactAsSystem(store.app, async (ctx) => act(ctx, await lockOrder(ctx, id)))
const units = ({ items }: Placed, ...quantities: number[]): LineUnits[] =>
  quantities.map((quantity, nth) => ({
    order_line_id: items[nth]?.id as Id<'order_line'>,
    quantity,
  }))
const statuses = async (store: Store, { id }: Placed) => {
  const order = await store.order(id)
  return [order.status, order.fulfillment_status, order.return_status]
}
const counters = (store: Store, { id }: Placed) =>
  transactAsSystem(store.app, async (ctx) => {
    const lines = (await linesOf(ctx, [id as Id<'order'>])).get(id as Id<'order'>) ?? []
    return lines.map((line) => [
      line.open_quantity,
      line.cancelled_quantity,
      line.fulfilled_quantity,
      line.returned_quantity,
    ])
  })
const refusedWith = (code: string) => (error: unknown) => (error as { code?: string }).code === code
/** Takes what the order holds from the shelves, as a shipment does. */
const consume = (ctx: Context, order: OrderRow) =>
  consumeReservations(ctx, { reference_type: 'order', reference_id: order.id })

onEveryEngine('units of an order', (engine) => {
  it('leave, come back undelivered, arrive and are returned; the statuses follow', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 3, TEA: 2 })
    await store.pay(order)
    assert.deepEqual(await statuses(store, order), ['confirmed', 'unfulfilled', 'none'])
    // The stock is the caller's, so all of it leaves here, and is promised anew below.
    await under(store, order, async (ctx, row) => {
      await consume(ctx, row)
      return fulfilUnits(ctx, row, units(order, 3, 2))
    })
    assert.deepEqual(await statuses(store, order), ['shipped', 'fulfilled', 'none'])
    await assert.rejects(
      under(store, order, (ctx, row) => fulfilUnits(ctx, row, units(order, 1))),
      refusedWith('ORDER_UNITS_NOT_THERE'),
    )
    await under(store, order, deliverOrder)
    await under(store, order, deliverOrder)
    assert.deepEqual(await statuses(store, order), ['delivered', 'fulfilled', 'none'])
    await under(store, order, (ctx, row) => returnUnits(ctx, row, units(order, 1)))
    assert.deepEqual(await statuses(store, order), ['delivered', 'fulfilled', 'partially_returned'])
    await assert.rejects(
      under(store, order, (ctx, row) => returnUnits(ctx, row, units(order, 3))),
      refusedWith('ORDER_UNITS_NOT_THERE'),
    )
    await under(store, order, (ctx, row) => returnUnits(ctx, row, units(order, 2, 2)))
    assert.deepEqual(await statuses(store, order), ['delivered', 'fulfilled', 'returned'])
    await under(store, order, (ctx, row) => unreturnUnits(ctx, row, units(order, 0, 1)))
    assert.deepEqual(await counters(store, order), [
      [0, 0, 3, 3],
      [0, 0, 2, 1],
    ])
    const events = (await store.events()).filter((name) => name.startsWith('order.units_'))
    assert.deepEqual(events, ['order.units_fulfilled', ...Array(3).fill('order.units_returned')])
    assert.deepEqual(await store.violations(), [])
  })

  it('leave in parts: the order is shipped with the last one, or when the rest is cancelled', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 3 })
    await under(store, order, async (ctx, row) => {
      await cancelUnits(ctx, row, units(order, 1), 'too many')
      return lockOrder(ctx, row.id)
    })
    assert.deepEqual(await counters(store, order), [[2, 1, 0, 0]])
    await assert.rejects(
      under(store, order, (ctx, row) => fulfilUnits(ctx, row, units(order, 3))),
      refusedWith('ORDER_UNITS_NOT_THERE'),
    )
    await under(store, order, async (ctx, row) => {
      await consume(ctx, row)
      const begun = await fulfilUnits(ctx, row, units(order, 1))
      assert.deepEqual(
        [begun.status, begun.fulfillment_status],
        ['processing', 'partially_fulfilled'],
      )
      return fulfilUnits(ctx, begun, units(order, 1))
    })
    assert.deepEqual(await statuses(store, order), ['shipped', 'fulfilled', 'none'])
    assert.deepEqual(await store.violations(), [])
  })

  it('do not leave an order that is held or over, and none of them is counted twice', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 3 })
    await store.ask(`PUT /api/v1/orders/${order.id}/status`, { status: 'on_hold' })
    await assert.rejects(
      under(store, order, (ctx, row) => fulfilUnits(ctx, row, units(order, 1))),
      refusedWith('ORDER_CANNOT_SHIP'),
    )
    await store.ask(`POST /api/v1/orders/${order.id}/cancel`, {})
    for (const act of [fulfilUnits, unfulfilUnits, returnUnits, unreturnUnits]) {
      await assert.rejects(
        under(store, order, (ctx, row) => act(ctx, row, units(order, 1))),
        refusedWith('ORDER_UNITS_NOT_THERE'),
      )
    }
    assert.deepEqual(await counters(store, order), [[0, 3, 0, 0]])
    const other = await store.place({ TEA: 1 })
    await assert.rejects(
      under(store, order, (ctx, row) => cancelUnits(ctx, row, units(other, 1))),
      refusedWith('ORDER_NOT_EDITABLE'),
    )
    await assert.rejects(
      under(store, other, (ctx, row) => fulfilUnits(ctx, row, units(order, 1))),
      refusedWith('ORDER_UNITS_NOT_THERE'),
    )
    assert.deepEqual(await store.violations(), [])
  })

  it('that were cancelled one by one cost what they cost at once, to the cent', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await placeTaxed(store, { MUG: [7, 333], TEA: [3, 401] })
    const once = await placeTaxed(store, { MUG: [7, 333], TEA: [3, 401] })
    const cancelled = async ({ id }: Placed) =>
      transactAsSystem(store.app, async (ctx) => (await lockOrder(ctx, id)).cancelled_amount)
    for (let nth = 0; nth < 5; nth++) {
      await under(store, order, (ctx, row) => cancelUnits(ctx, row, units(order, 1)))
      assert.deepEqual(await store.violations(), [])
    }
    await under(store, once, (ctx, row) => cancelUnits(ctx, row, units(once, 5)))
    assert.equal(await cancelled(order), await cancelled(once))
    await under(store, once, (ctx, row) => cancelUnits(ctx, row, units(once, 2)))
    const gross = Math.round(Number(once.items[0].gross_price) * 100)
    assert.equal(await cancelled(once), gross)
    assert.equal(await store.available('MUG'), 18)
    // The last ones end the order, shipping and all.
    await under(store, once, (ctx, row) => cancelUnits(ctx, row, units(once, 0, 3)))
    assert.deepEqual(await statuses(store, once), ['cancelled', 'unfulfilled', 'none'])
    assert.deepEqual(await store.violations(), [])
  })

  it('that came back undelivered are open again, and the order is in work', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 2 })
    for (const status of ['confirmed', 'shipped']) {
      await store.ask(`PUT /api/v1/orders/${order.id}/status`, { status })
    }
    await under(store, order, (ctx, row) => unfulfilUnits(ctx, row, units(order, 1)))
    assert.deepEqual(await statuses(store, order), ['processing', 'partially_fulfilled', 'none'])
    assert.deepEqual(await counters(store, order), [[1, 0, 1, 0]])
    const refused = await store.ask(`POST /api/v1/orders/${order.id}/cancel`, {})
    assert.deepEqual([refused.status, refused.error.code], [409, 'ORDER_ALREADY_SHIPPED'])
    // What is open needs stock again, and nobody promised it here: cancelled, all is well.
    await under(store, order, (ctx, row) => cancelUnits(ctx, row, units(order, 1)))
    assert.deepEqual(await statuses(store, order), ['shipped', 'fulfilled', 'none'])
    assert.deepEqual(await store.violations(), [])
  })
})
