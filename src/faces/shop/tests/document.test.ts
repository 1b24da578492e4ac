import assert from 'node:assert/strict'
import { it } from 'node:test'
import { FACE_DOCUMENTS } from '#faces/rest/docs-pages/assets'
import { onEveryEngine, openHouse } from '#testing'

/** Every path of the published document, as it writes them. */
const DOCUMENTED = [
  'POST /api/auth/login',
  'POST /api/auth/refresh',
  'GET /api/cart',
  'POST /api/cart/items',
  'PATCH /api/cart/items/{item_id}',
  'DELETE /api/cart/items/{item_id}',
  'DELETE /api/cart',
  'POST /api/checkout/session',
  'GET /api/checkout/session/{checkout_session_id}',
  'POST /api/checkout/payment-intent',
  'POST /api/woocommerce/products/sync',
  'POST /api/woocommerce/inventory/sync',
  'POST /api/woocommerce/orders',
  'POST /api/webhooks/stripe',
]

onEveryEngine('the document of the shop face', (engine) => {
  it('tells every published path, and each is served below both prefixes', async () => {
    await using house = await openHouse(engine)
    const { statusCode, body } = await house.http.inject('/api/openapi.json')
    assert.equal(statusCode, 200)
    const { openapi, paths, components } = JSON.parse(body)
    assert.equal(openapi, '3.1.0')
    const told = Object.entries<any>(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    assert.deepEqual(told.toSorted(), DOCUMENTED.toSorted())
    for (const route of DOCUMENTED) {
      const [method = '', path = ''] = route.split(' ')
      for (const url of [path, path.replace('/api', '/api/v1')]) {
        const found = house.http.hasRoute({
          method: method as 'GET',
          url: url.replace(/\{(\w+)\}/g, ':$1'),
        })
        assert.ok(found, `${method} ${url}`)
      }
    }
    const added = paths['/api/cart/items'].post
    assert.deepEqual(added.requestBody.content['application/json'].schema.required, ['product_id'])
    assert.match(added.responses['400'].description, /insufficient_inventory/)
    assert.match(added.responses['400'].description, /invalid_product/)
    assert.match(added.responses['404'].description, /cart_not_found/)
    assert.deepEqual(paths['/api/cart'].get.parameters[0].name, 'session_id')
    assert.ok(components.schemas.Error.properties.request_id)
  })

  it('can be chosen on the page of documents, beside those of the other faces', async () => {
    await using house = await openHouse(engine)
    const page = await house.http.inject('/docs')
    assert.match(page.body, /src="\/docs\/start\.js"/)
    const start = await house.http.inject('/docs/start.js')
    for (const { title, url } of FACE_DOCUMENTS) {
      assert.ok(start.body.includes(title) && start.body.includes(url), title)
      const { statusCode, body } = await house.http.inject(url)
      assert.deepEqual([statusCode, JSON.parse(body).openapi], [200, '3.1.0'], url)
    }
  })
})
