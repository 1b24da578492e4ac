import assert from 'node:assert/strict'
import { ask, expectStatus } from '../play.ts'
import type { Wanted } from './edits.ts'
import type { StepOf } from './steps.ts'
import { type Bazaar, money } from './world.ts'

type OnOrder = StepOf<
  'add_to_order' | 'lower' | 'note' | 'pay_part' | 'return_units' | 'return_all'
>

/** Plays one step about an order or its money on both. */
export async function playOrder(world: Bazaar, step: OnOrder): Promise<void> {
  const { shop } = world
  const id = world.orderIds[step.nth]
  const path = `/api/v1/orders/${id}`
  if (step.do === 'pay_part') return payPart(world, step)
  if (step.do === 'lower') return lower(world, step)
  if (step.do === 'return_units') {
    const line = step.line % (shop.bills[step.nth]?.lines.length ?? 1)
    return giveBack(world, step, { ...step, line })
  }
  if (step.do === 'return_all') return giveBack(world, step, undefined)
  if (step.do === 'add_to_order') {
    const { sku, quantity } = step
    const answer = await ask(world, { route: `POST ${path}/items`, body: { sku, quantity } }, step)
    return expectStatus(answer, shop.addToOrder(step.nth, step), step)
  }
  const answer = await ask(world, { route: `PUT ${path}`, body: { notes: step.notes } }, step)
  expectStatus(answer, shop.orders[step.nth]?.deleted ? 404 : 200, step)
}

async function itemsOf(world: Bazaar, nth: number): Promise<any[]> {
  const { data } = await world.house.ask(`GET /api/v1/orders/${world.orderIds[nth]}`)
  return data?.items ?? []
}

async function lower(world: Bazaar, step: StepOf<'lower'>): Promise<void> {
  const { nth, quantity } = step
  const line = step.line % (world.shop.bills[nth]?.lines.length ?? 1)
  const item = (await itemsOf(world, nth))[line]
  if (!item) return
  const route = `/api/v1/orders/${world.orderIds[nth]}/items/${item.id}`
  const answer =
    quantity === 0
      ? await ask(world, { route: `DELETE ${route}` }, step)
      : await ask(world, { route: `PUT ${route}`, body: { quantity } }, step)
  expectStatus(answer, world.shop.lower(nth, line, quantity), step)
}

async function payPart(world: Bazaar, step: StepOf<'pay_part'>): Promise<void> {
  const { shop, orderIds, paymentIds } = world
  const { nth, method, manual } = step
  const part = Math.max(1, Math.floor((Math.max(shop.due(nth), 1) * step.part) / 10))
  const body = {
    order_id: orderIds[nth],
    amount: money(part),
    partial: true,
    payment_method: 'credit_card',
    payment_method_id: `pm_test_${method}`,
    capture: manual ? 'manual' : 'automatic',
  }
  const answer = await ask(world, { route: 'POST /api/v1/payments', body }, step)
  expectStatus(answer, shop.pay(nth, { method, manual, part }), step)
  if (answer.status === 201) paymentIds.push(answer.data.id)
  if (answer.status === 402) paymentIds.push(answer.error.details.payment_id)
}

type Returning = { nth: number; twice: boolean }

/** What the preview says is what goes back. */
async function giveBack(world: Bazaar, step: Returning, wanted: Wanted | undefined): Promise<void> {
  const { nth } = step
  const item = wanted && (await itemsOf(world, nth))[wanted.line]
  if (wanted && !item) return
  const body = wanted
    ? {
        items: [{ item_id: item.id, quantity: wanted.units }],
        include_shipping: wanted.shipping,
        ...(wanted.goodwill > 0 && { amount: money(wanted.goodwill) }),
      }
    : {}
  const route = `/api/v1/orders/${world.orderIds[nth]}/refund`
  const preview = await world.house.ask(`POST ${route}/preview`, body)
  const answer = await ask(world, { route: `POST ${route}`, body }, step)
  const { status, amount } = world.shop.giveBackOf(nth, wanted)
  expectStatus(answer, status, { ...step, amount })
  if (status !== 201 || amount === undefined) return
  assert.deepEqual([preview.data.amount, answer.data.amount], [money(amount), money(amount)])
}
