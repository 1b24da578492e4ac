import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { it } from 'node:test'
import { onEveryEngine, openHouse } from '#testing'
import { deathsIn, letTimePass, type Moment } from '../../../../tests/crash/death.ts'
import { agent, asAgent, available, books, openShop, ready } from './agent.ts'

const PAYMENT = { payment: { token: 'pm_test_success' } }
const as = { id: agent.id, may: 'agentic:use' }

/** Where a completion can be cut off, in the order in which it comes by, and how it then stands. */
const STEPS: Record<string, { at: Moment; left: string }> = {
  'before its order is committed': { at: { commit: 1 }, left: 'ready_for_payment' },
  'before the provider is asked': { at: { before: 'sale' }, left: 'complete_in_progress' },
  'after the money was taken': { at: { after: 'sale' }, left: 'complete_in_progress' },
  'before the payment is committed': { at: { commit: 2 }, left: 'complete_in_progress' },
  'before it answers': { at: 'told', left: 'completed' },
}

// Goal: whenever the server dies while an agent completes its session, there is one order, paid
// once, and the agent that asks again with its key gets it.
onEveryEngine('a server that dies while a session is completed', (engine) => {
  const dying = deathsIn(engine, {
    async prepare(house) {
      await openShop(house)
      return (await asAgent(house)('POST', ready())).data as { id: string }
    },
  })

  for (const [step, { at, left }] of Object.entries(STEPS)) {
    const headers = { 'idempotency-key': randomUUID() }
    const route = (id: string) => `POST /api/v1/agentic/sessions/${id}/complete`
    const died = dying(at, ({ id }) => ({ route: route(id), body: PAYMENT, headers, as }))
    it(`${step}: the same key gets one order that is paid once`, { timeout: 180_000 }, async () => {
      const { shop, url, settings } = await died()
      const { id } = shop
      await using house = await openHouse(engine, { at: url, settings })
      const ask = asAgent(house)
      assert.equal((await ask(`GET /${id}`)).data.status, left)
      await letTimePass(engine, url)
      const done = await ask(`POST /${id}/complete`, PAYMENT, headers)
      assert.equal(done.data?.status, 'completed', JSON.stringify(done.body))
      const [order, ...others] = await books(house)
      assert.equal(others.length, 0)
      assert.deepEqual([order.payment_status, order.payments.length], ['paid', 1])
      assert.equal(done.data.order.id, order.id)
      assert.equal(await available(house, 'MUG'), 98)
      assert.deepEqual(await house.violations(), [])
    })
  }
})
