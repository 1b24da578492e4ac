import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type House, onEveryEngine, openHouse } from '#testing'

async function placeOrder(house: House, units = 2) {
  await house.ask('POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
  await house.ask('POST /api/v1/products', { name: 'Mug', sku: 'MUG', price: '12.50' })
  const stock = { item_number: 'MUG', location_id: 'MAIN', quantity_on_hand: 5 }
  await house.ask('POST /api/v1/inventory', stock)
  const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
  const { data: customer } = await house.ask('POST /api/v1/customers', person)
  const items = [{ product_id: 'MUG', quantity: units }]
  return (await house.ask('POST /api/v1/orders', { customer_id: customer.id, items })).data
}

const pay = (house: House, order_id: string, payment_method_id = 'pm_test_success') =>
  house.ask('POST /api/v1/payments', {
    order_id,
    amount: '25.00',
    payment_method: 'credit_card',
    payment_method_id,
  })
const read = async (house: House, id: string) => (await house.ask(`GET /api/v1/orders/${id}`)).data

onEveryEngine('paid orders', (engine) => {
  it('are confirmed in the transaction that records the money, and keep their stock', async () => {
    await using house = await openHouse(engine)
    const order = await placeOrder(house)

    const paid = await pay(house, order.id)

    assert.equal(paid.status, 201, JSON.stringify(paid.body))
    const { status, payment_status } = await read(house, order.id)
    assert.deepEqual([status, payment_status], ['confirmed', 'paid'])
    const { data: held } = await house.ask('GET /api/v1/inventory/reservations?status=confirmed')
    assert.equal(held.total, 1)
    const events = await house.events()
    assert.ok(events.indexOf('payment.captured') < events.indexOf('order.payment_status_changed'))
    assert.deepEqual(await house.violations(), [])
  })

  it('stay pending when the payment is declined, and may be paid again', async () => {
    await using house = await openHouse(engine)
    const order = await placeOrder(house)

    const declined = await pay(house, order.id, 'pm_test_declined')
    assert.equal(declined.status, 402)
    const after = await read(house, order.id)
    assert.deepEqual([after.status, after.payment_status], ['pending', 'failed'])

    assert.equal((await pay(house, order.id)).status, 201)
    assert.equal((await read(house, order.id)).payment_status, 'paid')
    assert.deepEqual(await house.violations(), [])
  })

  it('give stock and money back when they are cancelled', async () => {
    await using house = await openHouse(engine, { background: true })
    const order = await placeOrder(house)
    await pay(house, order.id)

    const cancelled = await house.ask(`POST /api/v1/orders/${order.id}/cancel`, {})

    assert.equal(cancelled.status, 200, JSON.stringify(cancelled.body))
    assert.equal((await house.ask('GET /api/v1/inventory/MUG')).data.quantities.available, '5')
    await eventually(async () => {
      assert.equal((await read(house, order.id)).payment_status, 'refunded')
    })
    assert.equal((await pay(house, order.id)).status, 409)
    assert.deepEqual(await house.violations(), [])
  })
})

async function eventually(check: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await check()
    } catch (error) {
      if (tries === 50) throw error
      await new Promise((done) => setTimeout(done, 20))
    }
  }
}
