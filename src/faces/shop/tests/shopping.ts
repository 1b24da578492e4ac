import assert from 'node:assert/strict'
import type { TestProvider } from '#adapters/test-provider/test-provider'
import { endDueCheckouts, sweepHosted } from '#modules/checkout'
import { paymentProviders, sweepPayments } from '#modules/payments'
import type { Actor } from '#platform/context'
import { systemProcess } from '#platform/execute'
import { admin, type House } from '#testing'

/** A house that believes the webhooks of its provider. */
export const SIGNED = { payment_webhook_secret: 'a secret of the tests' }
export const GUEST = 'sess_of-a-guest-1234'

export async function made(house: House, route: string, body: object) {
  const answer = await house.ask(route, body)
  assert.ok(answer.status < 300, `${route}: ${JSON.stringify(answer.body)}`)
  return answer.data
}

/** Roses at 299.99 and teas at 150.00, so many of each on the shelf. */
export async function openShop(house: House, units: Record<string, number> = {}): Promise<void> {
  await made(house, 'POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
  for (const [sku, price] of Object.entries({ ROSE: '299.99', TEA: '150.00' })) {
    await made(house, 'POST /api/v1/products', { name: `The ${sku}`, sku, price })
    const quantity_on_hand = units[sku] ?? 100
    const stock = { item_number: sku, location_id: 'MAIN', quantity_on_hand }
    await made(house, 'POST /api/v1/inventory', stock)
  }
}

/** A customer who is signed in. */
export async function newShopper(house: House, email = 'ada@example.com'): Promise<Actor> {
  const person = { email, first_name: 'Ada', last_name: 'Brook' }
  const { id } = await made(house, 'POST /api/v1/customers', person)
  return {
    ...admin,
    id: `user:${id}`,
    customer_id: id,
    own_only: true,
    roles: ['customer'],
    may: (permission) => /^(orders:(read|create|cancel)|payments:(read|write))$/.test(permission),
  }
}

/** Asks the face as someone; with a guest's secret where there is one. */
export const asking =
  (house: House, as: Actor | 'nobody', headers: Record<string, string> = {}) =>
  (route: string, body?: object, more: Record<string, string> = {}) =>
    house.send(route, {
      as,
      headers: { ...headers, ...more },
      ...(body !== undefined && { body }),
    })

export const guestOf = (house: House, secret = GUEST) =>
  asking(house, 'nobody', { 'x-cart-session': secret })

export const providerOf = ({ app }: House) => paymentProviders.of(app).active as TestProvider

/** What a server does from time to time, once and now. */
export async function goOn({ app }: House): Promise<void> {
  await sweepHosted(systemProcess(app))
  await sweepPayments(systemProcess(app))
  await endDueCheckouts(systemProcess(app))
}

export const SESSION = {
  mode: 'redirect',
  success_url: 'https://shop.example/success?session_id={CHECKOUT_SESSION_ID}',
  cancel_url: 'https://shop.example/cart',
  metadata: { source: '3d_experience' },
}
