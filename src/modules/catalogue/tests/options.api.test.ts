import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type House, onEveryEngine, openHouse, someoneWho } from '#testing'
import { isGtin } from '../gtin.ts'

const asPublic = { as: someoneWho() }
const COLOURS = { name: 'colour', choices: ['blue', 'red'] }
const SIZES = { name: 'size', choices: ['S', 'M', 'L'] }

async function make(house: House, body: object) {
  const { status, data, error } = await house.ask('POST /api/v1/products', body)
  assert.equal(status, 201, JSON.stringify(error))
  return data
}

const skusOf = ({ variants }: { variants: { sku: string }[] }) => variants.map(({ sku }) => sku)

it('a GTIN is told from other digits by its last one', () => {
  for (const gtin of ['4006381333931', '96385074', '012345678905', '00012345600012']) {
    assert.equal(isGtin(gtin), true, gtin)
  }
  for (const wrong of ['4006381333932', '96385075', '1234567', '40063813339311', '4006381333a31']) {
    assert.equal(isGtin(wrong), false, wrong)
  }
})

onEveryEngine('options', (engine) => {
  it('make the variants of a new product, and those that are missing later', async () => {
    await using house = await openHouse(engine)
    const shirt = { name: 'Shirt', sku: 'SHIRT', price: 20, options: [COLOURS] }

    const made = await make(house, shirt)

    assert.deepEqual(skusOf(made), ['SHIRT-BLUE', 'SHIRT-RED'])
    assert.deepEqual(made.variants[1].options, { colour: 'red' })
    const options = [{ ...COLOURS, choices: ['blue', 'red', 'sea green'] }]
    await house.ask('PUT /api/v1/products/SHIRT', { options })
    const path = 'POST /api/v1/products/SHIRT/variants/generate'
    const body = { sku_pattern: 'S/{colour}', price: '21.50' }
    const { status, data } = await house.ask(path, body)
    assert.deepEqual([status, data.missing, data.created.length], [201, 0, 1])
    assert.deepEqual(
      [data.created[0].sku, data.created[0].price, data.created[0].name],
      ['S/SEA-GREEN', '21.50', 'sea green'],
    )
    assert.deepEqual((await house.ask(path)).data, { created: [], missing: 0 })
    const none = await make(house, { name: 'Plain', sku: 'PLAIN' })
    const refused = await house.ask(`POST /api/v1/products/${none.id}/variants/generate`)
    assert.deepEqual([refused.status, refused.error.code], [409, 'PRODUCT_HAS_NO_OPTIONS'])
    const wrong = await house.ask(path, { sku_pattern: '{weight}' })
    assert.equal(wrong.status, 201, 'a pattern is only read for what is missing')
    assert.deepEqual(await house.violations(), [])
  })

  it('must be chosen by every variant, each once, from the choices', async () => {
    await using house = await openHouse(engine)
    await make(house, { name: 'Shirt', sku: 'SHIRT', price: 20, options: [COLOURS] })
    const add = (options: object, sku = 'X') =>
      house.ask('POST /api/v1/products/SHIRT/variants', { sku, name: 'X', price: 1, options })

    const codes = [
      (await add({})).error.code,
      (await add({ colour: 'green' })).error.code,
      (await add({ colour: 'red', size: 'S' })).error.code,
      (await add({ colour: 'red' })).error.code,
      (await house.ask('PUT /api/v1/products/variants/SHIRT-RED', { options: {} })).error.code,
      (await house.ask('PUT /api/v1/products/SHIRT', { options: [SIZES] })).error.code,
    ]

    const wrong = 'VARIANT_OPTIONS_WRONG'
    assert.deepEqual(codes, [wrong, wrong, wrong, 'VARIANT_OPTIONS_TAKEN', wrong, wrong])
    const twice = [{ name: 'a', choices: ['b', 'B'] }]
    const bad = await house.ask('PUT /api/v1/products/SHIRT', { options: twice })
    assert.equal(bad.status, 400)
    assert.deepEqual(await house.violations(), [])
  })

  it('are never made twice, however many ask at once', async () => {
    await using house = await openHouse(engine)
    await make(house, { name: 'Shirt', sku: 'SHIRT', price: 20, options: [COLOURS] })
    const options = [{ ...COLOURS, choices: ['blue', 'red', 'green'] }]
    await house.ask('PUT /api/v1/products/SHIRT', { options })
    const add = (nth: number) =>
      house.ask('POST /api/v1/products/SHIRT/variants', {
        sku: `G-${nth}`,
        name: 'green',
        price: 1,
        gtin: '4006381333931',
        options: { colour: 'green' },
      })

    const answers = await Promise.all([1, 2, 3, 4].map(add))

    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409, 409])
    assert.deepEqual(await house.violations(), [])
  })

  it('make any number of variants; a product shows a hundred, the rest have pages', async () => {
    await using house = await openHouse(engine)
    const many = Array.from({ length: 60 }, (_, nth) => `c${nth}`)
    const one = {
      name: 'Poster',
      sku: 'POSTER',
      price: 3,
      options: [{ name: 'motif', choices: many }],
    }
    await make(house, one)
    const size = { name: 'motif', choices: [...many, ...many.map((choice) => `x${choice}`)] }
    await house.ask('PUT /api/v1/products/POSTER', { options: [size] })

    const first = await house.ask('POST /api/v1/products/POSTER/variants/generate', { limit: 50 })
    assert.deepEqual([first.data.created.length, first.data.missing], [50, 10])
    await house.ask('POST /api/v1/products/POSTER/variants/generate')

    const last = { item_number: 'POSTER-XC59', location_id: 'MAIN', quantity_on_hand: 7 }
    await house.ask('POST /api/v1/locations', { code: 'MAIN', name: 'Main' })
    await house.ask('POST /api/v1/inventory', last)
    const { data } = await house.ask('GET /api/v1/products/POSTER')
    assert.deepEqual([data.variants.length, data.variants_total], [100, 120])
    assert.deepEqual([data.available_quantity, data.in_stock], [7, true])
    const [listed] = (await house.ask('GET /api/v1/products', undefined, asPublic)).data.items
    assert.deepEqual([listed.variants.length, listed.available_quantity], [100, 7])
    const seen: string[] = []
    for (let cursor = ''; cursor !== null; ) {
      const page = await house.ask(
        `GET /api/v1/products/POSTER/variants?limit=50${cursor && `&cursor=${cursor}`}`,
      )
      assert.equal(page.data.total, 120)
      seen.push(...page.data.items.map(({ sku }: { sku: string }) => sku))
      cursor = page.data.next_cursor
    }
    assert.equal(new Set(seen).size, 120)
    const variant = await house.ask('GET /api/v1/products/variants/POSTER-XC59')
    assert.equal(variant.data.available_quantity, 7)
    assert.deepEqual(await house.violations(), [])
  })
})

onEveryEngine('a product is found', (engine) => {
  it('by SKU, by barcode and by every slug that it ever had', async () => {
    await using house = await openHouse(engine)
    const gtin = '012345678905'
    const variants = [{ sku: 'MUG-BLUE', name: 'Blue', price: 1, gtin }]
    const mug = await make(house, { name: 'Große Tasse!', sku: 'MUG', variants })

    assert.equal(mug.slug, 'grosse-tasse')
    assert.equal((await house.ask('GET /api/v1/products/by-sku/mug-blue')).data.id, mug.id)
    assert.equal((await house.ask('GET /api/v1/products/by-sku/MUG')).data.id, mug.id)
    assert.equal((await house.ask('GET /api/v1/products/by-sku/POT')).status, 404)
    for (const bars of [gtin, `0${gtin}`, `00${gtin}`]) {
      const { data } = await house.ask(`GET /api/v1/products/variants/by-gtin/${bars}`)
      assert.deepEqual([data.sku, data.gtin], ['MUG-BLUE', gtin])
    }
    const twin = { name: 'Pot', sku: 'POT', variants: [{ sku: 'P', name: 'P', price: 1, gtin }] }
    const taken = await house.ask('POST /api/v1/products', twin)
    assert.deepEqual([taken.status, taken.error.code], [409, 'GTIN_TAKEN'])
    const wrong = await house.ask('PUT /api/v1/products/variants/MUG-BLUE', { gtin: '12345678' })
    assert.deepEqual([wrong.status, wrong.error.details.field], [400, 'gtin'])
    await house.ask('PUT /api/v1/products/MUG', { slug: 'big-mug' })
    for (const slug of ['big-mug', 'grosse-tasse']) {
      const { data } = await house.ask(`GET /api/v1/products/by-slug/${slug}`, undefined, asPublic)
      assert.deepEqual([data.id, data.slug], [mug.id, 'big-mug'], slug)
    }
    const second = await make(house, { name: 'Große Tasse', sku: 'MUG-2' })
    assert.equal(second.slug, 'grosse-tasse-mug-2')
    const stolen = await house.ask('PUT /api/v1/products/MUG-2', { slug: 'grosse-tasse' })
    assert.deepEqual([stolen.status, stolen.error.code], [409, 'SLUG_TAKEN'])
    await house.ask('DELETE /api/v1/products/MUG')
    const hidden = await house.ask('GET /api/v1/products/by-slug/big-mug', undefined, asPublic)
    assert.equal(hidden.status, 404)
    assert.deepEqual(await house.violations(), [])
  })

  it('with its images in order, those of a variant too', async () => {
    await using house = await openHouse(engine)
    const at = (name: string) => `https://img.example.com/${name}.jpg`
    const images = [
      { url: at('blue'), variant_id: 'MUG-BLUE' },
      { url: at('all'), alt: 'A mug' },
    ]
    const variants = [{ sku: 'MUG-BLUE', name: 'Blue', price: 1 }]
    const mug = await make(house, { name: 'Mug', sku: 'MUG', variants, images, tax_class: 'food' })

    const [variant] = mug.variants
    assert.deepEqual(mug.images, [
      { url: at('blue'), alt: null, variant_id: variant.id },
      { url: at('all'), alt: 'A mug', variant_id: null },
    ])
    assert.deepEqual([mug.image_url, variant.image_url], [at('all'), at('blue')])
    assert.equal(mug.tax_class, 'food')
    for (const [bad, field] of [
      [{ url: 'ftp://x.example.com/a' }, 'images.0.url'],
      [{ url: 'javascript:alert(1)' }, 'images.0.url'],
      [{ url: at('x'), variant_id: 'POT' }, 'images.0.variant_id'],
    ] as const) {
      const answer = await house.ask('PUT /api/v1/products/MUG', { images: [bad] })
      assert.deepEqual([answer.status, answer.error.details.field], [400, field])
    }
    const { data } = await house.ask('PUT /api/v1/products/MUG', { images: [] })
    assert.deepEqual([data.images, data.image_url, data.variants[0].image_url], [[], null, null])
    assert.deepEqual(await house.violations(), [])
  })

  it('with what lies where, if that is asked for', async () => {
    await using house = await openHouse(engine)
    await make(house, { name: 'Mug', sku: 'MUG', price: 1 })
    for (const [code, priority, quantity_on_hand] of [
      ['FAR', 20, 3],
      ['NEAR', 10, 4],
    ]) {
      await house.ask('POST /api/v1/locations', { code, name: `The ${code}`, priority })
      const level = { item_number: 'MUG', location_id: code, quantity_on_hand }
      assert.equal((await house.ask('POST /api/v1/inventory', level)).status, 201)
    }

    for (const path of ['', '/MUG', '/MUG/variants', '/variants/MUG', '/by-sku/MUG']) {
      const route = `GET /api/v1/products${path}?include=locations`
      const { data } = await house.ask(route, undefined, asPublic)
      const [thing] = data.items ?? [data]
      const { locations, available_quantity } = thing.variants?.[0] ?? thing
      assert.equal(available_quantity, 7, path)
      assert.deepEqual(
        locations.map((at: Record<string, unknown>) => [at.location_code, at.available_quantity]),
        [
          ['NEAR', 4],
          ['FAR', 3],
        ],
        path,
      )
    }
    const plain = (await house.ask('GET /api/v1/products/MUG')).data
    assert.equal('locations' in plain.variants[0], false)
  })
})
