import assert from 'node:assert/strict'
import { it } from 'node:test'
import { transactAsSystem } from '#platform/execute'
import { type House, onEveryEngine, openHouse, someoneWho } from '#testing'
import { updateProduct } from '../commands/update-product.ts'
import { asked } from './asked.ts'

const asPublic = { as: someoneWho() }

async function stockShop(house: House, products: readonly object[]): Promise<void> {
  for (const product of products) {
    const { status, error } = await house.ask('POST /api/v1/products', product)
    assert.equal(status, 201, JSON.stringify(error))
  }
}

const mug = (nth: number, more: object = {}) => ({
  name: `Mug ${nth}`,
  sku: `M-${nth}`,
  price: `${nth}.50`,
  ...more,
})

async function listed(house: House, query: string): Promise<string[]> {
  const { status, data, error } = await house.ask(
    `GET /api/v1/products?${query}`,
    undefined,
    asPublic,
  )
  assert.equal(status, 200, JSON.stringify(error))
  return data.items.map(({ sku }: { sku: string }) => sku)
}

/** All pages of a list, by its cursor. */
async function walked(house: House, query: string): Promise<string[]> {
  const seen: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const at = cursor === '' ? '' : `&cursor=${cursor}`
    const { data } = await house.ask(
      `GET /api/v1/products?limit=2&${query}${at}`,
      undefined,
      asPublic,
    )
    seen.push(...data.items.map(({ sku }: { sku: string }) => sku))
    cursor = data.next_cursor
  }
  return seen
}

onEveryEngine('the list of products', (engine) => {
  it('is newest first, by pages and by cursor alike, with its total', async () => {
    await using house = await openHouse(engine)
    await stockShop(
      house,
      [1, 2, 3, 4, 5].map((nth) => mug(nth)),
    )

    const { data } = await house.ask('GET /api/v1/products?page=2&per_page=2', undefined, asPublic)

    assert.deepEqual(
      data.items.map((p: { sku: string }) => p.sku),
      ['M-3', 'M-2'],
    )
    const { total, total_is_estimate, page, limit, total_pages } = data
    assert.deepEqual([total, total_is_estimate, page, limit, total_pages], [5, false, 2, 2, 3])
    const beyond = await house.ask('GET /api/v1/products?page=9', undefined, asPublic)
    assert.deepEqual([beyond.data.items, beyond.data.total], [[], 5])
    assert.deepEqual(await walked(house, ''), ['M-5', 'M-4', 'M-3', 'M-2', 'M-1'])
  })

  it('counts what came and went a moment ago', async () => {
    await using house = await openHouse(engine)
    const total = async () =>
      (await house.ask('GET /api/v1/products', undefined, asPublic)).data.total
    const totals = [await total()]
    for (const nth of [1, 2, 3]) {
      await stockShop(house, [mug(nth)])
      totals.push(await total(), await total())
    }
    await house.ask('PUT /api/v1/products/M-1', { is_active: false })
    totals.push(await total())
    await house.ask('DELETE /api/v1/products/M-2')
    totals.push(await total())
    const failed = await house.ask('POST /api/v1/products', { ...mug(4), brand: 'x', tags: 7 })
    assert.equal(failed.status, 400)
    totals.push(await total())
    assert.deepEqual(totals, [0, 1, 1, 2, 2, 3, 3, 2, 1, 1])
  })

  it('sorts by name and price, both ways, also where several are equal', async () => {
    await using house = await openHouse(engine)
    await stockShop(house, [
      mug(1, { name: 'banana', price: 5 }),
      mug(2, { name: 'Apple', price: 9 }),
      mug(3, { name: 'apple', price: 5 }),
      mug(4, { name: 'Cherry', price: 7, currency: 'EUR' }),
      mug(5, { name: 'äpple', price: 100 }),
    ])

    assert.deepEqual(await walked(house, 'sort_by=name'), ['M-2', 'M-3', 'M-1', 'M-4', 'M-5'])
    assert.deepEqual(await walked(house, 'sort_by=name&sort_order=desc'), [
      'M-5',
      'M-4',
      'M-1',
      'M-3',
      'M-2',
    ])
    assert.deepEqual(await walked(house, 'sort_by=price'), ['M-1', 'M-3', 'M-2', 'M-5'])
    assert.deepEqual(await walked(house, 'sort_by=price&sort_order=desc'), [
      'M-5',
      'M-2',
      'M-3',
      'M-1',
    ])
    assert.deepEqual(await walked(house, 'sort_order=asc'), ['M-1', 'M-2', 'M-3', 'M-4', 'M-5'])
  })

  it('keeps to brand, tag, currency and price, also all at once and sorted', async () => {
    await using house = await openHouse(engine)
    await stockShop(house, [
      mug(1, { brand: 'Kiln', tags: ['Kitchen', 'blue'] }),
      mug(2, { brand: 'KILN', tags: 'kitchen,red' }),
      mug(3, { brand: 'Other', tags: 'kitchen' }),
      mug(4, { brand: 'kiln', tags: 'kitchen', currency: 'EUR' }),
      mug(5, { brand: 'kiln', tags: 'kitchen' }),
    ])

    assert.deepEqual(await walked(house, 'brand=kiLN'), ['M-5', 'M-4', 'M-2', 'M-1'])
    assert.deepEqual(await walked(house, 'brand=kiln&sort_by=name'), ['M-1', 'M-2', 'M-4', 'M-5'])
    assert.deepEqual(await walked(house, 'tag=KITCHEN'), ['M-5', 'M-4', 'M-3', 'M-2', 'M-1'])
    assert.deepEqual(await walked(house, 'tag=blue'), ['M-1'])
    assert.deepEqual(await listed(house, 'tag=green'), [])
    assert.deepEqual(await walked(house, 'currency=eur'), ['M-4'])
    assert.deepEqual(await walked(house, 'price_min=2.50&price_max=3.5'), ['M-3', 'M-2'])
    const all = 'brand=kiln&tag=kitchen&currency=USD&price_min=2&sort_by=price&sort_order=desc'
    assert.deepEqual(await walked(house, all), ['M-5', 'M-2'])
    assert.deepEqual(await listed(house, `${all}&search=mug`), ['M-5', 'M-2'])
    const { data } = await house.ask('GET /api/v1/products?brand=kiln&limit=1', undefined, asPublic)
    assert.equal(data.total, 4)
    await house.ask('PUT /api/v1/products/M-1', { tags: ['green'], brand: 'Mud' })
    assert.deepEqual(await listed(house, 'tag=blue'), [])
    assert.deepEqual(await listed(house, 'tag=green&brand=mud'), ['M-1'])
  })

  it('refuses what it cannot read, by code and field', async () => {
    await using house = await openHouse(engine)
    await stockShop(
      house,
      [1, 2, 3].map((nth) => mug(nth)),
    )
    const { data } = await house.ask(
      'GET /api/v1/products?limit=1&sort_by=name',
      undefined,
      asPublic,
    )
    const forged = (key: unknown[]) => Buffer.from(JSON.stringify(key)).toString('base64url')
    const cases = {
      'limit=0': 'VALIDATION_FAILED',
      'page=2000': 'PAGE_TOO_DEEP',
      'sort_by=weight': 'VALIDATION_FAILED',
      'status=gone': 'VALIDATION_FAILED',
      'currency=XXX': 'CURRENCY_UNKNOWN',
      'price_min=1.999': 'AMOUNT_INVALID',
      'price_min=-1': 'AMOUNT_INVALID',
      'price_max=NaN': 'AMOUNT_INVALID',
      [`cursor=${data.next_cursor}`]: 'CURSOR_INVALID',
      [`cursor=${forged(['-created_at', 2, 'x'])}`]: 'CURSOR_INVALID',
      [`sort_by=name&cursor=${forged(['name', 2, 7, 'x'])}`]: 'CURSOR_INVALID',
      [`sort_by=price&cursor=${forged(['price', 2, 'a', data.items[0].id])}`]: 'CURSOR_INVALID',
      [`search=mug&cursor=${forged(['rank', 2, 'many'])}`]: 'CURSOR_INVALID',
    }
    for (const [query, code] of Object.entries(cases)) {
      const { status, error } = await house.ask(
        `GET /api/v1/products?${query}`,
        undefined,
        asPublic,
      )
      assert.equal(status, 400, query)
      assert.equal(error.code, code, query)
    }
  })

  it('costs at most four statements, and two once its products are known', async () => {
    await using house = await openHouse(engine)
    await stockShop(
      house,
      [1, 2, 3, 4, 5].map((nth) => mug(nth)),
    )
    const list = () => house.ask('GET /api/v1/products?limit=20', undefined, asPublic)

    const first = await asked(engine, list)
    const second = await asked(engine, list)
    await house.ask('PUT /api/v1/products/M-3', { name: 'Cup' })
    const changed = await asked(engine, list)

    assert.equal(first.length, 4, first.join('\n'))
    assert.equal(second.length, 2, second.join('\n'))
    assert.equal(changed.length, 4, changed.join('\n'))
  })

  it('never shows a change that was undone, not even under the version that it had', async () => {
    await using house = await openHouse(engine)
    await stockShop(house, [mug(1), mug(2)])
    const list = () => house.ask('GET /api/v1/products', undefined, asPublic)
    const before = (await list()).data
    const undone = transactAsSystem(house.app, async (ctx) => {
      const { version } = await updateProduct(ctx, { id: 'M-1', name: 'Ghost', price: 99 })
      assert.equal(version, 2)
      throw new Error('undone')
    })

    await assert.rejects(undone, /undone/)

    await house.ask('PUT /api/v1/products/M-1', { name: 'Real' })
    const [other, real] = (await list()).data.items
    assert.deepEqual(other, before.items[0])
    assert.deepEqual([real.name, real.price, real.version], ['Real', '1.50', 2])
  })
})
