import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type House, onEveryEngine, openHouse, someoneWho } from '#testing'

const asPublic = { as: someoneWho() }

const SHOP = [
  { name: 'Enamel mug', sku: 'MUG-1', price: 1, description: 'For the camp fire. Holds 350 ml.' },
  { name: 'Teapot', sku: 'TEA-POT', price: 2, description: 'Pours into any mug.', tags: 'kitchen' },
  {
    name: 'Café press',
    sku: 'PRESS',
    price: 3,
    brand: 'Ænima Œuvre',
    tags: ['Überzug', 'kitchen'],
  },
  {
    name: 'Poster',
    sku: 'POSTER',
    description: 'Ночь над городом',
    variants: [
      { sku: 'POSTER-A2', name: 'A2', price: 4, options: { size: 'A2' } },
      { sku: 'XQ77/B-12', name: 'B1', price: 5, options: { size: 'B1' } },
    ],
  },
]

async function openShop(engine: 'sqlite' | 'postgres'): Promise<House> {
  const house = await openHouse(engine)
  for (const product of SHOP) {
    assert.equal((await house.ask('POST /api/v1/products', product)).status, 201)
  }
  return house
}

async function found(house: House, text: string): Promise<string[]> {
  const path = `GET /api/v1/products/search?search=${encodeURIComponent(text)}`
  const { status, data, error } = await house.ask(path, undefined, asPublic)
  assert.equal(status, 200, `${text}: ${JSON.stringify(error)}`)
  assert.equal(data.total, data.items.length, text)
  return data.items.map(({ sku }: { sku: string }) => sku)
}

onEveryEngine('the search of products', (engine) => {
  it('finds words of every field, all of them, in any case and without accents', async () => {
    await using house = await openShop(engine)

    assert.deepEqual(await found(house, 'teapot'), ['TEA-POT'])
    assert.deepEqual(await found(house, 'KITCHEN POURS'), ['TEA-POT'])
    assert.deepEqual(await found(house, 'cafe'), ['PRESS'])
    assert.deepEqual(await found(house, 'PRÉSS'), ['PRESS'])
    assert.deepEqual(await found(house, 'uberzug'), ['PRESS'])
    assert.deepEqual(await found(house, 'ночь'), ['POSTER'])
    assert.deepEqual(await found(house, '350 ml'), ['MUG-1'])
    assert.deepEqual(await found(house, 'kitchen camp'), [])
  })

  it('finds SKUs of products and variants, signs or not', async () => {
    await using house = await openShop(engine)

    assert.deepEqual(await found(house, 'tea-pot'), ['TEA-POT'])
    assert.deepEqual(await found(house, 'xq77/b-12'), ['POSTER'])
    assert.deepEqual(await found(house, 'XQ77 B'), ['POSTER'])
    assert.deepEqual(await found(house, 'poster-a'), ['POSTER'])
  })

  it('takes the last word for one that is still being typed, and only the last', async () => {
    await using house = await openShop(engine)

    assert.deepEqual(await found(house, 'ena'), ['MUG-1'])
    assert.deepEqual(await found(house, 'enamel m'), ['MUG-1'])
    assert.deepEqual(await found(house, 'ena mug'), [])
  })

  it('puts a hit in the name before one in the description', async () => {
    await using house = await openShop(engine)

    assert.deepEqual(await found(house, 'mug'), ['MUG-1', 'TEA-POT'])
  })

  it('takes any text for words and nothing else', async () => {
    await using house = await openShop(engine)
    const nothing = [
      '☕',
      '"',
      "'",
      '* OR 1',
      'mug" OR "x',
      "mug' | 'tea",
      'mug\\',
      '!&|<->:*',
      '%',
      '_',
    ]
    for (const text of nothing) {
      const items = await found(house, text)
      assert.ok(items.length === 0 || /mug/i.test(text), `${text}: ${items}`)
    }
    assert.deepEqual(await found(house, 'name:mug'), [])
    assert.deepEqual(await found(house, '☕ teapot ☕'), ['TEA-POT'])
    assert.deepEqual(await found(house, `(NEAR ${'mug '.repeat(40)}`), [])
    assert.equal((await found(house, '   ')).length, 4)
    assert.equal(
      (await house.ask(`GET /api/v1/products/search?search=${'x'.repeat(300)}`)).status,
      400,
    )
  })

  it('knows a change at once, and forgets what is archived', async () => {
    await using house = await openShop(engine)

    await house.ask('PUT /api/v1/products/MUG-1', { name: 'Enamel beaker', description: null })
    assert.deepEqual(await found(house, 'mug'), ['MUG-1', 'TEA-POT'])
    await house.ask('PUT /api/v1/products/MUG-1', { sku: 'BEAKER' })
    assert.deepEqual(await found(house, 'mug'), ['TEA-POT'])
    assert.deepEqual(await found(house, 'beaker'), ['BEAKER'])
    await house.ask('DELETE /api/v1/products/variants/POSTER-A2')
    assert.deepEqual(await found(house, 'a2'), [])
    const added = { sku: 'P-9', name: 'Gigantic', price: 1, options: { size: 'X' } }
    await house.ask('POST /api/v1/products/POSTER/variants', added)
    assert.deepEqual(await found(house, 'gigantic'), ['POSTER'])
    await house.ask('DELETE /api/v1/products/POSTER')
    assert.deepEqual(await found(house, 'gigantic'), [])
    assert.deepEqual(await house.violations(), [])
  })

  it('goes on by pages and by cursor', async () => {
    await using house = await openHouse(engine)
    for (let nth = 1; nth <= 5; nth++) {
      await house.ask('POST /api/v1/products', { name: 'Mug', sku: `M-${nth}`, price: 1 })
    }
    const page = async (query: string) => {
      const path = `GET /api/v1/products/search?search=mug&limit=2&${query}`
      const { data } = await house.ask(path, undefined, asPublic)
      return {
        skus: data.items.map((p: { sku: string }) => p.sku),
        next: data.next_cursor,
        total: data.total,
      }
    }

    const first = await page('')
    const second = await page(`cursor=${first.next}`)
    const third = await page(`cursor=${second.next}`)

    assert.deepEqual(
      [...first.skus, ...second.skus, ...third.skus],
      ['M-5', 'M-4', 'M-3', 'M-2', 'M-1'],
    )
    assert.deepEqual([first.total, second.total, third.total, third.next], [5, 5, 5, null])
    assert.deepEqual((await page('offset=2')).skus, second.skus)
    assert.deepEqual(await page('page=7'), { skus: [], next: null, total: 5 })
  })
})
