import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { it } from 'node:test'
import { sweepPayments } from '#modules/payments'
import { systemProcess } from '#platform/execute'
import { onEveryEngine, openHouse } from '#testing'
import { deathsIn, letTimePass, type Moment } from '../../../../tests/crash/death.ts'
import { ARTICLES, delivered, done, stocked, storeOf } from './desk.ts'

/** Where settling can be cut off: credit pays for the other goods, then the rest goes back. */
const STEPS: Record<string, Moment> = {
  'before it is committed': { commit: 1 },
  'before credit is asked': { before: 'sale' },
  'after credit has paid': { after: 'sale' },
  'before the rest is given back': { before: 'refund' },
  'after the rest was given back': { after: 'refund' },
  'before the answer is told': 'told',
}
const keyed = (key: string) => ({ headers: { 'idempotency-key': key } })

// Goal: whenever the server dies while an exchange is settled, the goods that go out are paid for
// once by what came back, the rest is given back once, and no credit is left over.
// Method: goods of 10.00 come back for goods of 4.00. A process settles and is killed at each step;
// then another house opens the database, time passes, the sweeper works, and staff settles again.
onEveryEngine('a server that dies while it settles an exchange', (engine) => {
  const dying = deathsIn(engine, {
    async prepare(house) {
      const store = await stocked(house, ARTICLES)
      const order = await delivered(store, { MUG: 1 })
      const { id } = await done(store, 'POST /api/v1/exchanges', {
        order_id: order.id,
        reason: 'Too small.',
        new_items: [{ sku: 'TEA', quantity: 1 }],
        remainder_to: 'original',
      })
      const ok = await done(store, `POST /api/v1/exchanges/${id}/approve`)
      await done(store, `POST /api/v1/returns/${ok.return.id}/restock`)
      const { customer_id } = store
      return { id, order_id: order.id, goods_id: ok.new_order_id, customer_id }
    },
  })

  for (const [step, at] of Object.entries(STEPS)) {
    for (const sameKey of [true, false]) {
      const key = randomUUID()
      const route = (id: string) => `POST /api/v1/exchanges/${id}/settle`
      const died = dying(at, ({ id }) => ({ route: route(id), ...keyed(key) }))
      const how = sameKey ? 'the same key' : 'another key'
      it(`${step}: ${how} settles it once`, { timeout: 180_000 }, async () => {
        const { shop, url, settings } = await died()
        const { id, order_id, goods_id, customer_id } = shop
        const house = await openHouse(engine, { at: url, settings })
        await using store = storeOf(house, customer_id)
        assert.deepEqual(await store.violations(), [], 'right after the crash')
        await letTimePass(engine, url)
        if (!sameKey) await sweepPayments(systemProcess(store.app))
        assert.deepEqual(await store.violations(), [], 'after the sweep')

        const again = await store.ask(route(id), {}, keyed(sameKey ? key : randomUUID()))
        assert.ok(again.status < 500, JSON.stringify(again.body))
        await sweepPayments(systemProcess(store.app))
        const over = await done(store, `POST /api/v1/exchanges/${id}/settle`)
        assert.deepEqual([over.status, over.return.status], ['completed', 'Refunded'])
        const goods = await store.order(goods_id)
        assert.deepEqual([goods.status, goods.payment_status], ['confirmed', 'paid'])
        const { data: paid } = await store.ask(`GET /api/v1/payments/order/${goods_id}`)
        assert.deepEqual(
          paid.map((one: any) => one.captured_amount).filter((amount: string) => Number(amount)),
          ['4.00'],
        )
        const { data: kept } = await store.ask(`GET /api/v1/payments/order/${order_id}/total`)
        assert.equal(kept.total_paid, '4.00', 'the rest went back once')
        const credit = await store.rows('credit_accounts')
        assert.deepEqual(
          credit.map((row) => Number(row.balance_amount)),
          [0],
        )
        assert.deepEqual(await store.violations(), [])
      })
    }
  }
})
