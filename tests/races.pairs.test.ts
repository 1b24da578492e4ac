import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type House, onEveryEngine, openHouse } from '#testing'
import {
  type Answered,
  assertSound,
  openShop,
  pay,
  payment,
  place,
  runSchedules,
  type Shop,
  stockOf,
} from './races/shop.ts'

const MINUTE_MS = 60_000
const UNITS = 10_000
const QUANTITY = 2

type Order = { id: string; total_amount: string; payment_id?: string }
type Command = (house: House, order: Order) => Promise<Answered>

const move =
  (status: string): Command =>
  (house, { id }) =>
    house.ask(`PUT /api/v1/orders/${id}/status`, { status })
const refund =
  (amount: string): Command =>
  (house, { payment_id }) =>
    house.ask(`POST /api/v1/payments/${payment_id}/refunds`, { amount })

const onAny: Record<string, Command> = {
  cancel: (house, { id }) => house.ask(`POST /api/v1/orders/${id}/cancel`),
  hold: move('on_hold'),
  process: move('processing'),
}
const onUnpaid: Record<string, Command> = {
  ...onAny,
  pay: (house, order) => house.ask('POST /api/v1/payments', payment(order)),
  confirm: move('confirmed'),
}
const onPaid: Record<string, Command> = {
  ...onAny,
  ship: move('shipped'),
  refund: refund('20.00'),
  'refund half': refund('10.00'),
  'refund most': refund('15.00'),
}

// Goal: two commands that meet on one order end as if one of them had come first; which one, is
// chance. Method: each pair on three orders: at once, in this order and in that one.
onEveryEngine('any two commands at once on', (engine) => {
  const states = { 'an unpaid': onUnpaid, 'a paid': onPaid }
  for (const [state, commands] of Object.entries(states)) {
    it(`${state} order end as one after the other`, async () => {
      const clock = { now: Date.parse('2026-01-05T09:00:00.000Z') }
      await using house = await openHouse(engine, { clock: () => new Date(clock.now) })
      const shop = await openShop(house, { MUG: UNITS })
      const rows = pairsOf(Object.keys(commands)).map(async ([first, second]) => ({
        pair: `${first} and ${second}`,
        commands: [commands[first], commands[second]] as [Command, Command],
        atOnce: await orderIn(shop, state),
        inOrder: await orderIn(shop, state),
        reversed: await orderIn(shop, state),
      }))
      const met = []
      for (const row of await Promise.all(rows)) {
        const [a, b] = row.commands
        const together = await Promise.all([a(house, row.atOnce), b(house, row.atOnce)])
        const forth = [await a(house, row.inOrder), await b(house, row.inOrder)]
        const back = [await b(house, row.reversed), await a(house, row.reversed)].reverse()
        await assertSound(house, together)
        met.push({ ...row, together, forth, back })
      }
      for (let round = 0; round < 3; round++) {
        clock.now += MINUTE_MS
        await runSchedules(house)
      }
      for (const { pair, together, forth, back, ...orders } of met) {
        const actual = await endOf(house, orders.atOnce, together)
        const serial = [
          await endOf(house, orders.inOrder, forth),
          await endOf(house, orders.reversed, back),
        ]
        assert.ok(serial.includes(actual), `${pair}: ${actual}, but alone ${serial.join(' or ')}`)
      }
      assert.equal((await stockOf(house, 'MUG')).allocated % QUANTITY, 0)
      await assertSound(house, [])
    })
  }
})

const pairsOf = (names: readonly string[]): [string, string][] =>
  names.flatMap((first, nth) => names.slice(nth).map((second): [string, string] => [first, second]))

async function orderIn(shop: Shop, state: string): Promise<Order> {
  const order = await place(shop, 'MUG', QUANTITY)
  if (state === 'an unpaid') return order
  const { id } = await pay(shop.house, order)
  return { ...order, payment_id: id }
}

/** All that can be seen of an order and its money, with what the two were answered. */
async function endOf(house: House, { id }: Order, answers: readonly Answered[]): Promise<string> {
  const { data: order } = await house.ask(`GET /api/v1/orders/${id}`)
  const { data: payments } = await house.ask(`GET /api/v1/payments/order/${id}`)
  return JSON.stringify({
    // Why one is refused may differ: while the other is at work, nothing is left; then, it is over.
    answers: answers.map(({ status }) => (status < 300 ? 'done' : 'refused')),
    order: [order.status, order.payment_status, order.fulfillment_status],
    payments: payments.map((one: Record<string, string>) => [
      one.status,
      one.captured_amount,
      one.refunded_amount,
      one.voided_amount,
    ]),
  })
}
