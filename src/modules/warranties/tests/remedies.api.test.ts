import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { openWorkshop, type Workshop } from './workshop.ts'

/** A drill that was paid for, has arrived and is covered by its plan; and an accepted claim. */
async function claimed(shop: Workshop) {
  const order = await shop.order(1)
  await shop.made('POST /api/v1/payments', {
    order_id: order.id,
    amount: order.total_amount,
    payment_method: 'credit_card',
  })
  for (const status of ['processing', 'shipped', 'delivered']) {
    await shop.made(`PUT /api/v1/orders/${order.id}/status`, { status })
  }
  await shop.relay()
  const { items } = await shop.made('GET /api/v1/warranties')
  const warranty = items.find(({ order_id }: { order_id: string }) => order_id === order.id)
  assert.ok(warranty, 'what arrived is covered')
  return { order, warranty, claim: await shop.approved(warranty.id) }
}

const remedy = (shop: Workshop, claim: { id: string }, body: object) =>
  shop.made(`POST /api/v1/warranties/claims/${claim.id}/remedies`, body)

onEveryEngine('a warranty claim is remedied', (engine) => {
  it('by a real exchange and by a real return, and each side names the other', async () => {
    await using shop = await openWorkshop(engine)
    const plan = await shop.plan()
    const product_ids = [shop.product_id]
    await shop.made(`PUT /api/v1/warranties/plans/${plan.id}/products`, { product_ids })

    const broken = await claimed(shop)
    const reason = 'It smokes.'
    const asked = await shop.made('POST /api/v1/exchanges', {
      order_id: broken.order.id,
      reason,
      new_items: [{ product_id: 'DRILL', quantity: 1 }],
    })
    const agreed = await shop.made(`POST /api/v1/exchanges/${asked.id}/approve`)
    assert.deepEqual(agreed.warranty_claims, [])
    const replaced = await remedy(shop, broken.claim, { kind: 'replace', exchange_id: asked.id })
    assert.deepEqual([replaced.status, replaced.remedy], ['fulfilled', 'replace'])
    const [done] = replaced.remedies
    assert.deepEqual([done.exchange_id, done.order_id], [asked.id, agreed.new_order_id])

    await shop.made(`POST /api/v1/returns/${agreed.return.id}/restock`)
    const settled = await shop.made(`POST /api/v1/exchanges/${asked.id}/settle`)
    assert.equal(settled.status, 'completed')
    // What replaces something inherits its coverage, so it stays one order.
    const tied = await shop.ask(`POST /api/v1/orders/${agreed.new_order_id}/split`, {
      items: [{ item_id: (await orderOf(shop, agreed.new_order_id)).items[0].id, quantity: 1 }],
    })
    assert.deepEqual([tied.status, tied.error.code], [409, 'ORDER_NOT_SPLITTABLE'])
    assert.match(tied.error.message, /WC-/)
    const link = { id: broken.claim.id, claim_number: broken.claim.claim_number }
    const exchange = await shop.made(`GET /api/v1/exchanges/${asked.id}`)
    assert.deepEqual(exchange.warranty_claims, [{ ...link, remedy: 'replace' }])
    const { data: list } = await shop.ask('GET /api/v1/exchanges')
    assert.deepEqual(list.items[0].warranty_claims, exchange.warranty_claims)
    for (const status of ['processing', 'shipped', 'delivered']) {
      await shop.made(`PUT /api/v1/orders/${agreed.new_order_id}/status`, { status })
    }
    await shop.relay()
    const inherited = await shop.warranty(done.replacement_warranty_id)
    const old = await shop.warranty(broken.warranty.id)
    assert.equal(old.status, 'ended')
    assert.equal(inherited.end_date, old.end_date)
    const { items: all } = await shop.made('GET /api/v1/warranties')
    assert.equal(all.length, 2, 'what was sent instead is not covered anew')

    const second = await claimed(shop)
    const back = await shop.made('POST /api/v1/returns', { order_id: second.order.id, reason })
    await shop.made(`POST /api/v1/returns/${back.id}/approve`)
    await shop.made(`POST /api/v1/returns/${back.id}/restock`)
    const paid = await shop.made(`POST /api/v1/returns/${back.id}/refund`)
    assert.deepEqual([paid.status, paid.refund_amount], ['Refunded', '80.00'])
    const refunded = await remedy(shop, second.claim, { kind: 'refund', return_id: back.id })
    assert.deepEqual([refunded.status, refunded.remedies[0].return_id], ['fulfilled', back.id])
    const returned = await shop.made(`GET /api/v1/returns/${back.id}`)
    const other = { id: second.claim.id, claim_number: second.claim.claim_number }
    assert.deepEqual(returned.warranty_claims, [{ ...other, remedy: 'refund' }])
    assert.equal((await shop.warranty(second.warranty.id)).status, 'ended')
    assert.equal((await orderOf(shop, second.order.id)).payment_status, 'refunded')
    assert.deepEqual(await shop.violations(), [])
  })
})

const orderOf = (shop: Workshop, id: string) => shop.made(`GET /api/v1/orders/${id}`)
