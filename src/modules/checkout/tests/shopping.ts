import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { endDueCheckouts } from '#modules/checkout'
import { sweepPayments } from '#modules/payments'
import type { Actor } from '#platform/context'
import { systemProcess } from '#platform/execute'
import { type Answer, admin, type House } from '#testing'

export type Asked = Answer & { data: any; error: any }

export const ADDRESS = {
  first_name: 'Ada',
  last_name: 'Brook',
  address_line_1: '12 Harbour Street',
  city: 'Portland',
  province: 'ME',
  postal_code: '04101',
  country_code: 'us',
}

export async function made(house: House, route: string, body: object) {
  const answer = await house.ask(route, body)
  assert.ok(answer.status < 300, `${route}: ${JSON.stringify(answer.body)}`)
  return answer.data
}

/** Mugs at 12.50 and tea at 4.00, so many of each on the shelf. */
export async function openShop(house: House, units: Record<string, number> = {}): Promise<void> {
  await made(house, 'POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
  for (const [sku, price] of Object.entries({ MUG: '12.50', TEA: '4.00' })) {
    await made(house, 'POST /api/v1/products', { name: `A ${sku}`, sku, price })
    const quantity_on_hand = units[sku] ?? 100
    const stock = { item_number: sku, location_id: 'MAIN', quantity_on_hand }
    await made(house, 'POST /api/v1/inventory', stock)
  }
}

export const available = async (house: House, sku: string): Promise<number> =>
  Number((await house.ask(`GET /api/v1/inventory/${sku}`)).data.quantities.available)

/** A customer who is signed in. */
export const shopper = (customer_id: string): Actor => ({
  ...admin,
  id: `user:${customer_id}`,
  customer_id: customer_id as never,
  own_only: true,
  roles: ['customer'],
  may: (permission) => /^(orders:(read|create|cancel)|payments:(read|write))$/.test(permission),
})

export async function newCustomer(house: House, email = 'ada@example.com'): Promise<string> {
  const person = { email, first_name: 'Ada', last_name: 'Brook' }
  return (await made(house, 'POST /api/v1/customers', person)).id
}

type Ask = (route: string, body?: object, headers?: Record<string, string>) => Promise<Asked>

/** Who shops: asks as a guest with their secret, or as a customer. */
export type Buyer = { ask: Ask; cart_id: string; session_id?: string }
type Lines = Record<string, number>

const CODES = { coupon_codes: [] as string[] }

/** A guest with a filled cart. */
export async function newGuest(house: House, lines: Lines, more: object = CODES): Promise<Buyer> {
  const items = Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity }))
  const { status, data, body } = await house.ask(
    'POST /api/v1/carts',
    { items, ...more },
    { as: 'nobody' },
  )
  assert.equal(status, 201, JSON.stringify(body))
  return guestAt(house, { cart_id: data.id, session_id: data.session_id })
}

/** A guest whose cart is there already. */
export function guestAt(house: House, known: { cart_id: string; session_id: string }) {
  const ask: Ask = (route, body, headers = {}) =>
    house.ask(route, body, {
      as: 'nobody',
      headers: { 'x-cart-session': known.session_id, ...headers },
    })
  return { ask, ...known }
}

/** A customer with a filled cart. */
export async function newBuyer(
  house: House,
  customer_id: string,
  lines: Lines,
  more: object = CODES,
): Promise<Buyer> {
  const items = Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity }))
  const as = shopper(customer_id)
  const { status, data, body } = await house.ask('POST /api/v1/carts', { items, ...more }, { as })
  assert.equal(status, 201, JSON.stringify(body))
  const ask: Ask = (route, body, headers = {}) => house.ask(route, body, { as, headers })
  return { ask, cart_id: data.id }
}

/** Begins a checkout and takes every step but the last. Answers the checkout. */
export async function ready({ ask, cart_id }: Buyer, token = 'pm_test_success', more: object = {}) {
  const begun = await ask('POST /api/v1/checkout', {
    cart_id,
    email: 'Guest@example.com',
    shipping_address: ADDRESS,
    shipping_method: 'Standard',
    payment_method: 'CreditCard',
    payment_token: token,
    ...more,
  })
  assert.equal(begun.status, 201, JSON.stringify(begun.body))
  return begun.data
}

/** A click on «buy», with a key of its own unless one is given. */
export const complete = (
  { ask }: Buyer,
  checkout: { id: string },
  body: object = {},
  key: string = randomUUID(),
) => ask(`POST /api/v1/checkout/${checkout.id}/complete`, body, { 'idempotency-key': key })

/** What a server does from time to time, once and now. */
export async function sweep({ app }: House): Promise<void> {
  await sweepPayments(systemProcess(app))
  await endDueCheckouts(systemProcess(app))
}

/** A clock that a test may put forward. */
export function movableClock() {
  let ahead_ms = 0
  return {
    clock: () => new Date(Date.now() + ahead_ms),
    pass: (minutes: number) => {
      ahead_ms += minutes * 60_000
    },
  }
}

/** All orders with all their payments. */
export async function books(house: House) {
  const { data } = await house.ask('GET /api/v1/orders?limit=100')
  return Promise.all(
    data.items.map(async (order: { id: string }) => ({
      ...order,
      payments: (await house.ask(`GET /api/v1/payments/order/${order.id}`)).data as any[],
    })),
  ) as Promise<any[]>
}
