import assert from 'node:assert/strict'
import { it } from 'node:test'
import { redeem } from '#modules/promotions'
import type { Context } from '#platform/context'
import { type Isolation, pause } from '#platform/database/database'
import { transactAsSystem } from '#platform/execute'
import { type House, onEveryEngine, openHouse } from '#testing'
import { crowd, made, ordersIds, people, promote, takeBack, tally, usage, use } from './desk.ts'

const CROWD = 40
const RC: Isolation = 'read committed'

type Race = { terms: object; buyers: number; isolations?: Isolation[] }

/** Forty orders at the same moment; answers what each was told, and which promotion it was. */
async function race(house: House, { terms, buyers, isolations = [RC] }: Race) {
  const customers = await people(house, buyers)
  const orders = await ordersIds(house, CROWD)
  const { id, code } = await promote(house, terms)
  const answers = await crowd(CROWD, (nth) => {
    const customer_id = customers[nth % buyers] as string
    const discounts = [{ id, code: code as string | null }]
    const isolation = isolations[nth % isolations.length]
    return use(house, { order_id: orders[nth] as string, customer_id, discounts }, isolation)
  })
  assert.deepEqual(await house.violations(), [])
  const { times_redeemed } = await usage(house, id)
  return { id, orders, customers, told: tally(answers), times_redeemed }
}

onEveryEngine('forty orders at once', (engine) => {
  for (const uses of [1, 7, 40]) {
    it(`redeem a coupon of ${uses} uses exactly so often`, async () => {
      await using house = await openHouse(engine)
      const found = await race(house, { terms: { code: 'A', usage_limit: uses }, buyers: 40 })
      const refused = CROWD - uses
      assert.deepEqual(found.told, { done: uses, ...(refused && { COUPON_USED_UP: refused }) })
      assert.equal(found.times_redeemed, uses)
      const names = await house.events()
      assert.equal(names.filter((name) => name === 'promotion.redeemed').length, uses)
    })
  }

  it('redeem it as often in SERIALIZABLE transactions, alone or among others', async () => {
    for (const isolations of [['serializable'], ['serializable', RC]] as Isolation[][]) {
      await using house = await openHouse(engine)
      const terms = { code: 'A', usage_limit: 7 }
      const found = await race(house, { terms, buyers: 40, isolations })
      assert.deepEqual(found.told, { done: 7, COUPON_USED_UP: 33 })
    }
  })

  it('redeem it twice for each of four customers who may do so twice', async () => {
    await using house = await openHouse(engine)
    const terms = { code: 'A', usage_limit_per_customer: 2 }
    const { told, id } = await race(house, { terms, buyers: 4 })
    assert.deepEqual(told, { done: 8, COUPON_USED_UP: 32 })
    const { items } = await made(house, `GET /api/v1/promotions/${id}/redemptions`)
    const each = tally(items.map(({ customer_id }: { customer_id: string }) => customer_id))
    assert.deepEqual(Object.values(each), [2, 2, 2, 2])
  })

  it('redeem an automatic promotion without limits all', async () => {
    await using house = await openHouse(engine)
    assert.deepEqual((await race(house, { terms: {}, buyers: 4 })).told, { done: 40 })
  })

  it('redeem a drawn code once, while the others of its promotion are free', async () => {
    await using house = await openHouse(engine)
    const customers = await people(house, 2)
    const { id } = await promote(house, { automatic: false })
    const drawn = await made(house, `POST /api/v1/promotions/${id}/codes`, { count: 4 })
    const codes = drawn.items.map(({ code }: { code: string }) => code)
    const orders = await ordersIds(house, CROWD)
    const answers = await crowd(CROWD, (nth) =>
      use(house, {
        order_id: orders[nth] as string,
        customer_id: customers[nth % 2] as string,
        discounts: [{ id, code: codes[nth % 4] }],
      }),
    )
    assert.deepEqual(tally(answers), { done: 4, COUPON_USED_UP: 36 })
    assert.deepEqual(await house.violations(), [])
  })

  it('redeem two coupons all or none, in whichever order they name them', async () => {
    await using house = await openHouse(engine)
    const [customer_id] = (await people(house, 1)) as [string]
    const a = await promote(house, { code: 'A', usage_limit: 5 })
    const b = await promote(house, { code: 'B', usage_limit: 3 })
    const both = [a, b].map(({ id, code }) => ({ id, code }))
    const orders = await ordersIds(house, CROWD)
    const answers = await crowd(CROWD, (nth) =>
      use(house, {
        order_id: orders[nth] as string,
        customer_id,
        discounts: nth % 2 ? both : both.toReversed(),
      }),
    )
    assert.deepEqual(tally(answers), { done: 3, COUPON_USED_UP: 37 })
    assert.equal((await usage(house, a.id)).times_redeemed, 3)
    assert.deepEqual(await house.violations(), [])
  })

  it('that are one and the same order redeem once', async () => {
    await using house = await openHouse(engine)
    const [customer_id] = (await people(house, 1)) as [string]
    const [order_id] = (await ordersIds(house, 1)) as [string]
    const { id } = await promote(house, { code: 'A', usage_limit: 5 })
    const answers = await crowd(CROWD, () =>
      use(house, { order_id, customer_id, discounts: [{ id, code: 'A' }] }),
    )
    assert.deepEqual(tally(answers), { done: 40 })
    assert.equal((await usage(house, id)).times_redeemed, 1)
    const names = await house.events()
    assert.equal(names.filter((name) => name === 'promotion.redeemed').length, 1)
  })

  it('that are given back by many free one use each, once', async () => {
    await using house = await openHouse(engine)
    const { id, orders, customers, told } = await race(house, {
      terms: { code: 'A', usage_limit: 7 },
      buyers: 1,
    })
    assert.equal(told.done, 7)
    const { items } = await made(house, `GET /api/v1/promotions/${id}/redemptions`)
    const [first, second] = items as [{ order_id: string }, { order_id: string }]
    await crowd(20, (nth) => takeBack(house, (nth % 2 ? first : second).order_id))
    const names = await house.events()
    assert.equal(names.filter((name) => name === 'promotion.given_back').length, 2)
    const fresh = await ordersIds(house, CROWD)
    const answers = await crowd(CROWD, (nth) =>
      use(house, {
        order_id: fresh[nth] as string,
        customer_id: customers[0] as string,
        discounts: [{ id, code: 'A' }],
      }),
    )
    assert.deepEqual(tally(answers), { done: 2, COUPON_USED_UP: 38 })
    assert.ok(orders.includes(first.order_id))
    assert.deepEqual(await house.violations(), [])
  })

  it('are never more than a limit that is set meanwhile, and none once it is paused', async () => {
    await using house = await openHouse(engine)
    const [customer_id] = (await people(house, 1)) as [string]
    const { id } = await promote(house, { code: 'A' })
    const orders = await ordersIds(house, CROWD)
    const told: string[] = []
    const redeeming = crowd(CROWD, async (nth) => {
      const order_id = orders[nth] as string
      told.push(await use(house, { order_id, customer_id, discounts: [{ id, code: 'A' }] }))
    })
    const limiting = crowd(10, (nth) =>
      house.ask(`PUT /api/v1/promotions/${id}`, { usage_limit: 3 * (nth + 1) }),
    )
    const [limits] = await Promise.all([limiting, redeeming])
    for (const { status } of limits) assert.ok([200, 409].includes(status), `${status}`)
    assert.deepEqual(await house.violations(), [])
    const paused = house.ask(`POST /api/v1/promotions/${id}/pause`)
    await Promise.all([paused, crowd(4, () => house.ask(`GET /api/v1/promotions/${id}`))])
    const late = (await ordersIds(house, 1)) as [string]
    assert.equal(
      await use(house, { order_id: late[0], customer_id, discounts: [{ id, code: 'A' }] }),
      'COUPON_REFUSED',
    )
    assert.equal((await usage(house, id)).times_redeemed, told.filter((t) => t === 'done').length)
  })

  it('are waited for by whoever sets a limit while they redeem', async () => {
    await using house = await openHouse(engine)
    const [customer_id] = (await people(house, 1)) as [string]
    const { id } = await promote(house)
    const [first, second] = (await ordersIds(house, 2)) as [string, string]
    const discounts = [{ id, code: null, amount: 100 }]
    await use(house, { order_id: first, customer_id, discounts })
    const redeemed = { order_id: second, customer_id, currency: 'USD', discounts } as never
    let limiting: ReturnType<typeof house.ask> | undefined
    const redeeming = async (ctx: Context) => {
      await redeem(ctx, redeemed)
      limiting ??= house.ask(`PUT /api/v1/promotions/${id}`, { usage_limit: 1 })
      await pause(100)
    }
    await transactAsSystem(house.app, redeeming, 'read committed')
    const answer = await limiting
    assert.deepEqual(answer?.error?.details, { field: 'usage_limit', used: 2 })
    assert.deepEqual(await house.violations(), [])
  })

  it('own a new code in one promotion only', async () => {
    await using house = await openHouse(engine)
    const answers = await crowd(CROWD, (nth) =>
      house.ask('POST /api/v1/promotions', {
        name: `Promotion ${nth}`,
        kind: 'free_shipping',
        code: nth % 2 ? 'ONLY' : 'only',
      }),
    )
    const statuses = tally(answers.map(({ status }) => `${status}`))
    assert.deepEqual(statuses, { 201: 1, 409: 39 })
    assert.deepEqual(await house.violations(), [])
  })
})
