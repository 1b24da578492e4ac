import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readAsSystem } from '#platform/execute'
import { type House, onEveryEngine, openHouse, someoneWho } from '#testing'
import { categoriesOf } from '../categories/members.ts'
import { asked } from './asked.ts'

const asPublic = { as: someoneWho() }

async function category(house: House, name: string, parent_id: string | null = null) {
  const { status, data, error } = await house.ask('POST /api/v1/categories', { name, parent_id })
  assert.equal(status, 201, JSON.stringify(error))
  return data
}

/** Home → Kitchen → Mugs, and Garden beside Home. */
async function openShop(engine: 'sqlite' | 'postgres'): Promise<House> {
  const house = await openHouse(engine)
  await category(house, 'Home')
  await category(house, 'Garden')
  await category(house, 'Kitchen', 'home')
  await category(house, 'Mugs', 'kitchen')
  return house
}

const product = async (house: House, sku: string, category_ids: string[]) => {
  const body = { name: sku, sku, price: 1, category_ids }
  const { status, data, error } = await house.ask('POST /api/v1/products', body)
  assert.equal(status, 201, JSON.stringify(error))
  return data
}

async function listed(house: House, query: string): Promise<string[]> {
  const { data, error } = await house.ask(`GET /api/v1/products?${query}`, undefined, asPublic)
  assert.equal(error, undefined, JSON.stringify(error))
  return data.items.map(({ sku }: { sku: string }) => sku)
}

onEveryEngine('categories', (engine) => {
  it('are made, read by id and slug with those above, changed and listed in order', async () => {
    await using house = await openShop(engine)

    const { data } = await house.ask('GET /api/v1/categories/mugs', undefined, asPublic)

    assert.deepEqual(
      data.path.map(({ slug }: { slug: string }) => slug),
      ['home', 'kitchen'],
    )
    assert.deepEqual((await house.ask(`GET /api/v1/categories/${data.id}`)).data, data)
    const changes = { name: 'Mugs & cups', slug: 'mugs-cups', description: 'To drink from.' }
    const changed = await house.ask('PUT /api/v1/categories/mugs', changes)
    assert.deepEqual(
      [changed.data.name, changed.data.description, changed.data.version],
      ['Mugs & cups', 'To drink from.', 2],
    )
    assert.equal((await house.ask('GET /api/v1/categories/mugs')).status, 404)
    assert.equal(
      (await house.ask('PUT /api/v1/categories/home', { slug: 'garden' })).error.code,
      'SLUG_TAKEN',
    )
    const twin = await house.ask('POST /api/v1/categories', { name: 'home' })
    assert.deepEqual([twin.status, twin.error.code], [409, 'SLUG_TAKEN'])
    await house.ask('PUT /api/v1/categories/garden', { position: 0 })
    await house.ask('PUT /api/v1/categories/home', { position: 1 })
    const top = await house.ask('GET /api/v1/categories?parent=root&limit=1')
    assert.deepEqual([top.data.items[0].slug, top.data.total], ['garden', 2])
    const next = await house.ask(
      `GET /api/v1/categories?parent=root&limit=1&cursor=${top.data.next_cursor}`,
    )
    assert.deepEqual([next.data.items[0].slug, next.data.next_cursor], ['home', null])
    const tree = (await house.ask('GET /api/v1/categories/tree', undefined, asPublic)).data
    assert.deepEqual(
      tree.items.map(({ slug, depth }: { slug: string; depth: number }) => [slug, depth]),
      [
        ['garden', 0],
        ['home', 0],
        ['kitchen', 1],
        ['mugs-cups', 2],
      ],
    )
    const part = (await house.ask('GET /api/v1/categories/tree?root=kitchen&depth=1')).data
    assert.equal(part.items.length, 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('show the products of those below them, also after they are moved and archived', async () => {
    await using house = await openShop(engine)
    const mug = await product(house, 'MUG', ['mugs'])
    await product(house, 'POT', ['kitchen', 'garden'])
    await product(house, 'SPADE', ['garden'])

    assert.deepEqual(await listed(house, 'category=home'), ['POT', 'MUG'])
    assert.deepEqual(await listed(house, 'category=kitchen&sort_by=name'), ['MUG', 'POT'])
    assert.deepEqual(await listed(house, 'category=mugs&search=mug'), ['MUG'])
    assert.deepEqual(await listed(house, 'category=garden&search=mug'), [])
    const moved = await house.ask('POST /api/v1/categories/mugs/move', { parent_id: 'garden' })
    assert.equal(moved.status, 200)
    assert.deepEqual(await listed(house, 'category=home'), ['POT'])
    assert.deepEqual(await listed(house, 'category=garden'), ['SPADE', 'POT', 'MUG'])
    assert.deepEqual(await listed(house, 'category=garden&search=mug'), ['MUG'])
    const parent = await house.ask('DELETE /api/v1/categories/garden')
    assert.deepEqual([parent.status, parent.error.code], [409, 'CATEGORY_HAS_CHILDREN'])
    assert.equal((await house.ask('DELETE /api/v1/categories/mugs')).status, 204)
    assert.deepEqual(await listed(house, 'category=garden'), ['SPADE', 'POT'])
    assert.equal((await house.ask('GET /api/v1/products?category=mugs')).status, 404)
    const after = (await house.ask('GET /api/v1/products/MUG')).data
    assert.deepEqual(after.category_ids, [])
    assert.equal(mug.category_ids.length, 1)
    await house.ask('PUT /api/v1/products/POT', { category_ids: [] })
    assert.deepEqual(await listed(house, 'category=home'), [])
    const unknown = await house.ask('PUT /api/v1/products/POT', { category_ids: ['attic'] })
    assert.deepEqual([unknown.status, unknown.error.code], [404, 'CATEGORY_NOT_FOUND'])
    assert.deepEqual(await house.violations(), [])
  })

  it('never stand below themselves, not even when two are moved at once', async () => {
    await using house = await openShop(engine)

    const self = await house.ask('POST /api/v1/categories/home/move', { parent_id: 'home' })
    const below = await house.ask('POST /api/v1/categories/home/move', { parent_id: 'mugs' })
    const both = await Promise.all([
      house.ask('POST /api/v1/categories/home/move', { parent_id: 'garden' }),
      house.ask('POST /api/v1/categories/garden/move', { parent_id: 'home' }),
    ])

    assert.deepEqual([self.error.code, below.error.code], ['CATEGORY_CYCLE', 'CATEGORY_CYCLE'])
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 409])
    assert.deepEqual(await house.violations(), [])
  })

  it('are told of any number of products, with those above, by one statement', async () => {
    await using house = await openShop(engine)
    const { id: mug } = await product(house, 'MUG', ['mugs'])
    const { id: none } = await product(house, 'NONE', [])
    const read = () => readAsSystem(house.app, (ctx) => categoriesOf(ctx, [mug, none]))

    const statements = await asked(engine, read)

    assert.equal(statements.length, 1)
    const found = await read()
    assert.deepEqual([found.get(mug)?.length, found.get(none)], [3, undefined])
  })
})
