import assert from 'node:assert/strict'
import { it } from 'node:test'
import { transactAsSystem } from '#platform/execute'
import { onEveryEngine } from '#testing'
import { coverDelivery, type Delivery } from '../coverage/cover-deliveries.ts'
import { addMonths } from '../months.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

const deliver = (shop: Workshop, delivery: object) =>
  transactAsSystem(
    shop.app,
    (ctx) => coverDelivery(ctx, { serial_numbers: [], ...delivery } as unknown as Delivery),
    'read committed',
  )

async function sold(shop: Workshop, quantity: number, more: object = {}) {
  const order = await shop.order(quantity)
  const [line] = order.items
  const shipment_id = await transactAsSystem(shop.app, async (ctx) => ctx.newId('shipment'))
  return {
    order,
    delivery: {
      order_id: order.id,
      shipment_id,
      delivered_at: shop.at(0),
      units: [{ order_line_id: line.id, quantity }],
      ...more,
    },
    named: (serial_numbers: string[]) => [{ order_line_id: line.id, serial_numbers }],
  }
}

async function planned(shop: Workshop, more: object = {}) {
  const plan = await shop.plan(more)
  const product_ids = [shop.product_id]
  await shop.made(`PUT /api/v1/warranties/plans/${plan.id}/products`, { product_ids })
  return plan
}
const ofOrder = async (shop: Workshop, order_id: string) =>
  (await shop.made(`GET /api/v1/warranties?order_id=${order_id}`)).items

onEveryEngine('what is delivered', (engine) => {
  it('is covered by the plan it was sold with, from its delivery on, once', async () => {
    await using shop = await openWorkshop(engine)
    const plan = await planned(shop)
    const { order, delivery, named } = await sold(shop, 5)
    const serials = { serial_numbers: named(['A-1', 'A-2']) }
    for (let time = 0; time < 3; time++) await deliver(shop, { ...delivery, ...serials })

    const made = await ofOrder(shop, order.id)
    assert.deepEqual(
      made.map(({ serial_number, quantity }: any) => [serial_number, quantity]).toSorted(),
      [
        [null, 3],
        ['A-1', 1],
        ['A-2', 1],
      ],
    )
    for (const one of made) {
      assert.deepEqual(
        [one.status, one.start_date, one.plan_id, one.customer_id],
        ['active', delivery.delivered_at, plan.id, shop.customer_id],
      )
      assert.equal(one.end_date, addMonths(delivery.delivered_at, 24))
    }
    const events = (await shop.events()).filter((name) => name === 'warranty.created')
    assert.equal(events.length, 3)
    assert.deepEqual(await shop.violations(), [])
  })

  it('without a plan is not covered, and one that starts at activation waits for it', async () => {
    await using shop = await openWorkshop(engine)
    const first = await sold(shop, 1)
    await deliver(shop, first.delivery)
    assert.deepEqual(await ofOrder(shop, first.order.id), [])
    const plan = await planned(shop, { starts: 'activation', activate_within_days: 14 })
    const second = await sold(shop, 1)
    await deliver(shop, second.delivery)
    const [waiting] = await ofOrder(shop, second.order.id)
    assert.deepEqual([waiting.status, waiting.start_date], ['pending', null])
    assert.ok(waiting.activate_by > shop.at(13))
    await shop.made(`PUT /api/v1/warranties/plans/${plan.id}`, { status: 'archived' })
    const third = await sold(shop, 1)
    await deliver(shop, third.delivery)
    assert.deepEqual(await ofOrder(shop, third.order.id), [])
  })

  it('in place of something broken is not covered anew, whichever is told first', async () => {
    await using shop = await openWorkshop(engine)
    await planned(shop)
    const remedy = async (serial_number: string, order_id: string) => {
      const { id } = await shop.cover({ serial_number }, 100)
      const claim = await shop.approved(id)
      const body = { kind: 'replace', order_id }
      return shop.made(`POST /api/v1/warranties/claims/${claim.id}/remedies`, body)
    }
    const live = async (order_id: string) =>
      (await ofOrder(shop, order_id)).filter(({ status }: any) => status === 'active')

    const first = await sold(shop, 1)
    await remedy('SN-1', first.order.id)
    await deliver(shop, first.delivery)
    assert.equal((await live(first.order.id)).length, 1)

    const second = await sold(shop, 1)
    await deliver(shop, second.delivery)
    await remedy('SN-2', second.order.id)
    const [left, ...others] = await live(second.order.id)
    assert.equal(others.length, 0)
    assert.notEqual(left.replaces_id, null)
    assert.deepEqual(await shop.violations(), [])
  })

  it('is covered anew when a unit is sold again: what covered it before is over', async () => {
    await using shop = await openWorkshop(engine)
    await planned(shop)
    const first = await sold(shop, 1)
    await deliver(shop, { ...first.delivery, serial_numbers: first.named(['B-1']) })
    const second = await sold(shop, 1)
    await deliver(shop, { ...second.delivery, serial_numbers: second.named(['B-1']) })
    const [before] = await ofOrder(shop, first.order.id)
    const [after] = await ofOrder(shop, second.order.id)
    assert.deepEqual([before.status, after.status], ['void', 'active'])
    assert.deepEqual(await shop.violations(), [])
  })

  it('by a shipment is covered when it arrives, and by the order no second time', async () => {
    await using shop = await openWorkshop(engine)
    await planned(shop)
    const order = await shop.order(3)
    await shop.made(`PUT /api/v1/orders/${order.id}/status`, { status: 'confirmed' })
    const address = { shipping_address: '12 Harbour Street, Portland, ME 04101, US' }
    const to = { ...address, shipping_method: 'Standard', recipient_name: 'Ada Brook' }
    const items = [{ order_item_id: order.items[0].id, quantity: 2 }]
    const first = await shop.made('POST /api/v1/shipments', { order_id: order.id, ...to, items })
    const second = await shop.made('POST /api/v1/shipments', { order_id: order.id, ...to })
    for (const { id } of [first, second]) await shop.made(`POST /api/v1/shipments/${id}/ship`, {})
    await shop.relay()
    assert.deepEqual(await ofOrder(shop, order.id), [])
    await shop.made(`POST /api/v1/shipments/${first.id}/deliver`, {})
    await shop.relay()
    assert.deepEqual(
      (await ofOrder(shop, order.id)).map(({ quantity }: any) => quantity),
      [2],
    )
    await shop.made(`POST /api/v1/shipments/${second.id}/deliver`, {})
    await shop.relay()
    assert.equal((await shop.made(`GET /api/v1/orders/${order.id}`)).status, 'delivered')
    assert.deepEqual(
      (await ofOrder(shop, order.id)).map(({ quantity }: any) => quantity),
      [1, 2],
    )
    assert.deepEqual(await shop.violations(), [])
  })

  it('by a word of staff, without any shipment, is covered too', async () => {
    await using shop = await openWorkshop(engine)
    await planned(shop)
    const order = await shop.order(2)
    for (const status of ['confirmed', 'processing', 'shipped', 'delivered']) {
      await shop.made(`PUT /api/v1/orders/${order.id}/status`, { status })
    }
    await shop.relay()
    const [one, ...others] = await ofOrder(shop, order.id)
    assert.deepEqual([one?.quantity, others.length], [2, 0])
    assert.deepEqual(await shop.violations(), [])
  })
})
