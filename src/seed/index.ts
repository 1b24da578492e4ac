import { sql } from 'kysely'
import type { App } from '#platform/app'
import type { Context } from '#platform/context'
import { readAsSystem } from '#platform/execute'
import { callerOf } from './caller.ts'
import { catalogueOf } from './demo/catalogue-of.ts'
import { demoShop } from './demo/demo-shop.ts'
import { LOCATIONS } from './demo/locations.ts'
import { OPENED_DAYS_AGO } from './demo/promotions.ts'
import type { DemoProduct } from './demo/types.ts'
import { layOut, openForBusiness, putOnOffer } from './open-for-business.ts'
import { listProduct, openLocations, receiveStock } from './shelve.ts'
import { inviteCustomers, tradeForAYear } from './trade.ts'

export type SeedOptions = {
  /** So many generated products instead of the demo shop. */
  products?: number
  /** The demo shop on the day it opens: goods, stock and prices, no customers and no orders. */
  catalogueOnly?: boolean
  print: (line: string) => void
}

const DAY_MS = 86_400_000

/**
 * Fills a database that has no products yet, through the operations themselves. Answers a sentence
 * about what it made; undefined if there was a catalogue already.
 */
export async function seedShop(app: App, options: SeedOptions): Promise<string | undefined> {
  if (await readAsSystem(app, hasProducts)) return undefined
  const { products, print, catalogueOnly = false } = options
  if (products !== undefined) return seedProducts(app, products, print)
  if (app.settings.payment_provider !== 'test') {
    return 'The demo shop pays with the provider `test`; set APP__PAYMENT_PROVIDER=test to have it.'
  }
  return seedDemo(app, { print, catalogueOnly })
}

async function hasProducts(ctx: Context): Promise<boolean> {
  const { rows } = await sql`select 1 from products limit 1`.execute(ctx.session.kysely)
  return rows.length > 0
}

type Demo = { print: (line: string) => void; catalogueOnly: boolean }

async function seedDemo(app: App, { print, catalogueOnly }: Demo): Promise<string> {
  const now = app.clock()
  const shop = demoShop({ now: now.toISOString(), catalogueOnly })
  const caller = callerOf(app)
  const opened = new Date(now.getTime() - OPENED_DAYS_AGO * DAY_MS).toISOString()
  const times = { opened, now: now.toISOString() }
  print('Filling the demo shop: taxes, shipping, coupons, products and stock …')
  await openLocations(caller, shop.locations, opened)
  await openForBusiness(caller, times)
  await layOut(caller, opened)
  await caller.each(shop.products, (product) => listProduct(caller, product, opened))
  const kept = shop.products.filter(({ status }) => status !== 'archived')
  await receiveStock(caller, kept, opened)
  const all = shop.products.flatMap(({ variants }) => variants)
  await putOnOffer(caller, { specials: shop.specials, variants: all }, times)
  const goods =
    `The demo shop has ${shop.products.length} products in ${all.length} variants` +
    ` at ${shop.locations.length} locations`
  if (catalogueOnly) return `${goods}.`
  print('Filling the demo shop: customers and a year of orders …')
  const customers = await inviteCustomers(caller, shop.customers)
  await tradeForAYear(caller, shop.orders, customers)
  return `${goods}, ${shop.customers.length} customers and ${shop.orders.length} orders.`
}

async function seedProducts(app: App, count: number, print: (line: string) => void) {
  const caller = callerOf(app)
  const at = app.clock().toISOString()
  await openLocations(caller, LOCATIONS, at)
  let batch: DemoProduct[] = []
  let made = 0
  const flush = async () => {
    await caller.each(batch, (product) => listProduct(caller, product, at))
    await receiveStock(caller, batch, at)
    made += batch.length
    batch = []
    print(`${made} of ${count} products`)
  }
  for (const product of catalogueOf(count)) {
    batch.push(product)
    if (batch.length === 1000) await flush()
  }
  if (batch.length > 0) await flush()
  return `There are ${count} products now, with variants, prices and stock.`
}
