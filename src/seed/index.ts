import { sql } from 'kysely'
import type { App } from '#platform/app'
import type { Context } from '#platform/context'
import { readAsSystem } from '#platform/execute'
import { callerOf, inCrowds } from './caller.ts'
import { catalogueOf } from './demo/catalogue-of.ts'
import { demoShop } from './demo/demo-shop.ts'
import { LOCATIONS } from './demo/locations.ts'
import type { DemoProduct } from './demo/types.ts'
import { listProduct, openLocations, receiveStock } from './shelve.ts'
import { inviteCustomers, tradeForAYear } from './trade.ts'

export type SeedOptions = {
  /** So many generated products instead of the demo shop. */
  products?: number
  print: (line: string) => void
}

/** The shop opened a little before its first order. */
const OPENED_DAYS_AGO = 400
const DAY_MS = 86_400_000

/**
 * Fills a database that has no products yet, through the operations themselves. Answers a sentence
 * about what it made; undefined if there was a catalogue already.
 */
export async function seedShop(app: App, options: SeedOptions): Promise<string | undefined> {
  if (await readAsSystem(app, hasProducts)) return undefined
  const { products, print } = options
  if (products !== undefined) return seedProducts(app, products, print)
  if (app.settings.payment_provider !== 'test') {
    return 'The demo shop pays with the provider `test`; set APP__PAYMENT_PROVIDER=test to have it.'
  }
  return seedDemo(app, print)
}

async function hasProducts(ctx: Context): Promise<boolean> {
  const { rows } = await sql`select 1 from products limit 1`.execute(ctx.session.kysely)
  return rows.length > 0
}

async function seedDemo(app: App, print: (line: string) => void): Promise<string> {
  const now = app.clock()
  const shop = demoShop({ now: now.toISOString() })
  const caller = callerOf(app)
  const opened = new Date(now.getTime() - OPENED_DAYS_AGO * DAY_MS).toISOString()
  print('Filling the demo shop: products and stock …')
  await openLocations(caller, shop.locations, opened)
  await listProducts(app, shop.products, opened)
  const kept = shop.products.filter(({ status }) => status !== 'archived')
  await receiveStock(caller, kept, opened)
  print('Filling the demo shop: customers and a year of orders …')
  const customers = await inviteCustomers(caller, shop.customers)
  await tradeForAYear(caller, shop.orders, customers)
  const variants = shop.products.reduce((sum, product) => sum + product.variants.length, 0)
  return (
    `The demo shop has ${shop.products.length} products in ${variants} variants, ` +
    `${shop.locations.length} locations, ${shop.customers.length} customers and ${shop.orders.length} orders.`
  )
}

/**
 * Side by side on SQLite, where a crowd shares one durable commit. One after another on PostgreSQL:
 * serializable transactions that fill the same young tables would mostly undo each other.
 */
async function listProducts(app: App, products: readonly DemoProduct[], at: string): Promise<void> {
  const caller = callerOf(app)
  const alone = app.database.engine === 'postgres'
  const work = (product: DemoProduct) => listProduct(caller, product, at)
  await inCrowds(products, work, (product) => alone || product)
}

async function seedProducts(app: App, count: number, print: (line: string) => void) {
  const caller = callerOf(app)
  const at = app.clock().toISOString()
  await openLocations(caller, LOCATIONS, at)
  let batch: DemoProduct[] = []
  let made = 0
  const flush = async () => {
    await listProducts(app, batch, at)
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
