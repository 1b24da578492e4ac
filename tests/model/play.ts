import assert from 'node:assert/strict'
import { formatMoney } from '#kit/money'
import type { Engine } from '#platform/database/database'
import { systemProcess } from '#platform/execute'
import { type House, openHouse } from '#testing'
import { anonymous } from './anonymous.ts'
import { PRICES, Shop } from './shop.ts'
import type { Step, StepOf } from './steps.ts'
import { PLACES, SKUS } from './stock.ts'

const MINUTE_MS = 60_000
const OPENING = Date.parse('2026-01-05T09:00:00.000Z')

/** The real shop beside its model: the same steps are played on both, and then compared. */
export type World = {
  house: House
  shop: Shop
  customer_id: string
  orderIds: string[]
  paymentIds: string[]
  keys: number
  /** Every answer so far, with ids told as the numbers in which they first appeared. */
  transcript: unknown[]
  known: Map<string, string>
}
export type Asked = { route: string; body?: object; as?: Parameters<House['ask']>[2] }
export type Answer = { status: number; body: any; data: any; error: any }

/** A shop with two places, three articles and a customer, on an empty database. */
export async function openWorld(engine: Engine): Promise<World> {
  const shop = new Shop(OPENING)
  const house = await openHouse(engine, { clock: () => new Date(shop.now) })
  const made = async (route: string, body: object) => {
    const answer = await house.ask(route, body)
    assert.equal(answer.status, 201, JSON.stringify(answer.body))
    return answer.data
  }
  for (const [nth, code] of PLACES.entries()) {
    await made('POST /api/v1/locations', { code, name: code, priority: 10 * (nth + 1) })
  }
  for (const sku of SKUS) {
    const price = formatMoney(PRICES[sku], 'USD')
    await made('POST /api/v1/products', { name: `The ${sku}`, sku, price })
  }
  const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
  const { id } = await made('POST /api/v1/customers', person)
  const own = { orderIds: [], paymentIds: [], keys: 0, transcript: [], known: new Map() }
  const world: World = { house, shop, customer_id: id, ...own }
  for (const sku of SKUS) {
    for (const at of PLACES) {
      await play(world, { do: 'receive', twice: false, sku, at, quantity: at === 'NEAR' ? 9 : 4 })
    }
  }
  return world
}

/** What a step counts back in. */
const ABOUT = {
  release_of_order: 'orderIds',
  pay: 'orderIds',
  pay_wrong_amount: 'orderIds',
  cancel: 'orderIds',
  delete: 'orderIds',
  archive: 'orderIds',
  move: 'orderIds',
  confirm: 'paymentIds',
  capture: 'paymentIds',
  void: 'paymentIds',
  refund: 'paymentIds',
} as const

/**
 * Plays one step on both; the answer must have the status that the model says. A step about an
 * order or payment counts back from the newest, and round again, so that it finds one if there is
 * any.
 */
export async function play(world: World, step: Step): Promise<void> {
  const player = players[step.do] as (world: World, step: Step) => Promise<void>
  const ids = step.do in ABOUT ? world[ABOUT[step.do as keyof typeof ABOUT]] : undefined
  if (!ids) return player(world, step)
  if (ids.length === 0) return
  const nth = ids.length - 1 - ((step as OfNth).nth % ids.length)
  await player(world, { ...step, nth } as Step)
}

/** Asks the house, and once more with the same key where the step says so: the same answer. */
export async function ask(
  world: World,
  { route, body, as }: Asked,
  { twice }: { twice: boolean },
): Promise<Answer> {
  const key = twice ? { 'idempotency-key': `history-${++world.keys}` } : {}
  const sent = { ...as, headers: { ...as?.headers, ...key } }
  const answer = await world.house.ask(route, body, sent)
  if (twice) {
    const again = await world.house.ask(route, body, sent)
    assert.deepEqual([again.status, again.body], [answer.status, answer.body], `${route} replayed`)
  }
  world.transcript.push(anonymous(world.known, [route, answer.status, answer.body]))
  return answer
}

export function expectStatus(answer: Answer, expected: number, step: object): void {
  const said = JSON.stringify(answer.body)
  assert.equal(answer.status, expected, `${JSON.stringify(step)} was answered ${said}`)
}

const players: { [K in Step['do']]: (world: World, step: StepOf<K>) => Promise<void> } = {
  async receive(world, step) {
    const { sku, at, quantity } = step
    const body = { item_number: sku, location_id: at, quantity_on_hand: quantity }
    const answer = await ask(world, { route: 'POST /api/v1/inventory', body }, step)
    world.shop.stock.move(step)
    expectStatus(answer, 201, step)
  },

  async adjust(world, step) {
    const adjustments = step.rows.map(({ sku, at, quantity }) => ({
      item_number: sku,
      location_id: at,
      quantity_delta: quantity,
    }))
    const asked = { route: 'POST /api/v1/inventory/bulk-adjust', body: { adjustments } }
    const answer = await ask(world, asked, step)
    expectStatus(answer, 200, step)
    assert.equal(answer.data.successful, world.shop.stock.adjust(step.rows))
  },

  async count(world, step) {
    const body = { location_id: step.at, on_hand: step.quantity }
    const answer = await ask(world, { route: `PUT /api/v1/inventory/${step.sku}`, body }, step)
    expectStatus(answer, world.shop.stock.count(step) ? 200 : 422, step)
  },

  async reserve(world, step) {
    const { sku, quantity, at, holder, minutes } = step
    const { shop } = world
    const expires = minutes === 0 ? undefined : shop.now + minutes * MINUTE_MS
    const body = {
      quantity,
      reference_id: holder,
      ...(at && { location_id: at }),
      ...(expires && { expires_at: new Date(expires).toISOString() }),
    }
    const answer = await ask(world, { route: `POST /api/v1/inventory/${sku}/reserve`, body }, step)
    const more = { byHand: true, now: shop.now, at, ...(expires && { expires }) }
    expectStatus(answer, shop.stock.reserve(holder, [{ sku, quantity }], more) ? 200 : 422, step)
  },

  async release(world, step) {
    const { sku, quantity, at, holder } = step
    const by = { ...(holder && { holder }), ...(at && { at }) }
    const body = {
      quantity,
      ...(holder && { reference_id: holder }),
      ...(at && { location_id: at }),
    }
    const answer = await ask(world, { route: `POST /api/v1/inventory/${sku}/release`, body }, step)
    expectStatus(answer, world.shop.stock.release({ sku, quantity }, by) ? 200 : 422, step)
  },

  async release_of_order(world, step) {
    const id = world.orderIds[step.nth]
    const body = { quantity: step.quantity, reference_id: id }
    const route = `POST /api/v1/inventory/${step.sku}/release`
    expectStatus(await ask(world, { route, body }, step), 422, step)
  },

  async cancel_reservation(world, step) {
    const route = 'GET /api/v1/inventory/reservations?include_expired=true&limit=100'
    const { data } = await world.house.ask(route)
    const ids = data.items.map(({ id }: { id: string }) => id).toSorted()
    const id = ids[step.nth]
    if (!id) return
    const cancel = `POST /api/v1/inventory/reservations/${id}/cancel`
    expectStatus(await ask(world, { route: cancel }, step), world.shop.stock.cancel(step.nth), step)
  },

  async cleanup(world, step) {
    const { shop } = world
    const answer = await ask(world, { route: 'POST /api/v1/inventory/reservations/cleanup' }, step)
    expectStatus(answer, 200, step)
    assert.equal(answer.data.expired_count, shop.stock.expire(shop.now))
  },

  async place(world, step) {
    const { customer_id, shop, orderIds } = world
    const items = step.lines.map(({ sku, quantity }) => ({ sku, quantity }))
    const body = { customer_id, items }
    const answer = await ask(world, { route: 'POST /api/v1/orders', body }, step)
    expectStatus(answer, shop.place(step.lines), step)
    if (answer.status === 201) orderIds.push(answer.data.id)
  },

  async pay(world, step) {
    const { shop, paymentIds } = world
    const order_id = world.orderIds[step.nth]
    const { method, manual } = step
    const amount = formatMoney(Math.max(shop.due(step.nth), 1), 'USD')
    const body = {
      order_id,
      amount,
      payment_method: 'credit_card',
      payment_method_id: `pm_test_${method}`,
      capture: manual ? 'manual' : 'automatic',
    }
    const answer = await ask(world, { route: 'POST /api/v1/payments', body }, step)
    expectStatus(answer, shop.pay(step.nth, step), step)
    if (answer.status === 201) paymentIds.push(answer.data.id)
    if (answer.status === 402) paymentIds.push(answer.error.details.payment_id)
  },

  async pay_wrong_amount(world, step) {
    const { shop } = world
    const order_id = world.orderIds[step.nth]
    const due = shop.due(step.nth)
    if (due <= 0) return
    const body = {
      order_id,
      amount: formatMoney(due + 1, 'USD'),
      payment_method: 'credit_card',
    }
    const answer = await ask(world, { route: 'POST /api/v1/payments', body }, step)
    assert.ok([400, 404, 409].includes(answer.status), JSON.stringify(answer.body))
  },

  confirm: (world, step) =>
    askPayment(world, step, 'confirm', (shop) => ({ status: shop.confirm(step.nth) })),
  void: (world, step) =>
    askPayment(world, step, 'void', (shop) => ({ status: shop.void(step.nth) })),
  capture: (world, step) =>
    askPayment(world, step, 'capture', (shop) => {
      const amount = partOf(shop.payments[step.nth]?.amount, step.part)
      return { status: shop.capture(step.nth, amount), amount }
    }),
  refund: (world, step) =>
    askPayment(world, step, 'refunds', (shop) => {
      const amount = partOf(shop.payments[step.nth]?.captured, step.part)
      return { status: shop.refund(step.nth, amount), amount }
    }),

  cancel: (world, step) =>
    askOrder(world, step, 'POST :id/cancel', (shop) => shop.cancel(step.nth)),
  delete: (world, step) => askOrder(world, step, 'DELETE :id', (shop) => shop.delete(step.nth)),
  archive: (world, step) =>
    askOrder(world, step, 'POST :id/archive', (shop) => shop.archive(step.nth)),

  async move(world, step) {
    const id = world.orderIds[step.nth]
    const asked = { route: `PUT /api/v1/orders/${id}/status`, body: { status: step.to } }
    const answer = await ask(world, asked, step)
    expectStatus(answer, world.shop.move(step.nth, step.to), step)
  },

  async wait(world, { minutes }) {
    const { house, shop } = world
    const started = shop.now
    const schedules = house.app.modules.flatMap((module) => module.schedules ?? [])
    // Lost answers are looked up in a second round, what follows from them in a third.
    for (let round = 0; round < 5; round++) {
      shop.now = started + (minutes + round) * MINUTE_MS
      for (const schedule of schedules) await schedule.run(systemProcess(house.app))
    }
    shop.now = started
    shop.wait((minutes + 4) * MINUTE_MS)
  },
}

const partOf = (whole = 0, part: number | undefined): number | undefined =>
  part === undefined ? undefined : Math.max(1, Math.floor((whole * part) / 10))

type OfNth = Extract<Step, { nth: number }>
type Expected = { status: number; amount?: number | undefined }

/** A step about one payment: the model is asked first, because its amounts make the request. */
async function askPayment(
  world: World,
  step: OfNth,
  path: string,
  expected: (shop: Shop) => Expected,
): Promise<void> {
  const id = world.paymentIds[step.nth]
  const { status, amount } = expected(world.shop)
  const body = amount === undefined ? undefined : { amount: formatMoney(amount, 'USD') }
  const route = `POST /api/v1/payments/${id}/${path}`
  expectStatus(await ask(world, { route, ...(body && { body }) }, step), status, step)
}

async function askOrder(
  world: World,
  step: OfNth,
  path: string,
  expected: (shop: Shop) => number,
): Promise<void> {
  const id = world.orderIds[step.nth]
  const route = path.replace(' :id', ` /api/v1/orders/${id}`)
  expectStatus(await ask(world, { route }, step), expected(world.shop), step)
}
