import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { priced } from '#modules/pricing'
import type { Actor } from '#platform/context'
import type { Engine } from '#platform/database/database'
import { systemProcess, transactAsSystem } from '#platform/execute'
import { admin, type House, openHouse } from '#testing'
import { placeOrder } from '../commands/place-order.ts'
import { countOrders } from '../statistics/count-orders.ts'

export const ADDRESS = {
  street: '12 Harbour Street',
  city: 'Portland',
  state: 'ME',
  postal_code: '04101',
  country: 'US',
}

export type Article = { sku: string; price: string; units?: number }

/** A house with articles on the shelf, and what its tests ask of it. */
export async function openStore(
  engine: Engine,
  articles: readonly Article[],
  options: Parameters<typeof openHouse>[1] = {},
) {
  return stocked(await openHouse(engine, options), articles)
}

/** The same in a house that is open and empty. */
export async function stocked(house: House, articles: readonly Article[]) {
  await made(house, 'POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
  for (const article of articles) await addArticle(house, article)
  let customers = 0
  const newCustomer = async (): Promise<string> => {
    const person = { email: `c${++customers}@example.com`, first_name: 'Ada', last_name: 'Brook' }
    return (await made(house, 'POST /api/v1/customers', person)).id
  }
  return storeOf(house, await newCustomer(), newCustomer)
}

/** What tests ask of a store, on a house that has its articles already too. */
export function storeOf(
  house: House,
  customer_id: string,
  newCustomer: () => Promise<string> = async () => customer_id,
) {
  return Object.assign(house, {
    customer_id,
    newCustomer,
    addArticle: (article: Article) => addArticle(house, article),
    /** Places an order of so many units of each SKU. */
    place: (lines: Record<string, number>, more: object = {}) =>
      made(house, 'POST /api/v1/orders', {
        customer_id,
        items: Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity })),
        ...more,
      }),
    pay: (order: { id: string; total_amount: string }, more: object = {}) =>
      made(house, 'POST /api/v1/payments', {
        order_id: order.id,
        amount: order.total_amount,
        payment_method: 'credit_card',
        ...more,
      }),
    order: async (id: string) => (await house.ask(`GET /api/v1/orders/${id}`)).data,
    available: async (sku: string) =>
      Number((await house.ask(`GET /api/v1/inventory/${sku}`)).data.quantities.available),
    /** Takes all changes into the sums, as the schedule does. */
    count: () => countOrders.run(systemProcess(house.app)),
    async rows(table: string): Promise<Record<string, unknown>[]> {
      const { rows } = await house.database.read((session) =>
        sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(session.kysely),
      )
      return rows
    },
  })
}

export type Store = Awaited<ReturnType<typeof openStore>>

async function addArticle(house: House, { sku, price, units = 1000 }: Article) {
  await made(house, 'POST /api/v1/products', { name: `The ${sku}`, sku, price })
  if (units === 0) return
  const stock = { item_number: sku, location_id: 'MAIN', quantity_on_hand: units }
  await made(house, 'POST /api/v1/inventory', stock)
}

async function made(house: House, route: string, body: object) {
  const answer = await house.ask(route, body)
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.data
}

/** A customer themselves, who sees only what is theirs. */
export const shopper = (customer_id: string): Actor => ({
  ...admin,
  id: `user:${customer_id}`,
  customer_id: customer_id as Id<'customer'>,
  own_only: true,
  roles: ['customer'],
  may: (permission) => /^(orders:(read|create|cancel)|payments:.*)$/.test(permission),
})

/** Answers that went wrong by our fault. */
export const faults = (answers: readonly { status: number; body: unknown }[]) =>
  answers.filter(({ status }) => status >= 500).map(({ body }) => body)

export const count = (answers: readonly { status: number }[], status: number) =>
  answers.filter((answer) => answer.status === status).length

const TAXES = [
  { name: 'State', jurisdiction: 'US-ME', rate_ppm: 55_000, reason: 'standard' as const },
  { name: 'City', jurisdiction: 'US-ME-PWM', rate_ppm: 27_500, reason: 'standard' as const },
]
const TEN_OFF = {
  id: 'ten',
  code: 'TEN',
  label: 'Ten per cent off',
  priority: 1,
  exclusive: false,
  minimum_amount: 0,
  line_keys: null,
  kind: 'percent' as const,
  rate_ppm: 100_000,
}

/**
 * An order as a checkout makes it: 8.25 % tax on top, ten per cent off and 9.99 for shipping, all
 * split to the cent by the pricing of carts. `lines` are units and price by SKU.
 */
export async function placeTaxed(
  store: Store,
  lines: Record<string, [quantity: number, unit_amount: number]>,
  currency = 'USD',
) {
  const known = await Promise.all(
    Object.keys(lines).map(async (sku) => {
      const { data } = await store.ask(`GET /api/v1/products?search=${sku}`)
      const product = await store.ask(`GET /api/v1/products/${data.items[0].id}`)
      const item = await store.ask(`GET /api/v1/inventory/${sku}`)
      const [variant] = product.data.variants
      return {
        key: sku,
        sku,
        name: `The ${sku}`,
        product_id: product.data.id,
        variant_id: variant.id,
        item_id: item.data.id,
        tax_class: 'standard',
        image_url: null,
      }
    }),
  )
  const money = priced({
    lines: Object.entries(lines).map(([key, [quantity, unit_amount]]) => ({
      key,
      quantity,
      unit_amount,
      taxes: TAXES,
    })),
    shipping: { amount: 999, taxes: TAXES },
    discounts: [TEN_OFF],
    prices_include_tax: false,
    tax_rounding: 'document',
  })
  const { id } = await transactAsSystem(store.app, (ctx) =>
    placeOrder(ctx, {
      customer_id: store.customer_id as Id<'customer'>,
      currency,
      email: 'ada@example.com',
      shipping_address: ADDRESS,
      billing_address: null,
      payment_method_id: null,
      notes: null,
      prices_include_tax: false,
      cart_id: randomUUID() as Id<'cart'>,
      lines: known,
      shipping: { code: 'standard', name: 'Standard' },
      priced: money,
      holder: null,
    }),
  )
  return store.order(id)
}
