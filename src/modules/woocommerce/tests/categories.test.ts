import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { openShop, type Shop } from './shop.ts'

const SYNC = 'POST /api/v1/woocommerce/category-syncs'
const pull = (shop: Shop) => shop.made('POST /api/v1/woocommerce/pull', {})
const add = (shop: Shop, name: string, more: object = {}) =>
  shop.made('POST /api/v1/categories', { name, ...more })
const here = (shop: Shop, slug: string) => shop.made(`GET /api/v1/categories/${slug}`)
/** The categories there, without the one that is always there. */
const there = ({ books }: Shop) => [...books.categories.all.values()].slice(1)
const named = (shop: Shop, name: string) => there(shop).find((one) => one.name === name) as any
const placesOf = ({ books }: Shop) =>
  [...books.products.values()][0]?.categories.map(({ name }: { name: string }) => name)

onEveryEngine('categories in WooCommerce', (engine) => {
  it('are made after those above them, each once, and products stand in them', async () => {
    await using shop = await openShop(engine)
    const kitchen = await add(shop, 'Kitchen & more', { description: 'For cooks' })
    const cups = await add(shop, 'Cups', { parent_id: kitchen.id })
    const tall = await add(shop, 'Tall', { parent_id: cups.id })
    await shop.made('PUT /api/v1/products/MUG', { category_ids: [tall.id, kitchen.id] })
    // The product asks first: all three are made for it, the topmost first.
    const { outcome } = await shop.made('POST /api/v1/woocommerce/product-syncs', {
      product_id: 'MUG',
    })
    assert.equal(outcome, 'created')
    await shop.drain()
    const [top, middle, last] = there(shop)
    assert.deepEqual(
      there(shop).map(({ name, parent, slug }) => [name, parent, slug]),
      [
        ['Kitchen &amp; more', 0, 'kitchen-more'],
        ['Cups', top?.id, 'cups'],
        ['Tall', middle?.id, 'tall'],
      ],
    )
    assert.equal(top?.description, 'For cooks')
    assert.deepEqual(placesOf(shop), ['Kitchen &amp; more', 'Tall'])
    assert.equal(shop.woo.times('POST products/categories'), 3)
    assert.equal(shop.woo.times('PUT products/categories/:id'), 0)
    const { items } = await shop.made(`GET /api/v1/woocommerce/links?woocommerce_id=${last?.id}`)
    assert.deepEqual([items[0].kind, items[0].id], ['category', tall.id])
    assert.equal((await shop.made('GET /api/v1/woocommerce')).categories_linked, 3)
  })

  it('follow changes and moves here, and only those', async () => {
    await using shop = await openShop(engine)
    const kitchen = await add(shop, 'Kitchen')
    const cups = await add(shop, 'Cups')
    await shop.drain()
    await shop.made(`PUT /api/v1/categories/${cups.id}`, { name: 'Mugs', description: 'To hold' })
    await shop.made(`POST /api/v1/categories/${cups.id}/move`, { parent_id: kitchen.id })
    await shop.drain()
    const mugs = named(shop, 'Mugs')
    assert.deepEqual(
      [mugs.parent, mugs.description, mugs.slug],
      [named(shop, 'Kitchen').id, 'To hold', 'cups'],
    )
    const told = shop.woo.times('PUT products/categories/:id')
    await shop.made(`PUT /api/v1/categories/${cups.id}`, { position: 7 })
    await shop.drain()
    assert.equal(shop.woo.times('PUT products/categories/:id'), told)
    await shop.made('PUT /api/v1/products/MUG', { category_ids: ['cups'] })
    await shop.drain()
    assert.deepEqual(placesOf(shop), ['Mugs'])
    await shop.made('PUT /api/v1/products/MUG', { category_ids: [] })
    await shop.drain()
    assert.deepEqual(placesOf(shop), ['Uncategorized'], 'which is nobody’s category')
  })

  it('that were made there come over, those above first, and so do their products', async () => {
    await using shop = await openShop(engine)
    await shop.drain()
    const { categories } = shop.books
    // Whoever moves a category in WooCommerce may leave its parent with a higher id.
    const low = categories.create({ name: 'Cups &amp; lids'.replace('&amp;', '&') })
    const high = categories.create({ name: 'Kitchen', description: 'For cooks' })
    categories.update(low.id, { parent: high.id })
    shop.woo.pass(5)
    shop.books.createProduct({ sku: 'LID', regular_price: '1', categories: [{ id: low.id }] })
    await pull(shop)
    await shop.drain()
    const kitchen = await here(shop, 'kitchen')
    const cups = await here(shop, 'cups-lids')
    assert.deepEqual([cups.name, cups.parent_id], ['Cups & lids', kitchen.id])
    assert.equal(kitchen.description, 'For cooks')
    assert.deepEqual((await shop.made('GET /api/v1/products/LID')).category_ids, [cups.id])
    assert.equal(shop.woo.times('PUT products/categories/:id'), 0, 'nothing is told back')
    assert.equal(shop.woo.times('POST products/categories'), 0)

    categories.update(low.id, { name: 'Lids', parent: 0 })
    shop.woo.pass(5)
    const lid = [...shop.books.products.values()].at(-1)
    shop.books.updateProduct(lid?.id as number, { categories: [{ id: high.id }] })
    await pull(shop)
    await shop.drain()
    const lids = await here(shop, cups.id)
    assert.deepEqual([lids.name, lids.parent_id, lids.slug], ['Lids', null, 'cups-lids'])
    assert.deepEqual((await shop.made('GET /api/v1/products/LID')).category_ids, [kitchen.id])
    assert.equal((await pull(shop)).found, 0)
    const { total } = await shop.made('GET /api/v1/categories')
    assert.equal(total, 2)
  })

  it('that both sides have are one: by slug, else by name and place', async () => {
    await using shop = await openShop(engine)
    const { categories } = shop.books
    const same = categories.create({ name: 'Their cups', slug: 'cups' })
    const alike = categories.create({ name: 'Plates & bowls', slug: 'plates-of-old' })
    const cups = await add(shop, 'Cups')
    const plates = await add(shop, 'Plates & bowls')
    await shop.drain()
    assert.equal(there(shop).length, 2)
    const links = async (id: string) =>
      (await shop.made(`GET /api/v1/woocommerce/links?id=${id}`)).items[0].woocommerce_id
    assert.deepEqual(
      [await links(cups.id), await links(plates.id)],
      [String(same.id), String(alike.id)],
    )
    // Nobody knows who was later: then WooCommerce is right.
    assert.equal((await here(shop, cups.id)).name, 'Their cups')
  })

  it('are decided fact by fact: only who has changed wins, and of both WooCommerce', async () => {
    await using shop = await openShop(engine)
    const cups = await add(shop, 'Cups', { description: 'Old' })
    await shop.drain()
    const [remote] = there(shop)
    const id = remote?.id as number
    shop.books.categories.update(id, { description: 'Theirs' })
    await shop.made(`PUT /api/v1/categories/${cups.id}`, { name: 'Ours' })
    await pull(shop)
    await shop.drain()
    const both = await here(shop, cups.id)
    assert.deepEqual([both.name, both.description], ['Ours', 'Theirs'])
    assert.deepEqual([remote?.name, remote?.description], ['Ours', 'Theirs'])
    await shop.made(`PUT /api/v1/categories/${cups.id}`, { name: 'Ours again' })
    shop.books.categories.update(id, { name: 'Theirs' })
    await shop.drain()
    assert.equal((await here(shop, cups.id)).name, 'Theirs')
    // Who asks in person says who is right.
    await shop.made(`PUT /api/v1/categories/${cups.id}`, { name: 'In person' })
    const synced = await shop.made(SYNC, { category_id: 'cups', direction: 'to_woocommerce' })
    assert.deepEqual([synced.outcome, remote?.name], ['updated', 'In person'])
  })

  for (const [direction, expected] of [
    ['to_woocommerce', 'Ours'],
    ['from_woocommerce', 'Theirs'],
  ] as const) {
    it(`go one way only where the setting says so (${direction})`, async () => {
      await using shop = await openShop(engine, {
        settings: { woocommerce_direction: direction },
      })
      await add(shop, 'Ours')
      shop.books.categories.create({ name: 'Theirs' })
      await shop.drain()
      await pull(shop)
      await shop.drain()
      const { items } = await shop.made('GET /api/v1/categories')
      const both = [...items.map(({ name }: any) => name), ...there(shop).map(({ name }) => name)]
      const other = expected === 'Ours' ? 'Theirs' : 'Ours'
      assert.deepEqual(both.toSorted(), [expected, expected, other].toSorted())
    })
  }

  it('of which WooCommerce knows nothing are kept by a product that it changes', async () => {
    await using shop = await openShop(engine, {
      settings: { woocommerce_direction: 'from_woocommerce' },
    })
    const ours = await add(shop, 'Ours')
    await shop.made('PUT /api/v1/products/MUG', { category_ids: [ours.id] })
    const theirs = shop.books.categories.create({ name: 'Theirs' })
    const categories = [{ id: theirs.id }]
    const mug = shop.books.createProduct({ sku: 'MUG', regular_price: '12.50', categories })
    const placesAfter = async () => {
      shop.woo.pass(5)
      await pull(shop)
      await shop.drain()
      return (await shop.made('GET /api/v1/products/MUG')).category_ids
    }
    const { id } = await placesAfter().then(() => here(shop, 'theirs'))
    assert.deepEqual((await placesAfter()).toSorted(), [ours.id, id].toSorted())
    shop.books.updateProduct(mug.id, { categories: [] })
    assert.deepEqual(await placesAfter(), [ours.id])
    assert.equal(shop.woo.times('PUT products/:id'), 0)
  })

  for (const fault of ['lost after', 'lost before', 'broken'] as const) {
    it(`are there once, although WooCommerce fails (${fault})`, async () => {
      await using shop = await openShop(engine)
      await shop.drain()
      await add(shop, 'Cups')
      shop.woo.fail('POST products/categories', fault)
      await shop.drain()
      assert.deepEqual(
        there(shop).map(({ name }) => name),
        ['Cups'],
      )
      assert.equal((await shop.syncs('category')).at(-1).status, 'done')
    })
  }

  it('that left either side stay on the other, until somebody asks for them', async () => {
    await using shop = await openShop(engine)
    const cups = await add(shop, 'Cups')
    const plates = await add(shop, 'Plates')
    await shop.drain()
    const kept = named(shop, 'Plates')
    shop.books.categories.delete(named(shop, 'Cups').id)
    await shop.made(`PUT /api/v1/categories/${cups.id}`, { name: 'Big cups' })
    assert.equal((await shop.ask(`DELETE /api/v1/categories/${plates.id}`)).status, 204)
    shop.books.categories.update(kept.id, { name: 'Their plates' })
    await pull(shop)
    await shop.drain()
    assert.equal((await pull(shop)).found, 0, 'what is archived is looked at once')
    assert.deepEqual(
      there(shop).map(({ name }) => name),
      ['Their plates'],
    )
    const again = await shop.made(SYNC, { category_id: 'cups' })
    assert.equal(again.outcome, 'created')
    assert.equal(shop.books.categories.get(again.woocommerce_category_id).name, 'Big cups')
    const missing = await shop.ask(SYNC, { category_id: 'nothing' })
    assert.equal(missing.status, 404)
  })
})
