import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type House, onEveryEngine, openHouse } from '#testing'
import {
  ADDRESS,
  type Asked,
  type Buyer,
  books,
  made,
  movableClock,
  newGuest,
  openShop,
  sweep,
} from './shopping.ts'

const STEPS = 80
const TOKENS = [
  'pm_test_success',
  'pm_test_declined',
  'pm_test_3ds',
  'pm_test_timeout_after_charge',
  'pm_test_webhook_never',
]
const METHODS = ['Standard', 'Express', 'Overnight']

/** A number that looks like chance, the same for the same seed (mulberry32). */
function chanceFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (((mixed ^ (mixed >>> 14)) >>> 0) % 1_000_000) % below
  }
}

type Shopper = Buyer & { nth: number; checkout?: string }
type Play = { house: House; chance: (below: number) => number; pass: (minutes: number) => void }

const pick = <T>({ chance }: Play, from: readonly T[]): T => from[chance(from.length)] as T

/** Everything that can happen to a checkout, by its buyer, by staff and by time. */
const MOVES: Record<string, (play: Play, one: Shopper) => Promise<unknown>> = {
  add: (play, { ask, cart_id }) =>
    ask(`POST /api/v1/carts/${cart_id}/items`, {
      sku: pick(play, ['MUG', 'TEA']),
      quantity: 1 + play.chance(3),
    }),
  coupon: (_, { ask, cart_id }) => ask(`POST /api/v1/carts/${cart_id}/coupons`, { code: 'TWICE' }),
  async start(play, one) {
    const { data } = await one.ask('POST /api/v1/checkout', {
      cart_id: one.cart_id,
      ...(play.chance(3) > 0 && { email: `guest-${one.nth}@example.com` }),
      ...(play.chance(3) > 0 && { shipping_address: ADDRESS }),
      ...(play.chance(3) > 0 && { shipping_method: pick(play, METHODS) }),
    })
    if (data) one.checkout = data.id
  },
  address: (_, { ask, checkout }) =>
    ask(`PUT /api/v1/checkout/${checkout}/shipping-address`, ADDRESS),
  email: (_, { ask, checkout, nth }) =>
    ask(`PUT /api/v1/checkout/${checkout}/customer`, { email: `guest-${nth}@example.com` }),
  method: (play, { ask, checkout }) =>
    ask(`PUT /api/v1/checkout/${checkout}/shipping-method`, { method: pick(play, METHODS) }),
  complete: (play, { ask, checkout }) =>
    ask(`POST /api/v1/checkout/${checkout}/complete`, {
      payment_method: 'CreditCard',
      payment_token: pick(play, TOKENS),
    }),
  again: (_, { ask, checkout }) =>
    ask(`POST /api/v1/checkout/${checkout}/complete`, {
      payment_method: 'CreditCard',
      payment_token: 'pm_test_success',
    }),
  confirm: (_, { ask, checkout }) => ask(`POST /api/v1/checkout/${checkout}/confirm`, {}),
  give_up: (_, { ask, checkout }) => ask(`DELETE /api/v1/checkout/${checkout}`),
  abandon: (play, { ask, cart_id }) =>
    play.chance(4) === 0 ? ask(`DELETE /api/v1/carts/${cart_id}`) : Promise.resolve(),
  async staff_cancels(play) {
    const orders = await books(play.house)
    if (orders.length === 0) return
    const { id } = pick(play, orders)
    await play.house.ask(`POST /api/v1/orders/${id}/cancel`, {})
  },
  async price(play) {
    const { data } = await play.house.ask('GET /api/v1/products?search=TEA')
    const price = `${2 + play.chance(5)}.00`
    await play.house.ask(`PUT /api/v1/products/${data.items[0].id}`, { price })
  },
  async time(play) {
    play.pass(pick(play, [1, 12, 31]))
    await sweep(play.house)
  },
}

const FORWARD = new Set(['start', 'address', 'email', 'method', 'complete', 'again'])

onEveryEngine('any history of checkouts', (engine) => {
  for (const seed of [1, 2]) {
    it(`keeps every invariant after every step (seed ${seed})`, async () => {
      const { clock, pass } = movableClock()
      await using house = await openHouse(engine, { clock })
      const play: Play = { house, chance: chanceFrom(seed), pass }
      await openShop(house, { MUG: 40, TEA: 15 })
      const offer = { name: 'Twice', kind: 'percent', percent: '33', status: 'active' }
      await made(house, 'POST /api/v1/promotions', { ...offer, code: 'TWICE', usage_limit: 2 })
      const shoppers: Shopper[] = []
      const told = new Set<string>()
      for (let step = 0; step < STEPS; step++) {
        if (shoppers.length < 3 || play.chance(8) === 0) {
          const nth = shoppers.length
          shoppers.push({ ...(await newGuest(house, { MUG: 1 }, {})), nth })
        }
        const one = pick(play, shoppers.slice(-4))
        const names = Object.keys(MOVES).filter(
          (name) => one.checkout !== undefined || ['add', 'coupon', 'start'].includes(name),
        )
        // A buyer mostly goes on; everything else is in between.
        const [all, forward] = [names, names.filter((move) => FORWARD.has(move))]
        const name = pick(play, play.chance(2) ? all : forward)
        const answer = (await MOVES[name]?.(play, one)) as Asked | undefined
        assert.ok((answer?.status ?? 0) < 500, `${name}: ${JSON.stringify(answer?.body)}`)
        told.add(`${name} ${answer?.error?.code ?? answer?.status ?? ''}`)
        assert.deepEqual(await house.violations(), [], `step ${step}: ${name}`)
        // Out of stock, nobody shops any more.
        if (answer?.error?.code === 'INSUFFICIENT_STOCK') shoppers.length = 0
      }
      const orders = await books(house)
      const taken = orders.filter(({ payments }) =>
        payments.some((one: any) => Number(one.captured_amount) > 0),
      )
      assert.ok(taken.length > 0, [...told].join())
      assert.ok(told.size > 15, [...told].join())
    })
  }
})
