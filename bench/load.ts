import type { BenchDatabase } from './database.ts'
import { catalogueOf, LOCATIONS, loadCatalogue, loadLevels, searchWords } from './load-catalogue.ts'
import { loadOrders, ordersOf, takenUnits } from './load-orders.ts'
import { type Loader, withLoader } from './load-sql.ts'
import type { Fixture } from './scenarios.ts'

/** How much a database holds. */
export type Size = { products: number; orders: number }

/** What every scenario runs on; the lists of orders are among 100,000. */
export const STANDARD: Size = { products: 1_000, orders: 100_000 }
export const GROWTH_SMALL: Size = { products: 1_000, orders: 10_000 }
export const GROWTH_LARGE: Size = { products: 100_000, orders: 1_000_000 }

/** Everything of a fixture but the API key, which only a running server can make. */
export type Sample = Omit<Fixture, 'api_key'>

const DAY_MS = 86_400_000
const YEAR_MS = 365 * DAY_MS
/** A shop of this age; the last order is an hour old. */
const STOCKED_MS = 30 * DAY_MS
const SAMPLE_MAX = 10_000

/**
 * Fills a migrated, empty database that no server has open, with rows as the operations would have
 * written them (`tradepost doctor` must find nothing), and returns ids to draw from: all of them,
 * or of many some that lie evenly among the others. Events of the past are left out.
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
    return sampleOf(loader, { products, customers: sold.customers })
  })
}

async function sampleOf(
  loader: Loader,
  { products, customers }: { products: number; customers: number },
): Promise<Sample> {
  const every = (count: number) => Math.ceil(count / SAMPLE_MAX)
  const items = `from inventory_items where number % ${every(3 * products)} = 0 order by number`
  return {
    product_ids: await loader.column(
      `select id from products where number % ${every(products)} = 0 order by id`,
    ),
    variant_ids: await loader.column(
      `select id from product_variants where item_id in (select id ${items}) order by id`,
    ),
    customer_ids: (await loader.column<string>('select id from customers order by id')).filter(
      (_, nth) => nth % every(customers) === 0,
    ),
    item_ids: await loader.column(`select id ${items}`),
    location_id: LOCATIONS[0] as string,
    ...searchWords(products),
  }
}
