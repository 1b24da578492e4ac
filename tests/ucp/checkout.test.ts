import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, someoneWho } from '#testing'
import { BUYER, openUcp, pay, way } from './platform.ts'
import { assertAddsUp, assertIs } from './schemas.ts'

const ITEMS = [
  { item: { id: 'MUG' }, quantity: 2 },
  { item: { id: 'TEA' }, quantity: 1 },
]
type Ucp = Awaited<ReturnType<typeof openUcp>>

/** A checkout that could be completed at once. */
async function ready(ucp: Ucp) {
  const made = await ucp.checkout('POST /checkout-sessions', { line_items: ITEMS, buyer: BUYER })
  const ids = made.line_items.map(({ id }: any) => id)
  const route = `PUT /checkout-sessions/${made.id}`
  const told = { line_items: ITEMS, buyer: BUYER, fulfillment: way(ids) }
  return { id: made.id as string, made, whole: told, checkout: await ucp.checkout(route, told) }
}

onEveryEngine('a checkout of UCP', (engine) => {
  it('goes from items to an order, each answer as the schemas have it', async () => {
    await using ucp = await openUcp(engine)
    const { id, made, checkout, whole } = await ready(ucp)
    assert.equal(made.status, 'incomplete')
    const missing = made.messages.find(({ code }: any) => code === 'field_required')
    assert.equal(missing.path, '$.fulfillment.methods[0].destinations')
    assert.equal(checkout.status, 'ready_for_complete')
    const [method] = checkout.fulfillment.methods
    assert.equal(method.selected_destination_id, 'home')
    const options = method.groups[0].options
    assert.ok(options.length > 1)

    const express = options.at(-1).id
    const ids = checkout.line_items.map(({ id }: any) => id)
    const chosen = await ucp.checkout(`PUT /checkout-sessions/${id}`, {
      ...whole,
      fulfillment: way(ids, express),
    })
    assert.equal(chosen.fulfillment.methods[0].groups[0].selected_option_id, express)

    const done = await ucp.checkout(`POST /checkout-sessions/${id}/complete`, pay())
    assert.equal(done.status, 'completed')
    const total = chosen.totals.at(-1).amount
    assert.equal(done.totals.at(-1).amount, total)
    const order = await ucp.ask(`GET /api/v1/orders/${done.order.id}`)
    assert.equal(order.data.payment_status, 'paid')
    assert.equal(Math.round(Number(order.data.total_amount) * 100), total)

    const { body } = await ucp.send(`GET /orders/${done.order.id}`)
    assertIs('shopping/order.json', body)
    assertAddsUp(body.totals)
    assert.equal(body.checkout_id, id)
    assert.deepEqual(
      body.line_items.map((line: any) => [line.item.id, line.quantity.total, line.status]),
      [
        ['MUG', 2, 'processing'],
        ['TEA', 1, 'processing'],
      ],
    )
    const goodwill = { amount: '1.00', reason: 'A scratch.' }
    const back = await ucp.ask(`POST /api/v1/orders/${done.order.id}/refund`, goodwill)
    assert.ok(back.status < 300, JSON.stringify(back.body))
    const after = (await ucp.send(`GET /orders/${done.order.id}`)).body
    assertIs('shopping/order.json', after)
    const [refund] = after.adjustments
    assert.deepEqual([refund.type, refund.totals[0].amount], ['refund', -100])
    assert.deepEqual(await ucp.violations(), [])
  })

  it('is replaced whole: what is not sent is gone', async () => {
    await using ucp = await openUcp(engine)
    const { id } = await ready(ucp)
    const less = await ucp.checkout(`PUT /checkout-sessions/${id}`, { line_items: [ITEMS[1]] })
    assert.equal(less.line_items.length, 1)
    assert.equal(less.buyer, undefined)
    assert.deepEqual(less.fulfillment.methods[0].destinations, [])
    assert.equal(less.status, 'incomplete')
  })

  it('says what a destination lacks', async () => {
    await using ucp = await openUcp(engine)
    const destination = { id: 'home', address_country: 'US', postal_code: '04101' }
    const made = await ucp.checkout('POST /checkout-sessions', {
      line_items: ITEMS,
      fulfillment: { methods: [{ type: 'shipping', destinations: [destination] }] },
    })
    const paths = made.messages.map(({ path }: any) => path)
    const base = '$.fulfillment.methods[0].destinations[0]'
    assert.ok(paths.includes(`${base}.street_address`))
    assert.ok(paths.includes(`${base}.address_locality`))
  })

  it('tells discounts by code, and where they went', async () => {
    await using ucp = await openUcp(engine)
    const ten = { name: 'Ten off', kind: 'percent', percent: '10', code: 'TEN', status: 'active' }
    const { data } = await ucp.ask('POST /api/v1/promotions', ten)
    assert.ok(data.id)
    const made = await ucp.checkout('POST /checkout-sessions', {
      line_items: ITEMS,
      discounts: { codes: ['TEN', 'NOTHING'] },
    })
    const [applied] = made.discounts.applied
    assert.equal(applied.code, 'TEN')
    assert.equal(applied.amount, 290)
    const parts = applied.allocations.reduce((sum: number, { amount }: any) => sum + amount, 0)
    assert.equal(parts, 290)
    const warning = made.messages.find(({ path }: any) => path === '$.discounts.codes[1]')
    assert.equal(warning.type, 'warning')
  })

  it('places one order and charges once, however often it is completed', async () => {
    await using ucp = await openUcp(engine)
    const { id } = await ready(ucp)
    const route = `POST /checkout-sessions/${id}/complete`
    const answers = await Promise.all(Array.from({ length: 6 }, () => ucp.send(route, pay())))
    for (const { status } of answers) assert.equal(status, 200)
    const last = await ucp.checkout(route, pay())
    assert.equal(last.status, 'completed')
    const { data } = await ucp.ask('GET /api/v1/orders')
    assert.equal(data.total, 1)
    const paid = await ucp.ask('GET /api/v1/payments')
    const charged = paid.data.items.filter(({ status }: any) => status === 'succeeded')
    assert.equal(charged.length, 1)
    assert.deepEqual(await ucp.violations(), [])
  })

  it('stays open after a declined payment, and says so', async () => {
    await using ucp = await openUcp(engine)
    const { id } = await ready(ucp)
    const route = `POST /checkout-sessions/${id}/complete`
    const declined = await ucp.checkout(route, pay('pm_test_declined'))
    assert.equal(declined.status, 'ready_for_complete')
    assert.ok(declined.messages.some(({ code }: any) => code === 'payment_failed'))
    assert.equal((await ucp.checkout(route, pay())).status, 'completed')
  })

  it('answers outcomes with 200, and says them by their codes', async () => {
    await using ucp = await openUcp(engine)
    const outcome = async (route: string, body?: object, as = ucp.agent) => {
      const answer = await ucp.send(route, body, { as })
      assert.equal(answer.status, 200, JSON.stringify(answer.body))
      assertIs('shopping/types/error_response.json', answer.body)
      return answer.body.messages[0].code
    }
    const unknown = { line_items: [{ item: { id: 'NOTHING' }, quantity: 1 }] }
    assert.equal(await outcome('POST /checkout-sessions', unknown), 'item_unavailable')
    assert.equal(await outcome('GET /checkout-sessions/nonsense'), 'not_found')
    const { id } = await ready(ucp)
    const other = { ...someoneWho('agentic:use'), id: 'user:another' }
    assert.equal(await outcome(`GET /checkout-sessions/${id}`, undefined, other), 'not_found')
    await ucp.checkout(`POST /checkout-sessions/${id}/cancel`, {})
    assert.equal(await outcome(`POST /checkout-sessions/${id}/complete`, pay()), 'checkout_ended')
    assert.equal(await outcome('GET /orders/nonsense'), 'not_found')
    const much = { line_items: [{ item: { id: 'MUG' }, quantity: 11 }] }
    const short = await ucp.checkout('POST /checkout-sessions', much)
    assert.ok(short.messages.some(({ code }: any) => code === 'out_of_stock'))
  })

  it('is answered the same under one key, and refused with another body', async () => {
    await using ucp = await openUcp(engine)
    const body = { line_items: ITEMS }
    const one = await ucp.checkout('POST /checkout-sessions', body, { key: 'once' })
    const two = await ucp.checkout('POST /checkout-sessions', body, { key: 'once' })
    assert.deepEqual(two, one)
    const other = { line_items: [ITEMS[0]] }
    const refused = await ucp.send('POST /checkout-sessions', other, { key: 'once' })
    assert.equal(refused.status, 409)
    assert.deepEqual(Object.keys(refused.body), ['code', 'content'])
  })
})
