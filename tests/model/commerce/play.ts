import assert from 'node:assert/strict'
import { systemProcess } from '#platform/execute'
import { type Answer, ask, expectStatus, play as playOld } from '../play.ts'
import { compareCart } from './compare.ts'
import { playCheckout } from './play-checkouts.ts'
import { playOrder } from './play-orders.ts'
import type { Step, StepOf } from './steps.ts'
import type { Code } from './terms.ts'
import { asOwner, type Bazaar, money, withSecret } from './world.ts'

const MINUTE_MS = 60_000
const OLD = [
  'place',
  'pay',
  'confirm',
  'capture',
  'void',
  'refund',
  'cancel',
  'delete',
  'move',
  'receive',
  'adjust',
  'count',
]
const ON_CARTS = ['add', 'set', 'clear', 'enter_code', 'withdraw', 'send_to', 'send_by', 'abandon']
const ON_CHECKOUTS = ['say', 'complete', 'confirm_checkout', 'cancel_checkout']
const ON_ORDERS = ['add_to_order', 'lower', 'note', 'pay_part', 'return_units', 'return_all']

/** Plays one step on both; the answer must have the status that the model says. */
export async function play(world: Bazaar, step: Step): Promise<void> {
  if (OLD.includes(step.do)) return playOld(world, step as never)
  const { shop } = world
  const carts = shop.carts.map(({ status }) => status === 'open')
  const checkouts = shop.checkouts.map(({ status }) => status === 'open')
  if (ON_CARTS.includes(step.do)) {
    await onNth(step, carts, async (one) => {
      await playCart(world, one as OnCart)
      await compareCart(world, one.nth)
    })
  } else if (step.do === 'start' || step.do === 'rush') {
    await onNth(step, carts, (one) => playCheckout(world, one as never))
  } else if (ON_CHECKOUTS.includes(step.do)) {
    await onNth(step, checkouts, (one) => playCheckout(world, one as never))
  } else if (ON_ORDERS.includes(step.do)) {
    const orders = shop.orders.map(() => true)
    await onNth(step, orders, (one) => playOrder(world, one as never))
  } else await (players[step.do as keyof typeof players] as Player)(world, step)
}

type Player = (world: Bazaar, step: Step) => Promise<void>
type OfNth = Extract<Step, { nth: number }>

/** 0 means the newest that is open, or the newest; others count back from it, and round again. */
async function onNth(step: Step, open: readonly boolean[], how: (one: OfNth) => Promise<void>) {
  if (open.length === 0) return
  const { nth } = step as OfNth
  const first = nth === 0 ? open.lastIndexOf(true) : -1
  const chosen = first < 0 ? open.length - 1 - (nth % open.length) : first
  await how({ ...step, nth: chosen } as OfNth)
}

type OnCart = StepOf<
  'add' | 'set' | 'clear' | 'enter_code' | 'withdraw' | 'send_to' | 'send_by' | 'abandon'
>

const PROVINCES = { ME: ['US', 'ME'], TX: ['US', 'TX'], DE: ['DE', 'BE'] } as const

async function playCart(world: Bazaar, step: OnCart): Promise<void> {
  const { shop, cartIds } = world
  const { nth } = step
  const asked = async (route: string, body?: object): Promise<Answer> => {
    const as = asOwner(world, shop.cart(nth).owner)
    const [method, path = ''] = route.split(' ')
    const to = `${method} /api/v1/carts/${cartIds[nth]}${path}`
    return ask(world, { route: to, ...(body && { body }), as }, step)
  }
  const is = (answer: Answer, status: number) => expectStatus(answer, status, step)
  // What is told twice under one key counts once, so the model is told after the house.
  if (step.do === 'add') {
    const { sku, quantity } = step
    is(await asked('POST /items', { sku, quantity }), shop.add(nth, step))
  } else if (step.do === 'set') {
    const item = await itemOf(world, step)
    if (!item) return
    const { quantity } = step
    const isOut = quantity === 0 && shop.cart(nth).status === 'open'
    const answer =
      quantity === 0
        ? await asked(`DELETE /items/${item}`)
        : await asked(`PUT /items/${item}`, { quantity })
    const status = shop.set(nth, step)
    is(answer, isOut && status === 200 ? 204 : status)
  } else if (step.do === 'clear') is(await asked('POST /clear', {}), shop.clear(nth))
  else if (step.do === 'enter_code') {
    is(await asked('POST /coupons', { code: step.code }), shop.enter_code(nth, step.code))
  } else if (step.do === 'withdraw') {
    is(await asked(`DELETE /coupons/${step.code}`), shop.withdraw(nth, step.code))
  } else if (step.do === 'send_to') {
    const [country_code, province] = PROVINCES[step.destination]
    const answer = await asked('PUT /shipping-address', { country_code, province })
    is(answer, shop.send_to(nth, step.destination))
  } else if (step.do === 'send_by') {
    const { method } = step
    is(await asked('PUT /shipping-method', { method }), shop.send_by(nth, method))
  } else is(await asked('DELETE '), shop.abandon(nth))
}

async function itemOf(world: Bazaar, { nth, sku }: StepOf<'set'>): Promise<string | undefined> {
  const as = asOwner(world, world.shop.cart(nth).owner)
  const route = `GET /api/v1/carts/${world.cartIds[nth]}`
  const { data } = await world.house.ask(route, undefined, as)
  const item = data.items.find((one: any) => one.variant_id === world.variants[sku])
  return item?.id
}

const players = {
  async open(world: Bazaar, step: StepOf<'open'>) {
    const as = asOwner(world, step.owner)
    const session = step.owner === 'guest' && { session_id: as.headers?.['x-cart-session'] }
    const asked = { route: 'POST /api/v1/carts', body: { ...session }, as }
    const answer = await ask(world, asked, { twice: false })
    expectStatus(answer, 201, step)
    const nth = world.shop.open(step.owner)
    world.cartIds[nth] = answer.data.id
    for (const one of step.items) await playCart(world, { ...step, do: 'add', nth, ...one })
    for (const code of step.codes) {
      await playCart(world, { ...step, do: 'enter_code', nth, code })
    }
    await compareCart(world, nth)
  },

  async merge(world: Bazaar, step: StepOf<'merge'>) {
    const as = withSecret(world)
    const answer = await ask(world, { route: 'POST /api/v1/carts/merge', body: {}, as }, step)
    const into = world.shop.merge()
    expectStatus(answer, into === undefined ? 404 : 200, step)
    if (into === undefined) return
    world.cartIds[into] ??= answer.data.id
    assert.equal(answer.data.id, world.cartIds[into])
    await compareCart(world, into)
  },

  async reprice(world: Bazaar, step: StepOf<'reprice'>) {
    const route = `PUT /api/v1/products/variants/${world.variants[step.sku]}/price`
    const answer = await ask(world, { route, body: { price: money(step.amount) } }, step)
    expectStatus(answer, 200, step)
    world.shop.terms.prices[step.sku].amount = step.amount
  },

  async offer(world: Bazaar, step: StepOf<'offer'>) {
    const { sku, amount, sale } = step
    const { now, terms } = world.shop
    const part = (tenths: number) => Math.floor((amount * tenths) / 10)
    const breaks = [3, 6].slice(0, step.breaks).map((units, nth) => ({
      units,
      amount: part(8 - nth),
    }))
    const from = now + (sale?.after ?? 0) * MINUTE_MS
    const until = from + (sale?.minutes ?? 0) * MINUTE_MS
    const sales = sale ? [{ amount: part(7), from, until }] : []
    const instant = (at: number) => new Date(at).toISOString()
    const price = {
      currency: 'USD',
      price: money(amount),
      breaks: breaks.map((one) => ({ min_quantity: one.units, price: money(one.amount) })),
      sales: sales.map((one) => ({
        price: money(one.amount),
        ...(one.from > now && { starts_at: instant(one.from) }),
        ends_at: instant(one.until),
      })),
    }
    const route = `PUT /api/v1/products/variants/${world.variants[sku]}/prices`
    // What is told without a beginning begins anew when it is told again, so only once.
    const answer = await ask(world, { route, body: { prices: [price] } }, step)
    expectStatus(answer, 200, step)
    terms.prices[sku] = { amount, breaks, sales }
  },

  pause: (world: Bazaar, step: StepOf<'pause'>) => switchCode(world, step, 'pause'),
  resume: (world: Bazaar, step: StepOf<'resume'>) => switchCode(world, step, 'activate'),

  async rate(world: Bazaar, step: StepOf<'rate'>) {
    const { area, of, ppm } = step
    const { rates, shop } = world
    const id = rates.get(`${area} ${of}`)
    if (ppm === undefined && !id) return
    const [country, region] = area.split('-')
    const rate = String((ppm ?? 0) / 1_000_000)
    const facts = { country, ...(region && { region }), tax_class: of, reason: 'standard' }
    const path = '/api/v1/tax/rates'
    const answer =
      ppm === undefined
        ? await ask(world, { route: `DELETE ${path}/${id}` }, step)
        : id
          ? await ask(world, { route: `PUT ${path}/${id}`, body: { rate } }, step)
          : await ask(
              world,
              { route: `POST ${path}`, body: { ...facts, name: `Tax of ${area}`, rate } },
              step,
            )
    expectStatus(answer, ppm === undefined ? 204 : id ? 200 : 201, step)
    if (ppm === undefined) rates.delete(`${area} ${of}`)
    else rates.set(`${area} ${of}`, answer.data.id)
    if (ppm === undefined) shop.terms.rates.delete(`${area} ${of}`)
    else shop.terms.rates.set(`${area} ${of}`, ppm)
  },

  async tariff(world: Bazaar, step: StepOf<'tariff'>) {
    const { below, above } = step
    const rates = [
      { amount: money(below), max_subtotal: '40.00' },
      { amount: money(above), min_subtotal: '40.00' },
    ]
    const path = '/api/v1/shipping/methods'
    const facts = { code: 'standard', name: 'Parcel', estimated_days_min: 1, estimated_days_max: 2 }
    const { method } = world
    const answer = method
      ? await ask(world, { route: `PUT ${path}/${method}`, body: { rates } }, step)
      : await ask(world, { route: `POST ${path}`, body: { ...facts, rates } }, step)
    expectStatus(answer, method ? 200 : 201, step)
    world.method = answer.data.id
    world.shop.terms.tariff = { below, above }
  },

  async pass(world: Bazaar, { minutes }: StepOf<'pass'>) {
    const { shop } = world
    const started = shop.now
    // Lost answers are looked up in a second round, what follows from them in a third.
    for (let round = 0; round < 5; round++) {
      shop.now = started + (minutes + round) * MINUTE_MS
      await run(world, /./)
      shop.round()
    }
  },
  async idle(world: Bazaar, { minutes }: StepOf<'idle'>) {
    world.shop.now += minutes * MINUTE_MS
    await run(world, /^checkout\./)
    world.shop.sweep_checkouts()
  },
  async nap({ shop }: Bazaar, { minutes }: StepOf<'nap'>) {
    shop.now += minutes * MINUTE_MS
  },
}

async function switchCode(
  world: Bazaar,
  step: { code: Code; twice: boolean },
  move: 'pause' | 'activate',
): Promise<void> {
  const { promotions, shop } = world
  const route = `POST /api/v1/promotions/${promotions[step.code]}/${move}`
  const answer = await ask(world, { route }, step)
  const isPaused = shop.terms.paused.has(step.code)
  expectStatus(answer, isPaused === (move === 'pause') ? 409 : 200, step)
  if (move === 'pause') shop.terms.paused.add(step.code)
  else shop.terms.paused.delete(step.code)
}

async function run({ house: { app } }: Bazaar, which: RegExp): Promise<void> {
  for (const schedule of app.modules.flatMap((module) => module.schedules ?? [])) {
    if (which.test(schedule.name)) await schedule.run(systemProcess(app))
  }
}
