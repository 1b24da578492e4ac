import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type House, onEveryEngine, openHouse, someoneWho } from '#testing'
import { made, ordersIds, people, promote, usage, use } from './desk.ts'

const FIXED = { name: 'Five off', kind: 'fixed', code: 'FIVE' }

onEveryEngine('promotions', (engine) => {
  it('are drawn up with their terms, and read as they were given', async () => {
    await using house = await openHouse(engine)
    const [customer_id] = await people(house, 1)
    const product_id = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
    const terms = {
      name: 'Spring',
      label: 'Spring in the shop',
      code: 'Spring10',
      kind: 'fixed',
      amounts: [
        { currency: 'eur', amount: '5' },
        { currency: 'JPY', amount: 600 },
      ],
      minimum_subtotals: [{ currency: 'EUR', amount: '20.50' }],
      starts_at: '2026-03-01T01:00:00+01:00',
      ends_at: '2030-04-01T00:00:00Z',
      usage_limit: 50,
      usage_limit_per_customer: 2,
      exclusive: true,
      priority: 7,
      product_ids: [product_id],
      customer_ids: [customer_id],
    }
    const promotion = await made(house, 'POST /api/v1/promotions', terms)
    assert.deepEqual(
      { ...promotion, id: 0, created_at: 0, updated_at: 0 },
      {
        id: 0,
        ...terms,
        automatic: false,
        percent: null,
        status: 'draft',
        amounts: [
          { currency: 'EUR', amount: '5.00' },
          { currency: 'JPY', amount: '600' },
        ],
        minimum_subtotals: [{ currency: 'EUR', amount: '20.50' }],
        starts_at: '2026-03-01T00:00:00.000Z',
        ends_at: '2030-04-01T00:00:00.000Z',
        variant_ids: [],
        category_ids: [],
        version: 1,
        archived_at: null,
        created_at: 0,
        updated_at: 0,
      },
    )
    const read = await made(house, `GET /api/v1/promotions/${promotion.id}`)
    assert.deepEqual(read, { ...promotion, usage: { times_redeemed: 0, given: [] } })
    assert.deepEqual(await house.violations(), [])
  })

  it('take a percentage of up to four decimals and tell it as it was', async () => {
    await using house = await openHouse(engine)
    for (const [said, told] of [
      ['10', '10'],
      ['12.5', '12.5'],
      [33.3333, '33.3333'],
      ['0.0001', '0.0001'],
      ['100.0', '100'],
    ]) {
      const { percent } = await promote(house, { percent: said })
      assert.equal(percent, told)
    }
    for (const percent of ['0', '100.0001', '12.34567', '-5', 'ten', 0, 1e21]) {
      const { status, error } = await house.ask('POST /api/v1/promotions', {
        name: 'x',
        kind: 'percent',
        percent,
      })
      assert.deepEqual([status, error.details.field], [400, 'percent'], `${percent}`)
    }
  })

  it('refuse terms that do not go together', async () => {
    await using house = await openHouse(engine)
    const cases: [object, string][] = [
      [{ kind: 'percent' }, 'percent'],
      [{ kind: 'fixed', percent: '5' }, 'percent'],
      [{ kind: 'fixed' }, 'amounts'],
      [{ kind: 'fixed', amounts: [] }, 'amounts'],
      [{ kind: 'fixed', amounts: [{ currency: 'USD', amount: '0' }] }, 'amounts.0.amount'],
      [
        {
          kind: 'fixed',
          amounts: [
            { currency: 'USD', amount: '1' },
            { currency: 'usd', amount: '2' },
          ],
        },
        'amounts.1.currency',
      ],
      [
        {
          kind: 'fixed',
          amounts: [{ currency: 'USD', amount: '1' }],
          minimum_subtotals: [{ currency: 'EUR', amount: '1' }],
        },
        'minimum_subtotals',
      ],
      [{ kind: 'free_shipping', amounts: [{ currency: 'USD', amount: '1' }] }, 'amounts'],
      [{ kind: 'free_shipping', code: 'A', automatic: true }, 'automatic'],
      [{ kind: 'free_shipping', code: 'A B' }, 'code'],
      [
        {
          kind: 'free_shipping',
          starts_at: '2026-03-01T00:00:00Z',
          ends_at: '2026-03-01T00:00:00Z',
        },
        'ends_at',
      ],
      [{ kind: 'free_shipping', starts_at: '0000-01-01T00:00:00Z' }, 'starts_at'],
    ]
    for (const [terms, field] of cases) {
      const answer = await house.ask('POST /api/v1/promotions', { name: 'x', ...terms })
      const told = [answer.status, answer.error?.details.field]
      assert.deepEqual(told, [400, field], JSON.stringify(terms))
    }
    const inYen = { ...FIXED, amounts: [{ currency: 'JPY', amount: '1.50' }] }
    const { error } = await house.ask('POST /api/v1/promotions', inYen)
    assert.equal(error.code, 'AMOUNT_INVALID')
  })

  it('own their code without regard to case, until they are archived', async () => {
    await using house = await openHouse(engine)
    const first = await promote(house, { code: 'Spring' })
    const taken = await house.ask('POST /api/v1/promotions', {
      name: 'x',
      kind: 'free_shipping',
      code: 'SPRING',
    })
    assert.deepEqual([taken.status, taken.error.code], [409, 'PROMOTION_CODE_TAKEN'])
    const other = await promote(house, { code: 'Autumn' })
    const renamed = await house.ask(`PUT /api/v1/promotions/${other.id}`, { code: 'sPRING' })
    assert.equal(renamed.error.code, 'PROMOTION_CODE_TAKEN')
    await made(house, `PUT /api/v1/promotions/${other.id}`, { code: 'AUTUMN' })
    await made(house, `POST /api/v1/promotions/${first.id}/archive`)
    await made(house, `PUT /api/v1/promotions/${other.id}`, { code: 'sPRING' })
    const both = await made(house, 'GET /api/v1/promotions?code=spring')
    assert.deepEqual(
      both.items.map((one: { id: string }) => one.id),
      [other.id, first.id],
    )
    assert.deepEqual(await house.violations(), [])
  })

  it('change what is named, at the version that is meant', async () => {
    await using house = await openHouse(engine)
    const { id } = await promote(house, { ...FIXED, amounts: [{ currency: 'USD', amount: '5' }] })
    const route = `PUT /api/v1/promotions/${id}`
    const changed = await made(house, route, {
      name: 'Six off',
      amounts: [
        { currency: 'USD', amount: '6' },
        { currency: 'EUR', amount: '5.5' },
      ],
      minimum_subtotals: [{ currency: 'EUR', amount: '10' }],
      variant_ids: ['01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'],
      ends_at: '2031-01-01T00:00:00Z',
    })
    assert.deepEqual([changed.label, changed.version, changed.code], ['Six off', 2, 'FIVE'])
    const stale = { headers: { 'if-match': '"1"' } }
    const late = await house.ask(route, { priority: 3 }, stale)
    assert.deepEqual([late.status, late.error.code], [412, 'PRECONDITION_FAILED'])
    const emptied = await made(house, route, { variant_ids: [], minimum_subtotals: [], code: null })
    assert.deepEqual(
      [emptied.variant_ids, emptied.minimum_subtotals, emptied.code, emptied.automatic],
      [[], [], null, false],
    )
    assert.equal(emptied.amounts.length, 2)
    const read = await made(house, `GET /api/v1/promotions/${id}`)
    assert.deepEqual({ ...emptied, usage: read.usage }, read)
    const nothing = await house.ask(route, { amounts: [] })
    assert.deepEqual([nothing.status, nothing.error.details.field], [400, 'amounts'])
    assert.deepEqual(await house.violations(), [])
  })

  it('are activated, paused and archived, each with its event, and refuse any other move', async () => {
    await using house = await openHouse(engine)
    const { id } = await promote(house, { code: 'A', status: 'draft' })
    const move = (name: string) => house.ask(`POST /api/v1/promotions/${id}/${name}`)
    assert.equal((await move('pause')).error.code, 'PROMOTION_CANNOT_PAUSE')
    assert.equal((await move('activate')).data.status, 'active')
    assert.equal((await move('pause')).data.status, 'paused')
    assert.equal((await move('activate')).data.status, 'active')
    const { data } = await move('archive')
    assert.deepEqual([data.status, data.archived_at !== null, data.code], ['archived', true, 'A'])
    assert.deepEqual((await move('activate')).error.details.open_moves, [])
    const change = await house.ask(`PUT /api/v1/promotions/${id}`, { priority: 1 })
    assert.deepEqual([change.status, change.error.code], [409, 'PROMOTION_ARCHIVED'])
    assert.deepEqual(await house.events(), [
      'promotion.created',
      ...Array(4).fill('promotion.status_changed'),
    ])
    assert.deepEqual(await house.violations(), [])
  })

  it('cannot be limited below what is used', async () => {
    await using house = await openHouse(engine)
    const [ada, bob] = (await people(house, 2)) as [string, string]
    const { id } = await promote(house, { code: 'A' })
    for (const [nth, order_id] of (await ordersIds(house, 3)).entries()) {
      const customer_id = nth < 2 ? ada : bob
      assert.equal(
        await use(house, { order_id, customer_id, discounts: [{ id, code: 'a' }] }),
        'done',
      )
    }
    const limit = (terms: object) => house.ask(`PUT /api/v1/promotions/${id}`, terms)
    const below = await limit({ usage_limit: 2 })
    assert.deepEqual(
      [below.error.code, below.error.details],
      ['PROMOTION_LIMIT_BELOW_USAGE', { field: 'usage_limit', used: 3 }],
    )
    const each = await limit({ usage_limit_per_customer: 1 })
    assert.deepEqual(each.error.details, { field: 'usage_limit_per_customer', used: 2 })
    assert.equal((await limit({ usage_limit: 3, usage_limit_per_customer: 2 })).status, 200)
    assert.equal((await limit({ usage_limit: null })).data.usage_limit, null)
    assert.deepEqual(await usage(house, id), {
      times_redeemed: 3,
      given: [{ currency: 'USD', amount: '3.00' }],
    })
    assert.deepEqual(await house.violations(), [])
  })

  it('are listed newest first, by status, kind, code and words, page by page', async () => {
    await using house = await openHouse(engine)
    await promote(house, { name: 'Big Sale', code: 'BIG' })
    await promote(house, { name: 'Small 50% sale', kind: 'free_shipping', status: 'draft' })
    await promote(house, { name: 'Gift', label: 'A sale of gifts', code: 'GIFT' })
    const names = async (query: string, alias = 'promotions') =>
      (await made(house, `GET /api/v1/${alias}?${query}`)).items.map(
        ({ name }: { name: string }) => name,
      )
    assert.deepEqual(await names(''), ['Gift', 'Small 50% sale', 'Big Sale'])
    assert.deepEqual(await names('status=draft', 'coupons'), ['Small 50% sale'])
    assert.deepEqual(await names('kind=percent'), ['Gift', 'Big Sale'])
    assert.deepEqual(await names('code=big'), ['Big Sale'])
    assert.deepEqual(await names('search=SALE%20gif'), ['Gift'])
    assert.deepEqual(await names('search=0%25'), ['Small 50% sale'])
    const first = await made(house, 'GET /api/v1/promotions?limit=2')
    assert.deepEqual([first.total, first.items.length], [3, 2])
    assert.deepEqual(await names(`limit=2&cursor=${first.next_cursor}`), ['Big Sale'])
  })

  it('are for those who may: staff reads, managers write, customers neither', async () => {
    await using house = await openHouse(engine)
    const { id } = await promote(house)
    const staff = { as: someoneWho('promotions:read') }
    assert.equal((await house.ask(`GET /api/v1/promotions/${id}`, undefined, staff)).status, 200)
    const refused = await house.ask(`POST /api/v1/promotions/${id}/pause`, {}, staff)
    assert.equal(refused.status, 403)
    const unknown = await house.ask('GET /api/v1/promotions/01937b5e-9c00-7a3b-8f11-2f6f3c9d4e1f')
    assert.deepEqual([unknown.status, unknown.error.code], [404, 'PROMOTION_NOT_FOUND'])
  })

  it('apply by themselves up to a hundred at once', async () => {
    await using house = await openHouse(engine)
    for (let nth = 0; nth < 99; nth++) await promote(house)
    const drafts = [
      await promote(house, { status: 'draft' }),
      await promote(house, { status: 'draft' }),
    ]
    const activate = ({ id }: { id?: string }) =>
      house.ask(`POST /api/v1/promotions/${id}/activate`)
    const answers = await Promise.all(drafts.map(activate))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409])
    const one = await house.ask('POST /api/v1/promotions', {
      name: 'One more',
      kind: 'free_shipping',
      status: 'active',
    })
    assert.equal(one.error.code, 'PROMOTION_TOO_MANY_AUTOMATIC')
    assert.deepEqual(await house.violations(), [])
  })

  it('draw codes by the dozen, each good for one use', async () => {
    await using house = await openHouse(engine)
    const [customer_id] = (await people(house, 1)) as [string]
    const { id } = await promote(house, { automatic: false })
    const drawn = await draw(house, id, { count: 1000, prefix: 'VIP-' })
    assert.equal(new Set(drawn.map(({ code }) => code.toLowerCase())).size, 1000)
    for (const { code } of drawn) assert.match(code, /^VIP-[2-9A-HJ-NP-Z]{12}$/)
    const [first, second] = drawn as [Drawn, Drawn]
    const orders = (await ordersIds(house, 3)) as [string, string, string]
    const spend = (order_id: string, code: string) =>
      use(house, { order_id, customer_id, discounts: [{ id, code }] })
    assert.equal(await spend(orders[0], first.code.toLowerCase()), 'done')
    assert.equal(await spend(orders[1], first.code), 'COUPON_USED_UP')
    assert.equal(await spend(orders[1], second.code), 'done')
    assert.equal(await spend(orders[2], 'VIP-NOBODYS'), 'COUPON_REFUSED')
    const { items, total } = await made(house, `GET /api/v1/promotions/${id}/codes?limit=100`)
    assert.deepEqual([total, items.length], [1000, 100])
    const { items: used } = await made(house, `GET /api/v1/promotions/${id}/redemptions`)
    assert.deepEqual(
      used.map((one: Drawn & { amount: string }) => [one.code, one.amount]),
      [
        [second.code, '1.00'],
        [first.code, '1.00'],
      ],
    )
    assert.deepEqual(await house.violations(), [])
  })

  it('have no codes where they apply by themselves, and get none once archived', async () => {
    await using house = await openHouse(engine)
    const automatic = await promote(house)
    const coded = await promote(house, { code: 'A' })
    await made(house, `POST /api/v1/promotions/${coded.id}/archive`)
    const codes = ({ id }: { id?: string }) =>
      house.ask(`POST /api/v1/promotions/${id}/codes`, { count: 1 })
    assert.equal((await codes(automatic)).error.code, 'PROMOTION_IS_AUTOMATIC')
    assert.equal((await codes(coded)).error.code, 'PROMOTION_ARCHIVED')
    const named = await house.ask(`PUT /api/v1/promotions/${automatic.id}`, { code: 'B' })
    assert.equal(named.error.code, 'PROMOTION_IS_AUTOMATIC')
  })
})

type Drawn = { code: string }
const draw = async (house: House, id: string, asked: object): Promise<Drawn[]> =>
  (await made(house, `POST /api/v1/promotions/${id}/codes`, asked)).items
