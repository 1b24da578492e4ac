import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { openUcp } from './platform.ts'
import { assertAddsUp, assertIs } from './schemas.ts'

const LOOKUP = 'shopping/catalog_lookup.json#/$defs'

onEveryEngine('the catalogue and carts of UCP', (engine) => {
  it('finds products, page by page and by price', async () => {
    await using ucp = await openUcp(engine)
    const find = async (body: object) => {
      const answer = await ucp.send('POST /catalog/search', body)
      assertIs('shopping/catalog_search.json#/$defs/search_response', answer.body)
      return answer.body
    }
    const first = await find({ pagination: { limit: 1 } })
    assert.equal(first.pagination.has_next_page, true)
    const second = await find({ pagination: { limit: 1, cursor: first.pagination.cursor } })
    const skus = [first, second].map(({ products }) => products[0].variants[0].sku)
    assert.deepEqual(skus.toSorted(), ['MUG', 'TEA'])
    const dear = await find({ filters: { price: { min: 1000 } } })
    assert.deepEqual(dear.products[0].price_range.min, { amount: 1250, currency: 'USD' })
    assert.equal(dear.products.length, 1)
    assert.equal((await find({ query: 'mug' })).products[0].title, 'The MUG')
  })

  it('looks up ids and SKUs, and says what there is none of', async () => {
    await using ucp = await openUcp(engine)
    const mug = (await ucp.ask('GET /api/v1/products/by-sku/MUG')).data
    const ids = [mug.id, mug.variants[0].id, 'TEA', 'NOTHING']
    const { body } = await ucp.send('POST /catalog/lookup', { ids })
    assertIs(`${LOOKUP}/lookup_response`, body)
    assert.equal(body.products.length, 2)
    assert.deepEqual(
      body.products[0].variants[0].inputs.map(({ match }: any) => match),
      ['featured', 'exact'],
    )
    assert.equal(body.messages[0].code, 'not_found')

    const one = await ucp.send('POST /catalog/product', { id: mug.id })
    assertIs(`${LOOKUP}/get_product_response`, one.body)
    const none = await ucp.send('POST /catalog/product', { id: 'NOTHING' })
    assertIs('shopping/types/error_response.json', none.body)
  })

  it('shows which options can be had with those that are chosen', async () => {
    await using ucp = await openUcp(engine)
    const { data } = await ucp.ask('POST /api/v1/products', {
      name: 'Shirt',
      sku: 'SHIRT',
      variants: ['blue S', 'blue M', 'red S'].map((choice) => {
        const [colour, size] = choice.split(' ')
        return {
          sku: `S-${colour}-${size}`,
          name: choice,
          price: '20.00',
          options: { colour, size },
        }
      }),
    })
    const selected = [{ name: 'colour', label: 'red' }]
    const { body } = await ucp.send('POST /catalog/product', { id: data.id, selected })
    assertIs(`${LOOKUP}/get_product_response`, body)
    const sizes = body.product.options.find(({ name }: any) => name === 'size')
    assert.deepEqual(
      sizes.values.map(({ label, exists }: any) => [label, exists]),
      [
        ['S', true],
        ['M', false],
      ],
    )
    assert.equal(body.product.variants[0].sku, 'S-red-S')
  })

  it('keeps a cart that is replaced whole and becomes a checkout', async () => {
    await using ucp = await openUcp(engine)
    const ask = async (route: string, body?: object) => {
      const answer = await ucp.send(route, body)
      assertIs('shopping/discount.json#/$defs/dev.ucp.shopping.cart', answer.body)
      assertAddsUp(answer.body.totals)
      return answer.body
    }
    const context = { address_country: 'US', postal_code: '04101' }
    const line = (id: string, quantity: number) => ({ item: { id }, quantity })
    const made = await ask('POST /carts', { line_items: [line('MUG', 1)], context })
    assert.equal(made.line_items[0].item.price, 1250)
    const id = encodeURIComponent(made.id)
    const changed = await ask(`PUT /carts/${id}`, {
      line_items: [line('TEA', 2), line(made.line_items[0].item.id, 3)],
    })
    assert.deepEqual(
      changed.line_items.map(({ item, quantity }: any) => [item.title, quantity]).toSorted(),
      [
        ['The MUG', 3],
        ['The TEA', 2],
      ],
    )
    const checkout = await ucp.checkout('POST /checkout-sessions', { cart_id: made.id })
    assert.equal(checkout.totals[0].amount, 3 * 1250 + 2 * 400)

    await ask(`POST /carts/${id}/cancel`, {})
    const gone = await ucp.send(`GET /carts/${id}`)
    assertIs('shopping/types/error_response.json', gone.body)
    const [cart_id] = made.id.split('.')
    const guessed = await ucp.send(`GET /carts/${cart_id}`)
    assert.equal(guessed.body.messages[0].code, 'not_found')
  })
})
