import assert from 'node:assert/strict'
import { formatMoney } from '#kit/money'
import type { Actor } from '#platform/context'
import type { Engine } from '#platform/database/database'
import { admin, openHouse } from '#testing'
import { play as playOld, type World } from '../play.ts'
import { PRICES } from '../shop.ts'
import { PLACES, SKUS } from '../stock.ts'
import type { Owner } from './carts.ts'
import type { Settings } from './edits.ts'
import { Mart } from './mart.ts'
import { CUTS, classOf, isDigital, type Limited, WARES, type Ware } from './terms.ts'

const OPENING = Date.parse('2026-01-05T09:00:00.000Z')
const SESSION = 'the-secret-of-one-guest'
export const EMAILS: Record<Owner, string> = { guest: 'Guest@example.com', ada: 'ada@example.com' }
export const money = (minor: number) => formatMoney(minor, 'USD')

/** A real shop beside its model, from carts to refunds. */
export type Bazaar = World & {
  shop: Mart
  cartIds: string[]
  checkoutIds: string[]
  variants: Record<Ware, string>
  promotions: Record<string, string>
  /** Tax rates by area and class. */
  rates: Map<string, string>
  /** The shipping method of the shop's own, once there is one. */
  method: string | undefined
}

/** Two places, four articles (one is a download), a customer, six promotions; two tax classes. */
export async function openBazaar(engine: Engine, settings: Settings): Promise<Bazaar> {
  const shop = new Mart(OPENING, settings)
  const house = await openHouse(engine, {
    clock: () => new Date(shop.now),
    settings: { prices_include_tax: settings.taxIncluded, tax_rounding: settings.roundedBy },
  })
  const made = async (route: string, body: object) => {
    const answer = await house.ask(`POST /api/v1/${route}`, body)
    assert.equal(answer.status, 201, `${route}: ${JSON.stringify(answer.body)}`)
    return answer.data
  }
  for (const [nth, code] of PLACES.entries()) {
    await made('locations', { code, name: code, priority: 10 * (nth + 1) })
  }
  await made('tax/classes', { code: 'reduced', name: 'Reduced' })
  const [variants, products, promotions] = [{} as Record<Ware, string>, new Map(), {}]
  for (const sku of WARES) {
    const tax = { tax_class: classOf(sku), is_digital: isDigital(sku) }
    const price = money(isDigital(sku) ? 333 : PRICES[sku])
    const { id, variants: own } = await made('products', { name: sku, sku, price, ...tax })
    variants[sku] = own[0].id
    products.set(sku, id)
  }
  for (const [nth, cut] of CUTS.entries()) {
    const { id } = await made('promotions', promotionOf(cut, { priority: nth, products }))
    Object.assign(promotions, { [cut.name]: id })
  }
  const person = { email: EMAILS.ada, first_name: 'Ada', last_name: 'Brook' }
  const { id: customer_id } = await made('customers', person)
  const lists = { orderIds: [], paymentIds: [], cartIds: [], checkoutIds: [], transcript: [] }
  const own = { ...lists, keys: 0, known: new Map(), rates: new Map(), method: undefined }
  const world: Bazaar = { house, shop, customer_id, variants, promotions, ...own }
  for (const sku of SKUS) {
    for (const at of PLACES) {
      const quantity = at === 'NEAR' ? 7 : 4
      await playOld(world, { do: 'receive', twice: false, sku, at, quantity })
    }
  }
  return world
}

type Known = { priority: number; products: Map<string, string> }

function promotionOf(cut: Limited, { priority, products }: Known): object {
  const { name, exclusive, minimum, percent, fixed, freeShipping, about, uses, usesEach } = cut
  const usd = (minor: number) => [{ currency: 'USD', amount: money(minor) }]
  const kind = freeShipping ? 'free_shipping' : fixed ? 'fixed' : 'percent'
  return {
    name,
    kind,
    exclusive,
    priority,
    status: 'active',
    ...(name !== 'AUTO' && { code: name }),
    ...(percent && { percent: String(percent) }),
    ...(fixed && { amounts: usd(fixed) }),
    ...(minimum > 0 && { minimum_subtotals: usd(minimum) }),
    ...(about && { product_ids: [products.get(about)] }),
    ...(uses && { usage_limit: uses }),
    ...(usesEach && { usage_limit_per_customer: usesEach }),
  }
}

/** Asks as the owner of a cart: a guest by their secret, the customer as themselves. */
export function asOwner({ customer_id }: World, owner: Owner) {
  if (owner === 'guest') return { as: 'nobody' as const, headers: { 'x-cart-session': SESSION } }
  const ada: Actor = {
    ...admin,
    id: 'user:ada',
    customer_id: customer_id as never,
    own_only: true,
    roles: ['customer'],
    may: (permission) => /^(orders:(read|create|cancel)|payments:.*)$/.test(permission),
  }
  return { as: ada }
}

/** The customer, who still carries the guest's secret. */
export const withSecret = (world: World) => ({
  ...asOwner(world, 'ada'),
  headers: { 'x-cart-session': SESSION },
})
