import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryEngine, openHouse } from '#testing'
import { asAgent, available, openShop, otherAgent, ready } from './agent.ts'

onEveryEngine('sessions of agents', (engine) => {
  test('create, update and complete make one paid order at the total shown', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const ask = asAgent(house)
    const created = await ask('POST', ready())
    assert.equal(created.status, 201, JSON.stringify(created.body))
    assert.equal(created.data.status, 'ready_for_payment', JSON.stringify(created.data.messages))
    assert.equal(await available(house, 'MUG'), 98)
    const { id } = created.data
    const updated = await ask(`POST /${id}`, {
      items: [
        { id: 'MUG', quantity: 3 },
        { id: 'BOOK', quantity: 1 },
      ],
    })
    assert.equal(updated.status, 200, JSON.stringify(updated.body))
    assert.equal(updated.data.lines[0].id, created.data.lines[0].id)
    const { totals } = updated.data
    assert.equal(totals.items_base, 3 * 1250 + 900)
    assert.equal(
      totals.total,
      totals.subtotal - totals.discount + totals.fulfillment + totals.added_tax,
    )
    assert.deepEqual((await ask(`GET /${id}`)).data, updated.data)
    const done = await ask(`POST /${id}/complete`, { payment: { token: 'pm_test_success' } })
    assert.equal(done.status, 200, JSON.stringify(done.body))
    assert.equal(done.data.status, 'completed')
    const order = await house.ask(`GET /api/v1/orders/${done.data.order.id}`)
    assert.equal(order.data.payment_status, 'paid')
    assert.equal(order.data.total_amount, (totals.total / 100).toFixed(2))
    assert.equal(
      (await ask(`POST /${id}/complete`, { payment: { token: 'pm_test_success' } })).data.order.id,
      done.data.order.id,
    )
    assert.equal((await asAgent(house, otherAgent)(`GET /${id}`)).status, 404)
    assert.deepEqual(await house.violations(), [])
  })

  test('a declined payment leaves no order that stands, and the session can be paid', async () => {
    await using house = await openHouse(engine)
    await openShop(house, { MUG: 2 })
    const ask = asAgent(house)
    const { id } = (await ask('POST', ready())).data
    const no = await ask(`POST /${id}/complete`, { payment: { token: 'pm_test_declined' } })
    assert.equal(no.status, 200, JSON.stringify(no.body))
    assert.equal(no.data.status, 'ready_for_payment')
    assert.deepEqual(
      no.data.messages.map((one: { code: string }) => one.code),
      ['payment_declined'],
    )
    assert.equal(await available(house, 'MUG'), 0)
    const yes = await ask(`POST /${id}/complete`, { payment: { token: 'pm_test_success' } })
    assert.equal(yes.data.status, 'completed', JSON.stringify(yes.body))
    assert.deepEqual(await house.violations(), [])
  })

  test('3-D Secure asks for its result, and the payment goes on with it', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const ask = asAgent(house)
    const { id } = (await ask('POST', ready())).data
    const complete = (more: object) =>
      ask(`POST /${id}/complete`, { payment: { token: 'pm_test_3ds' }, ...more })
    assert.equal((await complete({})).data.status, 'authentication_required')
    assert.equal((await complete({})).error.code, 'AGENT_AUTHENTICATION_REQUIRED')
    const denied = await complete({ authentication_result: { outcome: 'denied' } })
    assert.equal(denied.data.status, 'ready_for_payment', JSON.stringify(denied.body))
    assert.equal((await complete({})).data.status, 'authentication_required')
    const done = await complete({ authentication_result: { outcome: 'authenticated' } })
    assert.equal(done.data.status, 'completed', JSON.stringify(done.body))
    assert.deepEqual(await house.violations(), [])
  })

  test('canceling gives the units back, once', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const ask = asAgent(house)
    const { id } = (await ask('POST', ready())).data
    assert.equal((await ask(`POST /${id}/cancel`, {})).data.status, 'canceled')
    assert.equal(await available(house, 'MUG'), 100)
    assert.equal((await ask(`POST /${id}/cancel`, {})).error.code, 'AGENT_SESSION_ENDED')
    assert.deepEqual(await house.violations(), [])
  })

  test('what comes to another total than was shown is shown, and not charged', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const ask = asAgent(house)
    const { id, totals } = (await ask('POST', ready())).data
    const found = await house.ask('GET /api/v1/products?search=MUG')
    const [{ id: product }] = found.data.items
    const dearer = await house.ask(`PUT /api/v1/products/${product}`, { price: '15.00' })
    assert.equal(dearer.status, 200, JSON.stringify(dearer.body))
    const pay = () => ask(`POST /${id}/complete`, { payment: { token: 'pm_test_success' } })
    const asked = await pay()
    assert.equal(asked.data.status, 'ready_for_payment')
    assert.ok(asked.data.messages.some(({ code }: { code: string }) => code === 'price_change'))
    assert.equal(asked.data.totals.items_base - totals.items_base, 500)
    assert.equal((await house.ask('GET /api/v1/orders')).data.items.length, 0)
    assert.equal((await pay()).data.status, 'completed')
    assert.deepEqual(await house.violations(), [])
  })
})
