import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, openHouse } from '#testing'
import { made, ordersIds, people, promote, takeBack, usage, use } from './desk.ts'

const START = Date.parse('2026-06-15T12:00:00.000Z')

onEveryEngine('redemptions', (engine) => {
  it('are one an order and promotion, with its money, and are told in events', async () => {
    await using house = await openHouse(engine)
    const [customer_id] = (await people(house, 1)) as [string]
    const a = await promote(house, { code: 'Aa' })
    const b = await promote(house)
    const [order_id] = (await ordersIds(house, 1)) as [string]
    const discounts = [
      { id: a.id, code: ' aA', amount: 1050 },
      { id: b.id, code: null, amount: 0 },
    ]
    const redeemed = { order_id, customer_id, discounts, currency: 'EUR' }
    assert.equal(await use(house, redeemed), 'done')
    const more = discounts.map((one) => ({ ...one, amount: 9 }))
    assert.equal(await use(house, { ...redeemed, discounts: more }), 'done')
    const { items } = await made(house, `GET /api/v1/promotions/${a.id}/redemptions`)
    assert.equal(items.length, 1)
    const { id: _, redeemed_at, ...facts } = items[0]
    assert.match(redeemed_at, /Z$/)
    assert.deepEqual(facts, {
      promotion_id: a.id,
      code: 'Aa',
      order_id,
      customer_id,
      currency: 'EUR',
      amount: '10.50',
      given_back_at: null,
    })
    assert.deepEqual(await usage(house, a.id), {
      times_redeemed: 1,
      given: [{ currency: 'EUR', amount: '10.50' }],
    })
    const names = (await house.events()).filter((name) => name === 'promotion.redeemed')
    assert.equal(names.length, 2)
    assert.deepEqual(await house.violations(), [])
  })

  it('given back free the use exactly once, and cannot be had again by their order', async () => {
    await using house = await openHouse(engine)
    const [customer_id] = (await people(house, 1)) as [string]
    const { id } = await promote(house, { code: 'A', usage_limit: 1, usage_limit_per_customer: 1 })
    const [first, second, third] = (await ordersIds(house, 3)) as [string, string, string]
    const spend = (order_id: string) =>
      use(house, { order_id, customer_id, discounts: [{ id, code: 'A' }] })
    assert.equal(await spend(first), 'done')
    assert.equal(await spend(second), 'COUPON_USED_UP')
    for (const _ of [1, 2, 3]) await takeBack(house, first)
    assert.deepEqual(await usage(house, id), { times_redeemed: 0, given: [] })
    assert.equal(await spend(first), 'COUPON_GIVEN_BACK')
    assert.equal(await spend(second), 'done')
    assert.equal(await spend(third), 'COUPON_USED_UP')
    const list = async (query: string) =>
      (await made(house, `GET /api/v1/promotions/${id}/redemptions?${query}`)).items.map(
        (one: { order_id: string }) => one.order_id,
      )
    assert.deepEqual(await list('given_back=true'), [first])
    assert.deepEqual(await list('given_back=false'), [second])
    assert.deepEqual(await list(`customer_id=${customer_id}`), [second, first])
    const names = await house.events()
    assert.equal(names.filter((name) => name === 'promotion.given_back').length, 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('are refused when the promotion cannot be had any more, and then nothing is redeemed', async () => {
    let now_ms = START
    await using house = await openHouse(engine, { clock: () => new Date(now_ms) })
    const [ada, bob] = (await people(house, 2)) as [string, string]
    const other = await promote(house, { code: 'OTHER' })
    const at = (ms: number) => new Date(START + ms).toISOString()
    const dated = await promote(house, { code: 'DATED', starts_at: at(1000), ends_at: at(2000) })
    const adas = await promote(house, { code: 'ADAS', customer_ids: [ada] })
    const paused = await promote(house)
    await made(house, `POST /api/v1/promotions/${paused.id}/pause`)
    const spend = async (promotion: { id?: string; code?: string }, code = promotion.code) => {
      const [order_id] = (await ordersIds(house, 1)) as [string]
      const discounts = [other, { ...promotion, code: code ?? null }] as never
      return use(house, { order_id, customer_id: bob, discounts })
    }
    assert.equal(await spend(dated), 'COUPON_REFUSED')
    now_ms = START + 1000
    assert.equal(await spend(dated), 'done')
    now_ms = START + 2000
    assert.equal(await spend(dated), 'COUPON_REFUSED')
    assert.equal(await spend(adas), 'COUPON_REFUSED')
    assert.equal(await spend(paused), 'COUPON_REFUSED')
    assert.equal(await spend(dated, 'OTHER'), 'COUPON_REFUSED')
    assert.equal((await usage(house, other.id)).times_redeemed, 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('without discounts are nothing, and an order that used none gives none back', async () => {
    await using house = await openHouse(engine)
    const [customer_id] = (await people(house, 1)) as [string]
    const [order_id] = (await ordersIds(house, 1)) as [string]
    assert.equal(await use(house, { order_id, customer_id, discounts: [] }), 'done')
    assert.equal(await takeBack(house, order_id), 'done')
    assert.deepEqual(await house.events(), ['customer.created'])
  })
})
