import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { onEveryEngine } from '#testing'
import { shareShop } from './buyers.ts'

onEveryEngine('wishlists', (engine) => {
  const shared = shareShop(engine)
  const variants: string[] = []
  before(async () => {
    for (const sku of ['WISH-1', 'WISH-2', 'WISH-3']) {
      variants.push(await shared.shop.newVariant(sku))
    }
  })

  it('are several by name, with variants that are named as in the catalogue', async () => {
    const buyer = await shared.shop.newBuyer()
    const [one, two] = variants
    const made = await buyer.me('POST /wishlists', { name: 'Birthday', variant_ids: [one] })
    assert.equal(made.status, 201)
    assert.deepEqual(made.data.items[0].variant, {
      product_id: made.data.items[0].variant.product_id,
      product_name: 'Mug WISH-1',
      sku: 'WISH-1',
      name: 'Blue',
    })
    const path = `/wishlists/${made.data.id}`
    const added = await buyer.me(`POST ${path}/items`, { variant_id: two, note: 'The big one' })
    assert.deepEqual([added.status, added.data.item_count], [201, 2])
    const again = await buyer.me(`POST ${path}/items`, { variant_id: two, note: 'Or small' })
    assert.equal(again.data.item_count, 2)
    type Item = { variant_id: string; note: string | null }
    const wish = again.data.items.find(({ variant_id }: Item) => variant_id === two)
    assert.equal(wish.note, 'Or small')
    await buyer.me('POST /wishlists', { name: 'Kitchen' })
    const { data: list } = await buyer.me('GET /wishlists')
    type Row = { name: string; item_count: number }
    assert.deepEqual(
      list.items.map(({ name, item_count }: Row) => [name, item_count]),
      [
        ['Kitchen', 0],
        ['Birthday', 2],
      ],
    )
    assert.equal((await buyer.me(`DELETE ${path}/items/${one}`)).status, 204)
    assert.equal((await buyer.me(`DELETE ${path}/items/${one}`)).status, 204)
    const renamed = await buyer.me(`PUT ${path}`, { name: 'Christmas' })
    assert.deepEqual([renamed.data.name, renamed.data.item_count], ['Christmas', 1])
    assert.equal((await buyer.me(`DELETE ${path}`)).status, 204)
    assert.equal((await buyer.me(`GET ${path}`)).status, 404)
  })

  it('take no variant that there is not, and keep one that went', async () => {
    const { house, shop } = shared
    const buyer = await shop.newBuyer()
    const [, , three] = variants
    const nobody = '019aa5c0-0000-7000-8000-00000000dead'
    const wrong = await buyer.me('POST /wishlists', { name: 'x', variant_ids: [nobody] })
    assert.deepEqual([wrong.status, wrong.error.code], [422, 'WISHLIST_VARIANT_UNKNOWN'])
    const made = await buyer.me('POST /wishlists', { name: 'x', variant_ids: [three] })
    const refused = await buyer.me(`POST /wishlists/${made.data.id}/items`, { variant_id: nobody })
    assert.equal(refused.status, 422)
    const { product_id } = made.data.items[0].variant
    await house.ask(`DELETE /api/v1/products/${product_id}`)
    const { data } = await buyer.me(`GET /wishlists/${made.data.id}`)
    assert.deepEqual([data.items[0].variant_id, data.items[0].variant], [three, null])
  })

  it('are shown to whoever has the token, without whose they are, until it is taken back', async () => {
    const { shop } = shared
    const buyer = await shop.newBuyer()
    const [one] = variants
    const { data } = await buyer.me('POST /wishlists', { name: 'Party' })
    const path = `/wishlists/${data.id}`
    await buyer.me(`POST ${path}/items`, { variant_id: one, note: 'secret' })
    const { data: first } = await buyer.me(`POST ${path}/share`)
    const { data: again } = await buyer.me(`POST ${path}/share`)
    assert.match(first.share_token, /^[\w-]{32}$/)
    assert.equal(again.share_token, first.share_token)
    const route = `GET /api/v1/wishlists/shared/${again.share_token}`
    const seen = await shop.ask(route)
    assert.deepEqual([seen.status, Object.keys(seen.data)], [200, ['name', 'items']])
    assert.doesNotMatch(JSON.stringify(seen.data), new RegExp(`secret|${buyer.id}|${buyer.email}`))
    assert.equal((await buyer.me(`DELETE ${path}/share`)).status, 204)
    assert.equal((await shop.ask(route)).status, 404)
    const { data: anew } = await buyer.me(`POST ${path}/share`)
    assert.notEqual(anew.share_token, again.share_token)
    await buyer.me('DELETE ')
    assert.equal((await shop.ask(`GET /api/v1/wishlists/shared/${anew.share_token}`)).status, 404)
  })

  it('of others are not there, and staff has none', async () => {
    const { shop, house } = shared
    const ada = await shop.newBuyer()
    const eve = await shop.newBuyer()
    const { data } = await ada.me('POST /wishlists', { name: 'Mine' })
    const path = `/wishlists/${data.id}`
    for (const [route, body] of [
      [`GET ${path}`],
      [`PUT ${path}`, { name: 'x' }],
      [`POST ${path}/items`, { variant_id: variants[0] }],
      [`DELETE ${path}/items/${variants[0]}`],
      [`POST ${path}/share`],
      [`DELETE ${path}/share`],
      [`DELETE ${path}`],
    ] as [string, object?][]) {
      const { status, error } = await eve.me(route, body)
      assert.deepEqual([status, error.code], [404, 'WISHLIST_NOT_FOUND'], route)
    }
    assert.equal((await house.ask('GET /api/v1/customers/me/wishlists')).status, 404)
  })

  it('lose nothing when two put something on at once', async () => {
    const buyer = await shared.shop.newBuyer()
    const { data } = await buyer.me('POST /wishlists', { name: 'Race' })
    const put = (variant_id: string | undefined) =>
      buyer.me(`POST /wishlists/${data.id}/items`, { variant_id })
    const [one, two] = variants
    const all = await Promise.all([one, two, one, two].map(put))
    assert.ok(all.every(({ status }) => status === 201))
    const { data: after } = await buyer.me(`GET /wishlists/${data.id}`)
    assert.equal(after.item_count, 2)
  })
})
