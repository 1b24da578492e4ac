import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, openHouse } from '#testing'
import { openShop as openWooShop } from '../../../modules/woocommerce/tests/shop.ts'
import { asking, goOn, newShopper, openShop, providerOf, SESSION, SIGNED } from './shopping.ts'

onEveryEngine('WooCommerce over the shop face', (engine) => {
  it('sends products, stock and the order of a paid session, once', async () => {
    await using shop = await openWooShop(engine, { settings: SIGNED })
    const { house } = shop
    const staff = (route: string, body: object) => house.send(route, { body })

    const product = await staff('POST /api/woocommerce/products/sync', { product_id: 'MUG' })
    assert.equal(product.status, 200, JSON.stringify(product.body))
    const { woocommerce_product_id, synced_fields, product_id, success } = product.body
    assert.deepEqual(
      [success, product_id, Number.isInteger(woocommerce_product_id)],
      [true, 'MUG', true],
    )
    assert.ok(synced_fields.length > 0)
    const stock = await staff('POST /api/v1/woocommerce/inventory/sync', {
      product_id: 'MUG',
      quantity: 7,
      sync_direction: 'to_woocommerce',
    })
    assert.deepEqual(
      [stock.status, stock.body.platform_quantity, stock.body.woocommerce_quantity],
      [200, 7, 7],
      JSON.stringify(stock.body),
    )

    const ada = asking(house, await newShopper(house, 'buyer@example.com'))
    await ada('POST /api/cart/items', { product_id: 'MUG', quantity: 1 })
    const { body: session } = await ada('POST /api/checkout/session', SESSION)
    const asked = {
      stripe_session_id: session.session_id,
      customer: { email: 'buyer@example.com', first_name: 'Ada', last_name: 'Brook' },
      shipping: {
        address_1: '123 Main St',
        city: 'Los Angeles',
        state: 'CA',
        postcode: '90001',
        country: 'US',
      },
    }
    const early = await ada('POST /api/woocommerce/orders', asked)
    assert.deepEqual([early.status, early.body.error], [402, 'payment_failed'])
    await providerOf(house).completeHosted(session.session_id, 'paid')
    await goOn(house)

    // What WooCommerce does not do now is told as this interface says it, and done later.
    shop.woo.fail('POST orders', 'lost after')
    const failed = await ada('POST /api/woocommerce/orders', asked)
    assert.deepEqual([failed.status, failed.body.error], [500, 'woocommerce_sync_failed'])
    assert.equal((await shop.syncs('order')).at(-1).status, 'waiting')
    // The event of the payment sends it as well, and finds what the lost call has made.
    await shop.drain()
    const first = await ada('POST /api/woocommerce/orders', asked)
    const again = await ada('POST /api/woocommerce/orders', asked)

    assert.equal(first.status, 200, JSON.stringify(first.body))
    assert.deepEqual(again.body, first.body)
    assert.match(first.body.order_number, /^SKY-\d{4}-\d{3,}$/)
    assert.deepEqual([first.body.total, first.body.currency], ['28.75', 'USD'])
    assert.equal(shop.woo.times('POST orders'), 1)
    assert.deepEqual([...shop.books.orders.keys()], [first.body.woocommerce_order_id])
    const { data: orders } = await house.ask('GET /api/v1/orders')
    const [{ shipping_address: to, billing_address: bill, total_amount }] = orders.items
    assert.deepEqual(
      [to.name, to.street, to.country, bill.street, total_amount],
      ['Ada Brook', '123 Main St', 'US', '123 Main St', '28.75'],
    )
  })

  it('refuses who may not, and says so where no WooCommerce is set up', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const ada = asking(house, await newShopper(house))
    const body = { product_id: 'ROSE' }
    const forbidden = await ada('POST /api/woocommerce/products/sync', body)
    const missing = await house.send('POST /api/woocommerce/products/sync', { body })
    const nobody = await asking(house, 'nobody')('POST /api/woocommerce/products/sync', body)
    assert.deepEqual(
      [forbidden.status, missing.status, missing.body.error, nobody.status, nobody.body.error],
      [403, 500, 'woocommerce_sync_failed', 401, 'authentication_required'],
    )
  })
})
