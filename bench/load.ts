import type { BenchDatabase } from './database.ts'
import type { Fixture } from './scenarios.ts'

/** How much a database holds. */
export type Size = { products: number; orders: number }

/** What every scenario runs on; the lists of orders are among 100,000. */
export const STANDARD: Size = { products: 1_000, orders: 100_000 }
export const GROWTH_SMALL: Size = { products: 1_000, orders: 10_000 }
export const GROWTH_LARGE: Size = { products: 100_000, orders: 1_000_000 }

/** Everything of a fixture but the API key, which only a running server can make. */
export type Sample = Omit<Fixture, 'api_key'>

/**
 * Fills a migrated, empty database that no server has open, with rows as the operations would have
 * written them (`tradepost doctor` must find nothing), and returns ids to draw from.
 */
export async function loadDatabase(database: BenchDatabase, size: Size): Promise<Sample> {
  throw new Error(`the loader waits for the tables (${database.engine}, ${size.products} products)`)
}
