import type { BenchDatabase } from './database.ts'
import {
  catalogueOf,
  LOCATIONS,
  loadCatalogue,
  loadLevels,
  searchWords,
  VARIANTS_EACH,
} from './load-catalogue.ts'
import { loadOrders, ordersOf, takenUnits } from './load-orders.ts'
import { type Loader, withLoader } from './load-sql.ts'
import { loadValues } from './load-values.ts'
import type { Fixture } from './scenarios.ts'

/** How much a database holds. */
export type Size = { products: number; orders: number }

/** What every scenario runs on; the lists of orders are among 100,000. */
export const STANDARD: Size = { products: 1_000, orders: 100_000 }
export const GROWTH_SMALL: Size = { products: 1_000, orders: 10_000 }
export const GROWTH_LARGE: Size = { products: 100_000, orders: 1_000_000 }

/** Everything of a fixture but what only a running server can make. */
export type Sample = Omit<Fixture, 'api_key' | 'large_cart' | 'agent_session'>

const DAY_MS = 86_400_000
const YEAR_MS = 365 * DAY_MS
/** A shop of this age; the last order is an hour old. */
const STOCKED_MS = 30 * DAY_MS
/**
 * As many as the small database of the growth has, so that on a large one the same calls are made:
 * as many products are asked for, only that they lie among more.
 */
const SAMPLE_MAX = { products: 1_000, variants: 3_000, customers: 2_000 }

/**
 * Fills a migrated, empty database that no server has open, with rows as the operations would have
 * written them (`tradepost doctor` must find nothing), and returns ids to draw from, which lie
 * evenly
 * among all others. Events of the past are left out.
 */
export function loadDatabase(database: BenchDatabase, size: Size): Promise<Sample> {
  return withLoader(database, async (loader) => {
    const opened = Date.now() - YEAR_MS
    const { products, orders } = size
    const catalogue = catalogueOf(loader, { from: opened, to: opened + STOCKED_MS, products })
    const period = { from: opened + STOCKED_MS, to: Date.now() - DAY_MS }
    const sold = ordersOf(loader, catalogue, { ...period, orders })
    await loadCatalogue(loader, catalogue, products)
    await loadLevels(loader, catalogue, takenUnits(loader, sold))
    await loadOrders(loader, catalogue, sold)
    await loadValues(loader)
    return sampleOf(loader, { products, customers: sold.customers })
  })
}

async function sampleOf(
  loader: Loader,
  { products, customers }: { products: number; customers: number },
): Promise<Sample> {
  const every = (count: number, most: number) => Math.ceil(count / most)
  const variants = VARIANTS_EACH * products
  const items = `from inventory_items where number % ${every(variants, SAMPLE_MAX.variants)} = 0`
  const customer_ids = await loader.column<string>('select id from customers order by id')
  const eachCustomer = every(customers, SAMPLE_MAX.customers)
  return {
    product_ids: await loader.column(
      `select id from products where number % ${every(products, SAMPLE_MAX.products)} = 0 order by id`,
    ),
    variant_ids: await loader.column(
      `select id from product_variants where item_id in (select id ${items}) order by id`,
    ),
    customer_ids: customer_ids.filter((_, nth) => nth % eachCustomer === 0),
    item_ids: await loader.column(`select id ${items} order by id`),
    location_id: LOCATIONS[0] as string,
    ...searchWords(products),
  }
}
