import assert from 'node:assert/strict'
import type { Actor } from '#platform/context'
import { type Answer, admin, type House } from '#testing'

export type Asked = Awaited<ReturnType<House['ask']>>

/** Articles at their prices (USD) with so many units on the shelf; answers their variants' ids. */
export async function openShop(house: House, articles: Record<string, [string, number]>) {
  await made(house, 'POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
  const variants: Record<string, string> = {}
  for (const [sku, [price, units]] of Object.entries(articles)) {
    const product = await newArticle(house, sku, { price, units })
    variants[sku] = product.variants[0].id
  }
  return variants
}

export async function newArticle(
  house: House,
  sku: string,
  { price, units, ...more }: { price: string; units: number; [member: string]: unknown },
) {
  const product = await made(house, 'POST /api/v1/products', {
    name: `The ${sku}`,
    sku,
    price,
    ...more,
  })
  const stock = { item_number: sku, location_id: 'MAIN', quantity_on_hand: units }
  await made(house, 'POST /api/v1/inventory', stock)
  return product
}

export async function made(house: House, route: string, body: object) {
  const answer = await house.ask(route, body)
  assert.ok(answer.status < 300, `${route}: ${JSON.stringify(answer.body)}`)
  return answer.data
}

export async function newCustomer(house: House, email = 'ada@example.com') {
  const person = { email, first_name: 'Ada', last_name: 'Brook' }
  const { id } = await made(house, 'POST /api/v1/customers', person)
  return { id: id as string, as: shopper(id) }
}

/** The customer themselves, who sees only what is theirs. */
export const shopper = (customer_id: string): Actor => ({
  ...admin,
  id: `user:${customer_id}`,
  customer_id: customer_id as never,
  own_only: true,
  roles: ['customer'],
  may: (permission) => /^orders:(read|create|cancel|delete)$/.test(permission),
})

/** Asks as a guest, with their secret in the header. */
export const asGuest = (session_id?: string) => ({
  as: 'nobody' as const,
  ...(session_id !== undefined && { headers: { 'x-cart-session': session_id } }),
})

/** A guest with an open cart. */
export async function newGuest(house: House, body: object = {}) {
  const opened = await house.ask('POST /api/v1/carts', body, asGuest())
  assert.equal(opened.status, 201, JSON.stringify(opened.body))
  const { id, session_id } = opened.data as { id: string; session_id: string }
  const ask = (route: string, body?: object) => {
    const [method, path = ''] = route.split(' ')
    return house.ask(`${method} /api/v1/carts/${id}${path}`, body, asGuest(session_id))
  }
  return { id, session_id, opened: opened.data, ask }
}

/** SKU and quantity of every line, as a cart answers them. */
export const linesOf = (cart: { items: { sku: string; quantity: number }[] }) =>
  Object.fromEntries(cart.items.map(({ sku, quantity }) => [sku, quantity]))

export const codesOf = (cart: { notices: { code: string }[] }) =>
  cart.notices.map(({ code }) => code)

export const tally = (answers: readonly Pick<Answer, 'status'>[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
