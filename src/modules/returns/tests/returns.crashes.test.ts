import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { it } from 'node:test'
import { sweepPayments } from '#modules/payments'
import { systemProcess } from '#platform/execute'
import { onEveryEngine, openHouse } from '#testing'
import { deathsIn, type Left, letTimePass, type Moment } from '../../../../tests/crash/death.ts'
import { ARTICLES, approved, delivered, done, stocked, storeOf } from './desk.ts'

/** Where a refund can be cut off, in the order in which it comes by. */
const STEPS: Record<string, Moment> = {
  'before the first commit': { commit: 1 },
  'before the provider is asked': { before: 'refund' },
  'after the money went back': { after: 'refund' },
  'before the second commit': { commit: 2 },
  'before the third commit': { commit: 3 },
  'before the answer is told': 'told',
}
const keyed = (key: string) => ({ headers: { 'idempotency-key': key } })
/** The first case waits until all have died. */
const PATIENT = { timeout: 180_000 }

// Goal: whenever the server dies while a return is paid back or taken in, units and money are as if
// it had not died or had not begun, and whoever asks again gets it done, once.
// Method: a process of its own asks and is killed at each step; then another house opens the
// database, time passes, the sweeper works, and staff asks again, with that key or another.
onEveryEngine('a server that dies while a return', (engine) => {
  const reopen = async ({ url, settings, shop }: Left<{ customer_id: string }>) =>
    storeOf(await openHouse(engine, { at: url, settings }), shop.customer_id)

  const paying = deathsIn(engine, {
    async prepare(house) {
      const store = await stocked(house, ARTICLES)
      const order = await delivered(store, { MUG: 2 })
      const { id } = await approved(store, order, { items: [{ sku: 'MUG', quantity: 1 }] })
      await done(store, `POST /api/v1/returns/${id}/restock`)
      return { id, order_id: order.id, customer_id: store.customer_id }
    },
  })
  for (const [step, at] of Object.entries(STEPS)) {
    for (const sameKey of [true, false]) {
      const key = randomUUID()
      const route = (id: string) => `POST /api/v1/returns/${id}/refund`
      const died = paying(at, ({ id }) => ({ route: route(id), ...keyed(key) }))
      const how = sameKey ? 'the same key' : 'another key'
      it(`is paid back, ${step}: ${how} pays once`, PATIENT, async () => {
        const left = await died()
        const { id, order_id } = left.shop
        await using store = await reopen(left)
        assert.deepEqual(await store.violations(), [], 'right after the crash')
        await letTimePass(engine, store.url)
        if (!sameKey) await sweepPayments(systemProcess(store.app))
        assert.deepEqual(await store.violations(), [], 'after the sweep')
        const again = await store.ask(route(id), {}, keyed(sameKey ? key : randomUUID()))
        const isOver = again.status === 409 && again.error.code === 'RETURN_CANNOT_REFUND'
        assert.ok(again.status === 200 || isOver, JSON.stringify(again.body))
        await sweepPayments(systemProcess(store.app))
        const { data } = await store.ask(`GET /api/v1/returns/${id}`)
        assert.deepEqual([data.status, data.refund_amount], ['Refunded', '10.00'])
        const { data: refunds } = await store.ask(`GET /api/v1/orders/${order_id}/refunds`)
        assert.equal(refunds.total, 1)
        assert.deepEqual(await store.violations(), [])
      })
    }
  }

  const taking = deathsIn(engine, {
    async prepare(house) {
      const store = await stocked(house, ARTICLES)
      const order = await delivered(store, { MUG: 2 })
      const shelf = await store.available('MUG')
      const { id } = await approved(store, order)
      return { route: `POST /api/v1/returns/${id}/restock`, shelf, customer_id: store.customer_id }
    },
  })
  for (const step of ['before the first commit', 'before the answer is told']) {
    const key = randomUUID()
    const died = taking(STEPS[step] as Moment, ({ route }) => ({ route, ...keyed(key) }))
    it(`is taken in, ${step}: its units come in once`, PATIENT, async () => {
      const left = await died()
      const { route, shelf } = left.shop
      await using store = await reopen(left)
      assert.deepEqual(await store.violations(), [], 'right after the crash')
      await letTimePass(engine, store.url)
      const again = await store.ask(route, {}, keyed(key))
      assert.equal(again.status, 200, JSON.stringify(again.body))
      assert.equal(await store.available('MUG'), shelf + 2)
      assert.deepEqual(await store.violations(), [])
    })
  }
})
