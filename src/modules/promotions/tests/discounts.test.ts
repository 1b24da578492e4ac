import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, openHouse } from '#testing'
import { counted } from '../../../../tests/statements/count.ts'
import { discounts, made, ordersIds, people, promote, use } from './desk.ts'

const PRODUCT = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const VARIANT = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e11'
const CATEGORY = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e12'
const OTHER = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e13'
const NOW = '2026-06-15T12:00:00.000Z'
const clock = () => new Date(NOW)
const lines = [
  { key: 'a', product_id: PRODUCT, variant_id: VARIANT },
  { key: 'b', product_id: OTHER, variant_id: OTHER, category_ids: [CATEGORY] },
]

onEveryEngine('discounts', (engine) => {
  it('are refused with the reason, one for each', async () => {
    await using house = await openHouse(engine, { clock })
    const [ada, bob] = (await people(house, 2)) as [string, string]
    const twice = await promote(house, { code: 'TWICE', usage_limit: 2 })
    const each = await promote(house, { code: 'EACH', usage_limit_per_customer: 1 })
    const paused = await promote(house, { code: 'PAUSED' })
    await made(house, `POST /api/v1/promotions/${paused.id}/pause`)
    const over = await promote(house, { code: 'OVER' })
    await made(house, `POST /api/v1/promotions/${over.id}/archive`)
    await promote(house, { code: 'DRAFT', status: 'draft' })
    await promote(house, { code: 'SOON', starts_at: '2026-06-15T12:00:00.001Z' })
    await promote(house, { code: 'LATE', ends_at: NOW })
    await promote(house, { code: 'EDGE', starts_at: NOW, ends_at: '2026-06-15T12:00:00.001Z' })
    await promote(house, {
      code: 'EURO',
      kind: 'fixed',
      amounts: [{ currency: 'EUR', amount: '5' }],
    })
    await promote(house, {
      code: 'MINIMUM',
      minimum_subtotals: [{ currency: 'EUR', amount: '50' }],
    })
    await promote(house, { code: 'ADAS', customer_ids: [ada] })
    await promote(house, { code: 'ELSE', product_ids: [VARIANT, CATEGORY] })
    const [first, second] = (await ordersIds(house, 2)) as [string, string]
    const both = [
      { id: twice.id, code: 'TWICE' },
      { id: each.id, code: 'EACH' },
    ]
    assert.equal(await use(house, { order_id: first, customer_id: ada, discounts: both }), 'done')
    const [one] = both as [{ id: string; code: string }]
    await use(house, { order_id: second, customer_id: bob, discounts: [one] })

    const reasonFor = async (code: string, customer_id: string | null) => {
      const { refused, discounts: found } = await discounts(house, {
        codes: [` ${code.toLowerCase()} `],
        customer_id,
        lines,
      })
      assert.equal(refused.length + found.length, 1, code)
      for (const { explanation } of refused) assert.match(explanation, /^[a-z].{10,}[^.]$/)
      return refused[0]?.reason ?? 'none'
    }
    const cases: [code: string, ofAda: string, ofBob: string, ofSomeone: string][] = [
      ['NONE', 'unknown', 'unknown', 'unknown'],
      ['DRAFT', 'unknown', 'unknown', 'unknown'],
      ['OVER', 'unknown', 'unknown', 'unknown'],
      ['SOON', 'not_started', 'not_started', 'not_started'],
      ['LATE', 'ended', 'ended', 'ended'],
      ['EDGE', 'none', 'none', 'none'],
      ['PAUSED', 'paused', 'paused', 'paused'],
      ['TWICE', 'used_up', 'used_up', 'used_up'],
      ['EACH', 'used_up_by_customer', 'none', 'none'],
      ['EURO', 'wrong_currency', 'wrong_currency', 'wrong_currency'],
      ['MINIMUM', 'wrong_currency', 'wrong_currency', 'wrong_currency'],
      ['ADAS', 'none', 'not_for_customer', 'not_for_customer'],
      ['ELSE', 'nothing_eligible', 'nothing_eligible', 'nothing_eligible'],
    ]
    for (const [code, ...expected] of cases) {
      const told = [
        await reasonFor(code, ada),
        await reasonFor(code, bob),
        await reasonFor(code, null),
      ]
      assert.deepEqual(told, expected, code)
    }
    assert.deepEqual(await house.violations(), [])
  })

  it('are what pricing wants, with the lines they are for', async () => {
    await using house = await openHouse(engine, { clock })
    const fixed = await promote(house, {
      code: 'Five',
      kind: 'fixed',
      amounts: [
        { currency: 'USD', amount: '5' },
        { currency: 'JPY', amount: '600' },
      ],
      minimum_subtotals: [{ currency: 'JPY', amount: '5000' }],
      category_ids: [CATEGORY],
      priority: 2,
      exclusive: true,
    })
    const shipping = await promote(house, { name: 'Free', kind: 'free_shipping', priority: 9 })
    const percent = await promote(house, { percent: '12.5', variant_ids: [VARIANT] })
    const asked = { codes: ['five'], currency: 'JPY', lines }
    const { discounts: found, refused } = await discounts(house, asked)
    assert.deepEqual(refused, [])
    const plain = { exclusive: false, minimum_amount: 0, code: null }
    assert.deepEqual(found, [
      {
        id: percent.id,
        label: 'Ten off',
        priority: 0,
        line_keys: ['a'],
        kind: 'percent',
        rate_ppm: 125_000,
        ...plain,
      },
      {
        id: shipping.id,
        label: 'Free',
        priority: 9,
        line_keys: null,
        kind: 'free_shipping',
        ...plain,
      },
      {
        id: fixed.id,
        label: 'Ten off',
        code: 'Five',
        priority: 2,
        exclusive: true,
        minimum_amount: 5000,
        line_keys: ['b'],
        kind: 'fixed',
        amount: 600,
      },
    ])
    const nothing = await discounts(house, { ...asked, lines: [] })
    assert.deepEqual(
      [nothing.discounts.map(({ id }) => id), nothing.refused.map(({ reason }) => reason)],
      [[shipping.id], ['nothing_eligible']],
    )
  })

  it('for a category are for the products of all that is below it', async () => {
    await using house = await openHouse(engine)
    const home = await made(house, 'POST /api/v1/categories', { name: 'Home' })
    const kitchen = await made(house, 'POST /api/v1/categories', {
      name: 'Kitchen',
      parent_id: home.id,
    })
    const cup = { name: 'Cup', sku: 'CUP', price: '5', category_ids: [kitchen.id] }
    const { id: product_id } = await made(house, 'POST /api/v1/products', cup)
    await promote(house, { name: 'For homes', category_ids: [home.id] })
    await promote(house, { name: 'For others', category_ids: [CATEGORY] })
    const asked = [{ key: 'cup', product_id, variant_id: VARIANT }, ...lines.slice(0, 1)]
    const { discounts: found } = await discounts(house, { lines: asked })
    assert.deepEqual(
      found.map(({ label, line_keys }) => [label, line_keys]),
      [['For homes', ['cup']]],
    )
  })

  it('count a promotion once, by the first of its codes that is good', async () => {
    await using house = await openHouse(engine)
    const [customer_id] = (await people(house, 1)) as [string]
    const { id } = await promote(house, { automatic: false })
    const { items } = await made(house, `POST /api/v1/promotions/${id}/codes`, { count: 3 })
    const [a, b, c] = items.map(({ code }: { code: string }) => code) as [string, string, string]
    const [order_id] = (await ordersIds(house, 1)) as [string]
    await use(house, { order_id, customer_id, discounts: [{ id, code: a }] })
    const codes = [a, b, ` ${b.toLowerCase()}`, c, '  ']
    const found = await discounts(house, { codes, customer_id })
    assert.deepEqual(
      found.discounts.map(({ code }) => code),
      [b],
    )
    assert.deepEqual(
      found.refused.map(({ code, reason }) => [code, reason]),
      [
        [a, 'used_up'],
        [c, 'already_applied'],
      ],
    )
  })

  it('take ten codes, and refuse an eleventh', async () => {
    await using house = await openHouse(engine)
    const codes = Array.from({ length: 11 }, (_, nth) => `CODE${nth}`)
    assert.equal((await discounts(house, { codes: codes.slice(1) })).refused.length, 10)
    await assert.rejects(discounts(house, { codes }), { code: 'COUPON_TOO_MANY', status: 400 })
  })

  it('cost two statements, however many codes, lines and promotions there are', async () => {
    await using house = await openHouse(engine)
    const [customer_id] = (await people(house, 1)) as [string]
    const codes: string[] = []
    for (let nth = 0; nth < 10; nth++) {
      codes.push(`CODE${nth}`)
      await promote(house, { code: `CODE${nth}`, product_ids: [PRODUCT], usage_limit: 5 })
      await promote(house, { category_ids: [CATEGORY] })
    }
    const many = Array.from({ length: 50 }, (_, nth) => ({
      key: `${nth}`,
      product_id: PRODUCT,
      variant_id: VARIANT,
      category_ids: [CATEGORY],
    }))
    const few = { codes: codes.slice(0, 1), customer_id, lines: many.slice(0, 1) }
    const all = { codes, customer_id, lines: many }
    assert.equal((await discounts(house, all)).discounts.length, 20)
    for (const asked of [few, all]) {
      const { statements } = await counted(engine, async () => {
        await discounts(house, asked)
      })
      const own = statements.filter((text) => /promotion/.test(text))
      assert.equal(own.length, 2, statements.join('\n\n'))
    }
  })

  it('are checked by anyone: the terms of a code, or why it is none', async () => {
    await using house = await openHouse(engine, { clock })
    const [ada] = (await people(house, 1)) as [string]
    await promote(house, {
      code: 'Five',
      kind: 'fixed',
      amounts: [{ currency: 'USD', amount: '5' }],
      minimum_subtotals: [{ currency: 'USD', amount: '20' }],
      product_ids: [PRODUCT],
    })
    await promote(house, { code: 'ADAS', customer_ids: [ada] })
    const check = async (body: object, as: 'nobody' | undefined) =>
      (await house.ask('POST /api/v1/promotions/check', body, as && { as })).data
    assert.deepEqual(await check({ code: ' fIVE ' }, 'nobody'), {
      code: 'Five',
      valid: true,
      reason: null,
      explanation: null,
      promotion: {
        label: 'Ten off',
        kind: 'fixed',
        percent: null,
        amount: '5.00',
        minimum_subtotal: '20.00',
        currency: 'USD',
        exclusive: false,
      },
    })
    assert.deepEqual(await check({ code: 'five', currency: 'eur' }, 'nobody'), {
      code: 'five',
      valid: false,
      reason: 'wrong_currency',
      explanation: 'it does not count in this currency',
      promotion: null,
    })
    const asAda = { code: 'adas', customer_id: ada }
    assert.equal((await check(asAda, 'nobody')).reason, 'not_for_customer')
    assert.equal((await check(asAda, undefined)).valid, true)
    assert.equal((await check({ code: 'nope' }, 'nobody')).reason, 'unknown')
  })
})
