import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { credit, expireGiftCards } from '#modules/credit'
import { readAsSystem, systemProcess } from '#platform/execute'
import { findViolations } from '#platform/invariants'
import { onEveryEngine } from '#testing'
import { paymentInvariants } from '../invariants.ts'
import { openShop, type Shop } from './paying.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const nth = fc.nat(5)
const cents = fc.integer({ min: 1, max: 4000 })
const of = <T extends string>(what: T, more: Record<string, fc.Arbitrary<unknown>> = {}) =>
  fc.record({ do: fc.constant(what), ...more }) as fc.Arbitrary<{ do: T } & Record<string, any>>

const step = fc.oneof(
  of('issue', { cents, ends: fc.boolean() }),
  of('top-up', { nth, cents }),
  of('toggle', { nth }),
  of('order', { cents }),
  of('pay', { nth, order: nth, cents: fc.option(cents), held: fc.boolean() }),
  of('capture', { nth, cents: fc.option(cents) }),
  of('void', { nth }),
  of('refund', { nth, cents: fc.option(cents) }),
  of('pass'),
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

type World = {
  shop: Shop
  cards: { id: string; code: string }[]
  orders: string[]
  payments: string[]
}
const money = (amount: number | null) =>
  amount === null ? {} : { amount: (amount / 100).toFixed(2) }
const pick = <T>(list: readonly T[], nth: number): T | undefined => list[nth % list.length]

async function play({ shop, cards, orders, payments }: World, step: Step): Promise<void> {
  const card = pick(cards, step.nth)
  const payment = pick(payments, step.nth)
  switch (step.do) {
    case 'issue': {
      const expires_at = step.ends ? new Date(shop.app.clock().getTime() + DAY_MS) : null
      const body = { initial_amount: (step.cents / 100).toFixed(2), currency: 'USD', expires_at }
      cards.push((await shop.ask('POST /api/v1/gift-cards', body)).data)
      return
    }
    case 'order':
      orders.push(shop.newOrder(step.cents))
      return
    case 'top-up':
      if (card) await shop.ask(`POST /api/v1/gift-cards/${card.id}/top-up`, money(step.cents))
      return
    case 'toggle': {
      if (!card) return
      const path = `POST /api/v1/gift-cards/${card.id}`
      if ((await shop.ask(`${path}/disable`, {})).status !== 200) await shop.ask(`${path}/enable`)
      return
    }
    case 'pay': {
      const order_id = pick(orders, step.order)
      if (!card || !order_id) return
      const { status, data } = await shop.ask('POST /api/v1/payments', {
        order_id,
        payment_method: 'gift_card',
        code: card.code,
        partial: true,
        ...(step.held && { capture: 'manual' }),
        ...money(step.cents),
      })
      if (status === 201) payments.push(data.id)
      return
    }
    case 'pass':
      shop.pass(DAY_MS / 2)
      await expireGiftCards(systemProcess(shop.app))
      return
    default: {
      if (!payment) return
      const verb = step.do === 'refund' ? 'refunds' : step.do
      const body = step.do === 'void' ? undefined : money(step.cents)
      await shop.ask(`POST /api/v1/payments/${payment}/${verb}`, body)
    }
  }
}

const audited = [...(credit.invariants ?? []), ...paymentInvariants]
const audit = ({ app }: Shop) => readAsSystem(app, (ctx) => findViolations(ctx, audited))

// Goal: whatever is done with gift cards and the payments made with them, and however often
// refused, every balance is what its ledger says, and what the ledger took is what payments have.
// Method: a random history through the API, and an audit of both modules after each step.
onEveryEngine('any history of gift cards that pay', (engine) => {
  it('keeps every invariant', { timeout: 120_000 }, async () => {
    const property = fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (history) => {
      await using shop = await openShop(engine)
      const world: World = { shop, cards: [], orders: [], payments: [] }
      for (const one of history) {
        await play(world, one)
        assert.deepEqual(await audit(shop), [], JSON.stringify(one))
      }
      assert.deepEqual(await shop.violations(), [])
    })
    await fc.assert(property, { numRuns: engine === 'sqlite' ? 12 : 3 })
  })
})
