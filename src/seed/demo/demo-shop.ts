import { demoCustomers } from './customers.ts'
import { catalogueListings } from './listings.ts'
import { LOCATIONS } from './locations.ts'
import { demoOrders } from './orders.ts'
import { specialsOf } from './specials.ts'
import { stockedProducts } from './stock.ts'
import type { DemoShop } from './types.ts'

export type { DemoShop } from './types.ts'

/** The seed of the demo shop that everybody sees. */
export const DEMO_SEED = 1

type Wish = { now: string; seed?: number; catalogueOnly?: boolean }

/**
 * Harbour & Pine, a shop for coffee, homeware, outdoor things and stationery: 200 products,
 * 3 locations, 50 customers, and the 500 orders of the year before `now` (ISO 8601, UTC).
 * The same seed and `now` give the same shop; `catalogueOnly` leaves out customers and orders.
 * Throws RangeError when `now` is no instant.
 */
export function demoShop({ now, seed = DEMO_SEED, catalogueOnly = false }: Wish): DemoShop {
  const now_ms = Date.parse(now)
  if (Number.isNaN(now_ms)) throw new RangeError(`not an instant: ${now}`)
  const listings = catalogueListings(seed)
  const customers = catalogueOnly ? [] : demoCustomers(seed, now_ms)
  const orders = catalogueOnly ? [] : demoOrders({ listings, customers, seed, now_ms })
  return {
    locations: structuredClone([...LOCATIONS]),
    products: stockedProducts(listings, orders, seed),
    specials: specialsOf(listings, now_ms),
    customers,
    orders,
  }
}
