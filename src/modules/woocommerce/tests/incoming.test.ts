import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { openShop, type Shop } from './shop.ts'

/** A paid order that a buyer has placed in WooCommerce itself. */
const bought = (shop: Shop, quantity: number, more: object = {}) =>
  shop.books.createOrder({
    set_paid: true,
    currency: 'USD',
    billing: {
      first_name: 'Bo',
      last_name: 'Lee',
      email: 'bo@example.com',
      address_1: '5 Low Road',
      city: 'Bangor',
      state: 'ME',
      postcode: '04401',
      country: 'US',
    },
    line_items: [
      {
        product_id: [...shop.books.products.keys()][0],
        quantity,
        subtotal: '25.00',
        total: '20.00',
        total_tax: '1.10',
      },
    ],
    shipping_lines: [{ method_id: 'flat', method_title: 'Post', total: '5.00', total_tax: '0.00' }],
    ...more,
  })
const listed = async (shop: Shop) => (await shop.made('GET /api/v1/orders?limit=10')).items
const pull = (shop: Shop) => shop.made('POST /api/v1/woocommerce/pull', {})

onEveryEngine('news of WooCommerce', (engine) => {
  it('bring its orders over, with its money, each once however often it is told', async () => {
    await using shop = await openShop(engine)
    await shop.drain()
    const there = bought(shop, 2)
    for (const topic of ['order.created', 'order.updated', 'order.updated']) {
      assert.equal(await shop.deliver(topic, there), 200)
    }
    await shop.drain()
    await shop.deliver('order.updated', there)
    await pull(shop)
    await shop.drain()
    const orders = await listed(shop)
    assert.equal(orders.length, 1)
    const order = await shop.orderNow(orders[0].id)
    assert.deepEqual(
      [order.status, order.payment_status, order.total_amount, order.tax_total],
      ['confirmed', 'paid', '26.10', '1.10'],
    )
    assert.deepEqual(
      [order.discount_total, order.shipping_total, order.email],
      ['5.00', '5.00', 'bo@example.com'],
    )
    assert.deepEqual([order.items[0].sku, order.items[0].quantity], ['MUG', 2])
    assert.equal(await shop.available(), 8)
    assert.equal(shop.books.product([...shop.books.products.keys()][0] as number).stock_quantity, 8)
    assert.equal(shop.woo.times('POST orders'), 0)
  })

  it('that cannot be true here are given up, with the reason', async () => {
    await using shop = await openShop(engine)
    await shop.drain()
    const many = bought(shop, 500)
    await shop.deliver('order.created', many)
    const odd = shop.books.createProduct({ sku: '', regular_price: '1' })
    const strange = bought(shop, 1, { line_items: [{ product_id: odd.id, quantity: 1 }] })
    await shop.deliver('order.created', strange)
    await shop.drain()
    const syncs = await shop.syncs('pull_order')
    assert.deepEqual(
      syncs.map(({ status }) => status),
      ['failed', 'failed'],
    )
    assert.match(syncs[0].error, /stock/i)
    assert.match(syncs[1].error, /nothing here is/)
    assert.deepEqual(await listed(shop), [])
  })

  it('change a product, and are not told back', async () => {
    await using shop = await openShop(engine)
    await shop.drain()
    const [there] = [...shop.books.products.values()] as any[]
    const told = shop.woo.times('PUT products/:id')
    shop.woo.pass(10)
    shop.books.updateProduct(there.id, { name: 'Cup &amp; saucer', regular_price: '14' })
    await shop.deliver('product.updated', there)
    await shop.drain()
    const mug = await shop.made('GET /api/v1/products/MUG')
    assert.deepEqual([mug.name, mug.price], ['Cup & saucer', '14.00'])
    assert.equal(shop.woo.times('PUT products/:id'), told)
  })

  it('win or lose fact by fact: each side keeps what only it has changed', async () => {
    await using shop = await openShop(engine)
    await shop.drain()
    const [there] = [...shop.books.products.values()] as any[]
    await shop.made('PUT /api/v1/products/MUG', { name: 'Our name' })
    shop.woo.pass(10)
    shop.books.updateProduct(there.id, { regular_price: '15.00' })
    await shop.deliver('product.updated', there)
    await shop.drain()
    const mug = await shop.made('GET /api/v1/products/MUG')
    assert.deepEqual([mug.name, mug.price], ['Our name', '15.00'])
    assert.deepEqual([there.name, there.regular_price], ['Our name', '15.00'])
  })

  it('of the same fact go to whoever was later', async () => {
    await using shop = await openShop(engine)
    await shop.drain()
    const [there] = [...shop.books.products.values()] as any[]
    await shop.made('PUT /api/v1/products/MUG', { name: 'Ours' })
    shop.woo.pass(60)
    shop.books.updateProduct(there.id, { name: 'Theirs' })
    await shop.deliver('product.updated', there)
    await shop.drain()
    assert.equal((await shop.made('GET /api/v1/products/MUG')).name, 'Theirs')
    assert.equal(there.name, 'Theirs')
  })

  it('that come late and in any order change nothing', async () => {
    await using shop = await openShop(engine)
    await shop.drain()
    const [there] = [...shop.books.products.values()] as any[]
    shop.woo.pass(10)
    shop.books.updateProduct(there.id, { name: 'Second' })
    const second = shop.woo.webhook('product.updated', there)
    const stale = structuredClone(there)
    shop.woo.pass(10)
    shop.books.updateProduct(there.id, { name: 'Third' })
    await shop.deliver('product.updated', there)
    await shop.drain()
    assert.equal((await shop.made('GET /api/v1/products/MUG')).name, 'Third')

    const asked = shop.woo.asked.length
    assert.equal(await shop.deliver('product.updated', stale), 200)
    assert.ok(second.body.includes('Second'))
    await shop.drain()
    assert.equal((await shop.made('GET /api/v1/products/MUG')).name, 'Third')
    assert.equal(shop.woo.asked.length, asked, 'what is known to be old needs no look')
  })

  it('are taken only with a good signature; a ping is answered without one', async () => {
    await using shop = await openShop(engine)
    const product = shop.books.createProduct({ sku: 'NEW', name: 'New', regular_price: '3' })
    const good = shop.woo.webhook('product.created', product)
    const post = async (body: string, headers: Record<string, string> = {}) => {
      const url = '/api/v1/woocommerce/webhooks'
      const answer = await shop.house.http.inject({ method: 'POST', url, headers, payload: body })
      return answer.statusCode
    }
    const { 'x-wc-webhook-signature': _, ...unsigned } = good.headers
    assert.equal(await post(good.body, unsigned), 401)
    assert.equal(await shop.deliver('product.created', product, { secret: 'another' }), 401)
    assert.equal(await post(`${good.body} `, good.headers), 401)
    const noJson = shop.woo.webhook('product.created', 'no object' as never)
    assert.equal(await post(noJson.body, noJson.headers), 400)
    assert.deepEqual(await shop.syncs('pull_product'), [])

    assert.equal(await post('', {}), 200)
    assert.equal(await post('{}', { 'content-type': 'application/json' }), 200)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    assert.equal(await post('webhook_id=7', form), 200)
    assert.equal(await shop.deliver('coupon.created', product), 200)
    assert.deepEqual(await shop.syncs('pull_product'), [])

    const { headers, body } = good
    assert.equal(await post(body, headers), 200)
    await shop.drain()
    assert.equal(await post(body, headers), 200)
    await shop.drain()
    assert.equal((await shop.syncs('pull_product')).length, 1)
    assert.equal((await shop.made('GET /api/v1/products/NEW')).price, '3.00')
  })

  it('are all refused while no secret is set', async () => {
    await using shop = await openShop(engine, { settings: { woocommerce_webhook_secret: '' } })
    const product = shop.books.createProduct({ sku: 'NEW' })
    assert.equal(await shop.deliver('product.created', product, { secret: 'x' }), 401)
  })

  it('that never arrive are found by asking, from where the last look ended', async () => {
    await using shop = await openShop(engine)
    await shop.drain()
    for (let nth = 0; nth < 120; nth++) {
      if (nth % 40 === 0) shop.woo.pass(1)
      shop.books.createProduct({ sku: `P${nth}`, name: `P${nth}`, regular_price: '1' })
    }
    assert.equal((await pull(shop)).found, 120)
    await shop.drain()
    assert.equal((await shop.made('GET /api/v1/woocommerce')).products_linked, 121)
    assert.equal((await pull(shop)).found, 0)
    shop.woo.pass(5)
    const there = [...shop.books.products.values()].at(-1) as any
    shop.books.updateProduct(there.id, { name: 'Renamed' })
    const before = bought(shop, 1)
    // The renamed product, the order, and the mug, whose stock the order has lowered.
    assert.equal((await pull(shop)).found, 3)
    await shop.drain()
    assert.equal((await shop.made(`GET /api/v1/products/${there.sku}`)).name, 'Renamed')
    assert.equal((await listed(shop)).length, 1)
    assert.equal(before.status, 'processing')
  })

  it('bring a product with variations over, and what is added to it later', async () => {
    await using shop = await openShop(engine)
    const whole = shop.books.createProduct({
      type: 'variable',
      name: 'Cup &amp; lid',
      sku: 'CUP',
      attributes: [
        { name: 'size', options: ['small', 'large', 'huge'], variation: true },
        { name: 'material', options: ['clay'], variation: false },
      ],
      images: [{ src: 'https://pictures.example/cup.png' }],
    })
    const vary = (size: string, more: object) =>
      shop.books.createProduct(
        { sku: `CUP-${size}`, attributes: [{ name: 'Size', option: size }], ...more },
        whole.id,
      )
    const small = vary('small', { regular_price: '5' })
    vary('large', { regular_price: '7.5000', image: { src: 'https://pictures.example/l.png' } })
    await shop.deliver('product.created', whole)
    await shop.drain()

    const cup = await shop.made('GET /api/v1/products/CUP')
    assert.deepEqual(
      [cup.name, cup.options],
      ['Cup & lid', [{ name: 'size', choices: ['small', 'large'] }]],
    )
    const told = ({ sku, price, options }: any) => [sku, price, options.size]
    assert.deepEqual(cup.variants.map(told), [
      ['CUP-small', '5.00', 'small'],
      ['CUP-large', '7.50', 'large'],
    ])
    const { items: links } = await shop.made(
      `GET /api/v1/woocommerce/links?woocommerce_id=${small.id}`,
    )
    assert.deepEqual(
      links.map((link: any) => [link.kind, link.id, link.woocommerce_parent_id]),
      [['variant', cup.variants[0].id, String(whole.id)]],
    )
    const toldThere = () => shop.woo.asked.filter((one) => /^(PUT|POST) products/.test(one)).length
    const before = toldThere()

    // A price that changes there comes over, a variation that is added too; nothing is made twice.
    shop.woo.pass(10)
    shop.books.updateProduct(small.id, { regular_price: '6' }, whole.id)
    await shop.deliver('product.updated', small)
    const huge = vary('huge', { regular_price: '9' })
    for (const topic of ['product.created', 'product.updated']) await shop.deliver(topic, huge)
    await shop.drain()
    const now = await shop.made('GET /api/v1/products/CUP')
    assert.deepEqual(now.variants.map(told), [
      ['CUP-small', '6.00', 'small'],
      ['CUP-large', '7.50', 'large'],
      ['CUP-huge', '9.00', 'huge'],
    ])
    assert.equal(shop.books.products.size, 5, 'the mug, the cup, and three sizes of it')
    assert.equal(toldThere(), before, 'nothing of it is told back')

    // A change here tells that change, and leaves what was never read of it as it is there.
    whole.short_description = 'Keeps warm'
    const { images, attributes, slug } = whole
    await shop.made('PUT /api/v1/products/CUP', { name: 'Big cup' })
    await shop.drain()
    assert.deepEqual(
      [whole.name, whole.short_description, whole.slug, whole.images, whole.attributes],
      ['Big cup', 'Keeps warm', slug, images, attributes],
    )
  })

  it('of products that cannot be sold here say why they stay there', async () => {
    await using shop = await openShop(engine)
    await shop.drain()
    const attributes = [{ name: 'size', options: ['s', 'm'], variation: true }]
    const made = (sent: object) => shop.books.createProduct(sent)
    const vary = (parent: number, sent: object) => shop.books.createProduct(sent, parent)
    const any = made({ type: 'variable', sku: 'ANY', attributes })
    for (const [sku, option] of [
      ['ANY-1', 's'],
      ['ANY-2', ''],
    ]) {
      vary(any.id, { sku, regular_price: '1', attributes: [{ name: 'size', option }] })
    }
    const bare = made({ type: 'variable', sku: 'BARE', attributes })
    for (const option of ['s', 'm']) {
      const product = vary(bare.id, { regular_price: '1', attributes: [{ name: 'size', option }] })
      product.sku = 'BARE'
    }
    const all = [
      any,
      bare,
      made({ type: 'variable', sku: 'NONE', attributes }),
      made({ type: 'grouped', sku: 'SET' }),
      made({ sku: 'FREE' }),
      made({ name: 'Nameless', regular_price: '1' }),
    ]
    for (const one of all) await shop.deliver('product.created', one)
    await shop.drain()
    const notes = (await shop.syncs('pull_product')).map(({ note }) => note)
    const why = [
      /any «size»/,
      /no SKUs of their own/,
      /no variations/,
      /not grouped/,
      /no price/,
      /no SKU/,
    ]
    assert.equal(notes.length, why.length)
    for (const [nth, reason] of why.entries()) assert.match(notes[nth], reason)
    assert.equal((await shop.made('GET /api/v1/products')).total, 1)
  })

  it('of what lies in the trash there are those of what is gone', async () => {
    await using shop = await openShop(engine)
    await shop.drain()
    const [there] = [...shop.books.products.values()] as any[]
    shop.woo.pass(10)
    shop.books.trashProduct(there.id)
    await shop.deliver('product.updated', there)
    await shop.made('PUT /api/v1/products/MUG', { name: 'Big mug' })
    await shop.drain()
    assert.deepEqual([there.status, there.name], ['trash', 'Mug'])
    const mug = await shop.made('GET /api/v1/products/MUG')
    assert.deepEqual([mug.status, mug.name], ['active', 'Big mug'])
    assert.match((await shop.syncs('product')).at(-1).note, /deleted/)
  })

  it('of a sent order that outran its answer are no new order', async () => {
    await using shop = await openShop(engine)
    const order = await shop.order(1)
    shop.woo.fail('POST orders', 'lost after')
    await shop.ask('POST /api/v1/woocommerce/order-pushes', { order_id: order.id })
    const [there] = [...shop.books.orders.values()] as any[]
    await shop.deliver('order.created', there)
    await shop.drain()
    assert.equal((await listed(shop)).length, 1)
    assert.equal(shop.books.orders.size, 1)
    // Somebody has made it again by hand: nobody here takes it for another order.
    const copy = shop.books.createOrder({ meta_data: there.meta_data, line_items: [] })
    await shop.deliver('order.created', copy)
    await shop.drain()
    assert.equal((await listed(shop)).length, 1)
    assert.match((await shop.syncs('pull_order')).at(-1).error, /as \d+ too/)
  })
})
