import assert from 'node:assert/strict'
import { it } from 'node:test'
import { newId } from '#kit/ids'
import { sweepPayments } from '#modules/payments'
import { systemProcess } from '#platform/execute'
import type { ProcessContext } from '#platform/processes'
import { onEveryEngine } from '#testing'
import { payOffer } from '../commands/pay-offer.ts'
import { openShop } from './shop.ts'

type Shop = Awaited<ReturnType<typeof openShop>>

const STEPS = {
  'before the order is committed': { transactions: 0, concludes: false },
  'before the provider is asked': { transactions: 1, concludes: false },
  'after the money was taken': { transactions: 1, concludes: false, asks: true },
}
type Step = (typeof STEPS)[keyof typeof STEPS] & { asks?: boolean }

/** A process that dies: what it has committed stays, what comes after its step never happens. */
function mortal(shop: Shop, key: string, { transactions, asks = false }: Step): ProcessContext {
  const alive = systemProcess(shop.app, key)
  const died = () => Promise.reject(Object.assign(new Error('the process died'), { status: 503 }))
  let left = transactions
  return {
    ...alive,
    key,
    // Nobody can be asked for what nobody has a provider for: the call is never made.
    process: asks || transactions === 0 ? alive.process : new Map(),
    transaction: (body, isolation) => (left-- > 0 ? alive.transaction(body, isolation) : died()),
    conclude: () => died() as never,
  }
}

// Goal: whenever the server dies while an offer is paid, there is one order, paid once, and whoever
// pays again gets it.
onEveryEngine('a server that dies while an offer is paid', (engine) => {
  for (const [name, step] of Object.entries(STEPS)) {
    for (const sameKey of [true, false]) {
      it(`${name}: ${sameKey ? 'the same key' : 'another key'} gets one order that is paid once`, async () => {
        await using shop = await openShop(engine)
        const { id } = await shop.draft({ reserve_stock: true, expires_at: shop.inMinutes(600) })
        const { token } = await shop.offer(id)
        const key = newId('process', Date.now())
        const input = { token, payment_method: 'credit_card', payment_token: 'tok_visa' } as const

        await assert.rejects(payOffer(mortal(shop, key, step), input))
        assert.deepEqual(await shop.violations(), [], 'right after the crash')
        shop.wait(60)
        if (!sameKey) await sweepPayments(systemProcess(shop.app))

        const again = () =>
          sameKey
            ? payOffer(systemProcess(shop.app, key), input).catch(() => undefined)
            : shop.pay(token)
        for (let nth = 0; nth < 3; nth++) {
          await again()
          await sweepPayments(systemProcess(shop.app))
          shop.wait(5)
        }
        const paid = await shop.pay(token)

        assert.equal(paid.status, 200, JSON.stringify(paid.error))
        const { data: orders } = await shop.ask('GET /api/v1/orders')
        assert.deepEqual(
          orders.items.map((one: Record<string, string>) => [one.id, one.payment_status]),
          [[paid.data.order_id, 'paid']],
        )
        const { data: payments } = await shop.ask('GET /api/v1/payments')
        const taken = payments.items.filter(
          (one: { captured_amount: string }) => Number(one.captured_amount) > 0,
        )
        assert.equal(taken.length, 1)
        assert.equal(await shop.available('MUG'), 8)
        assert.deepEqual(await shop.violations(), [])
      })
    }
  }
})
