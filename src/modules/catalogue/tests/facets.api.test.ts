import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Engine } from '#platform/database/database'
import { transactAsSystem } from '#platform/execute'
import { type House, onEveryEngine, openHouse, someoneWho } from '#testing'
import { createProduct } from '../commands/create-product.ts'
import { asked } from './asked.ts'

// The oracle: the same products as plain objects, filtered and counted by plain loops.

const asPublic = { as: someoneWho() }
const PARENTS: Record<string, string | null> = {
  home: null,
  kitchen: 'home',
  mugs: 'kitchen',
  garden: null,
}
const BRANDS = ['Kiln', 'KILN', 'Ænima', null]
const TAGS = ['blue', 'Blue', 'gift', 'sale', 'new']
const WORDS = ['mug', 'teapot', 'mugwort', 'spade']

type Model = {
  sku: string
  name: string
  brand: string | null
  tags: string[]
  categories: string[]
  colour: string | null
  volume: number | null
  amount: number
  currency: string
  inStock: boolean
  active: boolean
}

/** The same numbers in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return (state >> 8) % below
  }
}

function inventProducts(count: number): Model[] {
  const random = numbers(7)
  const some = <T>(values: readonly T[], odds: number) => values.filter(() => random(odds) === 0)
  const one = <T>(values: readonly T[]) => values[random(values.length)] as T
  return Array.from({ length: count }, (_, nth) => ({
    sku: `P-${nth}`,
    name: `${one(WORDS)} ${nth}`,
    brand: one(BRANDS),
    tags: some(TAGS, 3).filter((tag, at, all) => at === all.findIndex((t) => same(t, tag))),
    categories: some(Object.keys(PARENTS), 4),
    colour: one(['Red', 'Green', null]),
    volume: one([1, 25, 250, null]),
    amount: one([0, 1, 9, 10, 199, 200, 499, 500, 1999, 2000, 123_456]),
    currency: one(['USD', 'USD', 'EUR']),
    inStock: random(2) === 0,
    active: random(5) > 0,
  }))
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

async function openShop(engine: Engine, products: readonly Model[]): Promise<House> {
  const house = await openHouse(engine)
  for (const [name, parent_id] of Object.entries(PARENTS)) {
    await house.ask('POST /api/v1/categories', { name, parent_id })
  }
  const colour = { code: 'colour', label: 'Colour', type: 'enum', choices: ['Red', 'Green'] }
  await house.ask('POST /api/v1/attributes', colour)
  await house.ask('POST /api/v1/attributes', { code: 'volume', label: 'Volume', type: 'number' })
  await house.ask('POST /api/v1/locations', { code: 'MAIN', name: 'Main' })
  for (const { sku, name, brand, tags, categories, colour, volume, amount, ...rest } of products) {
    const { currency, inStock, active } = rest
    const { status, error } = await house.ask('POST /api/v1/products', {
      sku,
      name,
      brand,
      tags,
      currency,
      price: amount / 100,
      category_ids: categories,
      attributes: { colour, volume },
      is_active: active,
    })
    assert.equal(status, 201, JSON.stringify(error))
    if (!inStock) continue
    const level = { item_number: sku, location_id: 'MAIN', quantity_on_hand: 1 }
    assert.equal((await house.ask('POST /api/v1/inventory', level)).status, 201)
  }
  return house
}

type Filter = { query: string; fits: (product: Model) => boolean }

const upFrom = (slug: string): string[] => {
  const parent = PARENTS[slug]
  return parent ? [slug, ...upFrom(parent)] : [slug]
}
const placesOf = ({ categories }: Model) => [...new Set(categories.flatMap(upFrom))]

const FILTERS: Filter[][] = [
  [
    { query: '', fits: ({ active }) => active },
    { query: 'status=inactive', fits: ({ active }) => !active },
  ],
  [
    { query: '', fits: () => true },
    { query: 'search=mug', fits: ({ name }) => name.startsWith('mug') },
    { query: 'search=teapot', fits: ({ name }) => name.startsWith('teapot') },
  ],
  [
    { query: '', fits: () => true },
    { query: 'category=home', fits: (p) => placesOf(p).includes('home') },
    { query: 'category=mugs', fits: (p) => placesOf(p).includes('mugs') },
  ],
  [
    { query: '', fits: () => true },
    { query: 'brand=kiln', fits: ({ brand }) => brand !== null && same(brand, 'kiln') },
    { query: 'tags=BLUE', fits: ({ tags }) => tags.some((tag) => same(tag, 'blue')) },
    {
      query: 'tags=gift,sale',
      fits: ({ tags }) => tags.includes('gift') && tags.includes('sale'),
    },
  ],
  [
    { query: '', fits: () => true },
    { query: 'attributes=colour:red', fits: ({ colour }) => colour === 'Red' },
    { query: 'attributes=colour:red,colour:green', fits: ({ colour }) => colour !== null },
    {
      query: 'attributes=volume:2..100&attributes=colour:green',
      fits: ({ volume, colour }) => volume === 25 && colour === 'Green',
    },
  ],
  [
    { query: '', fits: () => true },
    { query: 'in_stock=true', fits: ({ inStock }) => inStock },
    { query: 'in_stock=false', fits: ({ inStock }) => !inStock },
    {
      query: 'price_min=0.10&price_max=5',
      fits: ({ amount, currency }) => currency === 'USD' && amount >= 10 && amount <= 500,
    },
    { query: 'currency=EUR&in_stock_only=true', fits: (p) => p.currency === 'EUR' && p.inStock },
  ],
]

/** Pairs and triples of filters, so many that every one meets every other. */
function combinations(): Filter[] {
  const random = numbers(99)
  return Array.from({ length: 70 }, () => {
    const parts = FILTERS.map((choices) =>
      random(2) === 0 ? choices[0] : choices[random(choices.length)],
    ) as Filter[]
    return {
      query: parts
        .map(({ query }) => query)
        .filter(Boolean)
        .join('&'),
      fits: (product: Model) => parts.every(({ fits }) => fits(product)),
    }
  })
}

function count(values: readonly (string | number)[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

const isPresent = <T>(value: T | null): value is T => value !== null

function counted(products: readonly Model[]) {
  return {
    category: count(products.flatMap(placesOf)),
    brand: count(products.map(({ brand }) => brand?.toLowerCase() ?? null).filter(isPresent)),
    tag: count(products.flatMap(({ tags }) => tags.map((tag) => tag.toLowerCase()))),
    colour: count(products.map(({ colour }) => colour).filter(isPresent)),
    volume: count(products.map(({ volume }) => volume).filter(isPresent)),
    in_stock: {
      true: products.filter(({ inStock }) => inStock).length,
      false: products.filter(({ inStock }) => !inStock).length,
    },
  }
}

type Told = { value: string | number; count: number }
const byValue = (told: readonly Told[] = []) =>
  Object.fromEntries(told.map(({ value, count }) => [String(value), count]))

function told(facets: any) {
  const attribute = (code: string) =>
    byValue(facets.attributes?.find((one: { code: string }) => one.code === code)?.values)
  const lower = (values: Told[]) =>
    byValue(values.map((one) => ({ ...one, value: String(one.value).toLowerCase() })))
  return {
    category: Object.fromEntries(
      facets.category.map(({ slug, count }: { slug: string; count: number }) => [slug, count]),
    ),
    brand: lower(facets.brand),
    tag: lower(facets.tag),
    colour: attribute('colour'),
    volume: attribute('volume'),
    in_stock: facets.in_stock,
  }
}

onEveryEngine('facets', (engine) => {
  it('count what brute force counts, whatever the filters, and so do lists', async () => {
    const products = inventProducts(90)
    await using house = await openShop(engine, products)
    for (const { query, fits } of combinations()) {
      const due = products.filter(fits)
      const path = `GET /api/v1/products?limit=100&facets=true&${query}`
      const { data, error } = await house.ask(path)
      assert.equal(error, undefined, `${query} ${JSON.stringify(error)}`)
      const skus = data.items.map(({ sku }: Model) => sku)
      assert.deepEqual(skus.toSorted(), due.map(({ sku }) => sku).toSorted(), query)
      assert.equal(data.total, due.length, query)
      assert.equal(data.facets_exact, true)
      assert.deepEqual(told(data.facets), counted(due), query)
      const currency = query.includes('EUR') ? 'EUR' : 'USD'
      const { bands } = data.facets.price
      const amounts = due.filter((p) => p.currency === currency).map(({ amount }) => amount)
      const inBands = bands.map((band: { price_min: string; price_max: string }) => {
        const [from, to] = [band.price_min, band.price_max].map((end) => Number(end) * 100)
        return amounts.filter((amount) => amount >= (from ?? 0) - 0.5 && amount <= (to ?? 0) + 0.5)
          .length
      })
      assert.deepEqual(
        bands.map(({ count }: Told) => count),
        inBands,
        query,
      )
      assert.equal(
        inBands.reduce((a: number, b: number) => a + b, 0),
        amounts.length,
        query,
      )
      for (const sort of ['sort_by=name', 'sort_by=price&sort_order=desc']) {
        if (query.includes('search')) continue
        const sorted = await house.ask(`GET /api/v1/products?limit=100&${query}&${sort}`)
        const fit = sort.includes('price') ? due.filter((p) => p.currency === currency) : due
        assert.equal(sorted.data.items.length, fit.length, `${query} ${sort}`)
      }
    }
    assert.deepEqual(await house.violations(), [])
  })

  it('are those that were asked for, and nothing is told of what is hidden', async () => {
    const products = inventProducts(8)
    await using house = await openShop(engine, products)
    const facetsOf = async (query: string) =>
      (await house.ask(`GET /api/v1/products?${query}`, undefined, asPublic)).data

    assert.deepEqual(Object.keys((await facetsOf('facets=brand,price')).facets), ['brand', 'price'])
    assert.deepEqual(Object.keys((await facetsOf('facets=colour')).facets), ['attributes'])
    assert.equal('facets' in (await facetsOf('facets=false')), false)
    assert.deepEqual((await facetsOf('facets=true&status=inactive')).facets, {})
    const none = (await facetsOf('facets=true&search=%E2%98%95')).facets
    assert.deepEqual([none.brand, none.category, none.in_stock], [[], [], { true: 0, false: 0 }])
    const bad = await house.ask('GET /api/v1/products?facets=a%20b')
    assert.deepEqual([bad.status, bad.error.details.field], [400, 'facets'])
  })

  it('cost one statement more', async () => {
    await using house = await openShop(engine, inventProducts(8))
    const list = (query: string) => () => house.ask(`GET /api/v1/products?${query}`)
    for (const query of ['search=mug', 'category=home', 'brand=kiln&in_stock=true']) {
      await list(`${query}&facets=true`)()
      const plain = await asked(engine, list(query))
      const faceted = await asked(engine, list(`${query}&facets=true`))
      assert.equal(faceted.length, plain.length + 1, query)
      assert.ok(faceted.length <= 4, faceted.join('\n'))
    }
  })

  it('of more than a thousand products count the newest, and say so', async () => {
    await using house = await openHouse(engine)
    await transactAsSystem(house.app, async (ctx) => {
      for (let nth = 0; nth < 1_010; nth++) {
        const brand = nth < 9 ? 'Old' : 'New'
        const of = { name: 'Mug', sku: `M-${nth}`, brand, inventory_tracking: false }
        await createProduct(ctx, of)
      }
    })

    const { data } = await house.ask('GET /api/v1/products?facets=true&search=mug')

    assert.deepEqual([data.total, data.total_is_estimate, data.facets_exact], [1000, true, false])
    assert.deepEqual(data.facets.brand, [{ value: 'New', count: 1001 }])
    const old = (await house.ask('GET /api/v1/products?facets=true&search=mug&brand=old')).data
    assert.deepEqual([old.total, old.facets_exact], [9, true])
    const sorted = await house.ask('GET /api/v1/products?brand=new&sort_by=name&limit=3')
    assert.deepEqual([sorted.data.total, sorted.data.items.length], [1000, 3])
    assert.deepEqual(await house.violations(), [])
  })
})
