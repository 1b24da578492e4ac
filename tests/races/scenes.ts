import assert from 'node:assert/strict'
import { type Actor, systemActor } from '#platform/context'
import { admin, type House } from '#testing'
import type { Answered } from './shop.ts'

/** One buyer with a cart of their own article and coupon: what happens to it touches no other. */
export type Scene = {
  house: House
  sku: string
  variant_id: string
  promotion_id: string
  /** Asks as the guest whose cart it is. */
  ask: (route: string, body?: object) => Promise<Answered>
  /** Asks as a customer who knows the guest's secret. */
  asCustomer: (route: string, body?: object) => Promise<Answered>
  /** Asks as the same customer without it. */
  asOther: (route: string, body?: object) => Promise<Answered>
  cart_id: string
  item_id: string
  checkout_id: string
  order_id?: string
  order_item_id?: string
  payment_id?: string
}

export const ADDRESS = {
  first_name: 'Ada',
  last_name: 'Brook',
  address_line_1: '12 Harbour Street',
  city: 'Portland',
  province: 'ME',
  postal_code: '04101',
  country_code: 'US',
}

async function made(house: House, route: string, body: object) {
  const answer = await house.ask(`POST /api/v1/${route}`, body)
  assert.ok(answer.status < 300, `${route}: ${JSON.stringify(answer.body)}`)
  return answer.data
}

/** A warehouse, before any scene. */
export const openStage = (house: House) =>
  made(house, 'locations', { code: 'MAIN', name: 'Main warehouse' })

let scenes = 0

type Wanted = { token?: string; units?: number; uses?: number }

/** Two units at 10.00 each in a cart with a coupon, held by a checkout that wants only a click. */
export async function newCheckout(house: House, wanted: Wanted = {}): Promise<Scene> {
  const scene = await newCart(house, wanted)
  const { data, status, body } = await start(scene, wanted.token)
  assert.equal(status, 201, JSON.stringify(body))
  return { ...scene, checkout_id: data.id }
}

export const start = ({ ask, cart_id, sku }: Scene, token = 'pm_test_success') =>
  ask('POST /api/v1/checkout', {
    cart_id,
    email: `${sku}@example.com`,
    shipping_address: ADDRESS,
    shipping_method: 'standard',
    payment_method: 'CreditCard',
    payment_token: token,
  })

/** The same before its checkout. */
export async function newCart(house: House, { units = 6, uses }: Wanted = {}): Promise<Scene> {
  const nth = ++scenes
  const sku = `ARTICLE-${nth}`
  const product = await made(house, 'products', { name: sku, sku, price: '10.00' })
  const stock = { item_number: sku, location_id: 'MAIN', quantity_on_hand: units }
  await made(house, 'inventory', stock)
  const ten = { name: sku, code: sku, kind: 'percent', percent: '10', status: 'active' }
  const promotion = await made(house, 'promotions', { ...ten, usage_limit: uses ?? null })
  const person = { email: `c${nth}@example.com`, first_name: 'Ada', last_name: 'Brook' }
  const { id } = await made(house, 'customers', person)
  const headers = { 'x-cart-session': `the-secret-of-scene-${nth}` }
  const ask = (route: string, body?: object) => house.ask(route, body, { as: 'nobody', headers })
  const as = shopper(id)
  const asCustomer = (route: string, body?: object) => house.ask(route, body, { as, headers })
  const asOther = (route: string, body?: object) => house.ask(route, body, { as })
  const items = [{ sku, quantity: 2 }]
  const session_id = headers['x-cart-session']
  const opened = await ask('POST /api/v1/carts', { session_id, items, coupon_codes: [sku] })
  assert.equal(opened.status, 201, JSON.stringify(opened.body))
  const [variant] = product.variants
  const own = { variant_id: variant.id, promotion_id: promotion.id, ask, asCustomer, asOther }
  const { id: cart_id, items: lines } = opened.data
  return { house, sku, ...own, cart_id, item_id: lines[0].id, checkout_id: '' }
}

const shopper = (customer_id: string): Actor => ({
  ...systemActor,
  ...admin,
  id: `user:${customer_id}`,
  customer_id: customer_id as never,
  own_only: true,
  roles: ['customer'],
  may: (permission) => /^orders:(read|create|cancel)$/.test(permission),
})

/** The cart has grown since its units were held, and its buyer has been shown what that costs. */
export async function newGrown(house: House): Promise<Scene> {
  const scene = await newCheckout(house)
  await scene.ask(`PUT /api/v1/carts/${scene.cart_id}/items/${scene.item_id}`, { quantity: 4 })
  assert.equal((await complete(scene)).status, 409)
  return scene
}

export const complete = ({ ask, checkout_id }: Scene, body: object = {}) =>
  ask(`POST /api/v1/checkout/${checkout_id}/complete`, body)

/** The order of a checkout, paid or (with another token) not. */
export async function newOrder(house: House, token?: string): Promise<Scene> {
  const scene = await newCheckout(house, token === undefined ? {} : { token })
  const { data, error } = await complete(scene)
  const order_id = data?.order_id ?? error.details.order_id
  const payment_id = data?.payment.id ?? error.details.payment_id
  const order = await house.ask(`GET /api/v1/orders/${order_id}`)
  return { ...scene, order_id, payment_id, order_item_id: order.data.items[0].id }
}

/** All that can be seen of a scene, with what its commands were answered. */
export async function endOf(scene: Scene, answers: readonly Answered[]): Promise<string> {
  const { house, sku, cart_id, checkout_id, promotion_id, ask, asCustomer } = scene
  const own = await ask(`GET /api/v1/carts/${cart_id}`)
  const others = await asCustomer('GET /api/v1/carts?status=Active')
  const checkout = checkout_id === '' ? undefined : await ask(`GET /api/v1/checkout/${checkout_id}`)
  const order_id = own.data.cart.order_id ?? scene.order_id
  // One that was deleted is nowhere.
  const order = order_id && (await house.ask(`GET /api/v1/orders/${order_id}`)).data
  const payments = order_id
    ? ((await house.ask(`GET /api/v1/payments/order/${order_id}`)).data ?? [])
    : []
  const stock = await house.ask(`GET /api/v1/inventory/${sku}`)
  const { on_hand, allocated } = stock.data.quantities
  const promotion = await house.ask(`GET /api/v1/promotions/${promotion_id}`)
  const unitsOf = (items: any[]) => items.map(({ quantity }) => quantity)
  return JSON.stringify({
    // Why one is refused may differ: while the other is at work, or when it is over.
    answers: answers.map(({ status }) => (status < 300 ? 'done' : 'refused')),
    cart: [own.data.cart.status, unitsOf(own.data.items)],
    merged: others.data?.items.map((cart: any) => [cart.unit_count, cart.total]),
    // What a buyer was shown of a total that was refused depends on where the refusal came from.
    // And whether money came before or after its order was cancelled, nobody knows meanwhile.
    checkout: checkout && [
      order?.status === 'cancelled' ? 'over' : checkout.data.status,
      checkout.data.order_id && checkout.data.total,
    ],
    order: order && [
      order.status,
      order.payment_status,
      order.total_amount,
      order.items.map((item: any) => [item.quantity, item.unit_price, item.gross_price]),
    ],
    payments: payments.map((one: any) => [one.status, one.captured_amount, one.refunded_amount]),
    stock: [Number(on_hand), Number(allocated)],
    uses: promotion.data.usage.times_redeemed,
  })
}
