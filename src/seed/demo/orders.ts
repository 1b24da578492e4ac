import { basketsFrom } from './baskets.ts'
import { checkoutsOf } from './checkouts.ts'
import { linesAmount, orderHistory, outcomeOf } from './histories.ts'
import type { Listing } from './listings.ts'
import { type Random, randomStream, weightedPick } from './random.ts'
import { orderInstants } from './seasons.ts'
import type { DemoAddress, DemoCustomer, DemoOrder } from './types.ts'

const ORDERS = 500
/** Customers who registered and have not bought anything yet. */
const LOOKERS = 4
const GIFTS = 0.05
const WITH_NOTES = 0.08

const GIFT_NOTE = 'A gift: please leave the prices out of the parcel.'
const NOTES = [
  'Please leave it with the neighbours on the left.',
  'The bell is quiet; knock.',
  'No hurry, we are away until the weekend.',
  'Could you write «Happy birthday, Dad» on the card?',
  'Same batch as last time, if there is any left.',
  'Please use paper tape, it all goes on the compost.',
]

type Market = {
  listings: readonly Listing[]
  customers: readonly DemoCustomer[]
  seed: number
  now_ms: number
}

/** Five hundred orders of the 365 days before now, oldest first; the newest one is not paid yet. */
export function demoOrders({ listings, customers, seed, now_ms }: Market): DemoOrder[] {
  const random = randomStream(seed, 'orders')
  const fillBasket = basketsFrom(listings, seed)
  const pickCustomer = buyers(customers, random)
  const checkoutOf = checkoutsOf(randomStream(seed, 'checkouts'), now_ms)
  const downloads = new Set(
    listings.flatMap(({ product }) =>
      product.is_digital ? product.variants.map(({ sku }) => sku) : [],
    ),
  )
  return orderInstants(random, now_ms, ORDERS).map((placed_ms, index) => {
    const customer = pickCustomer(placed_ms)
    const { currency } = customer
    const lines = fillBasket(random, { placed_ms, currency })
    const shipped = lines.some(({ sku }) => !downloads.has(sku))
    const isLast = index === ORDERS - 1
    const came = { customer_email: customer.email, placed_ms, lines }
    const checkout = isLast ? undefined : checkoutOf(came)
    const at_once = checkout !== undefined
    const planned = orderHistory(random, { placed_ms, now_ms, lines, shipped, at_once })
    const history = isLast ? [] : planned
    return {
      reference: `demo-${String(index + 1).padStart(4, '0')}`,
      customer_email: customer.email,
      currency,
      placed_at: new Date(placed_ms).toISOString(),
      lines,
      ...destination(random, customer, customers),
      ...(checkout && { checkout }),
      history,
      outcome: outcomeOf(history, linesAmount(lines)),
    }
  })
}

/** A few customers buy often, most now and then, and nobody before they have registered. */
function buyers(customers: readonly DemoCustomer[], random: Random) {
  const ranks = random.shuffle(customers.map((_, rank) => rank))
  const known = customers.map((customer, index) => {
    const rank = ranks[index] as number
    const weight = rank < customers.length - LOOKERS ? 1 / (rank + 8) ** 0.6 : 0
    return { customer, since_ms: Date.parse(customer.created_at), weight }
  })
  return (placed_ms: number): DemoCustomer => {
    const registered = known.filter(({ since_ms }) => since_ms < placed_ms)
    return weightedPick(registered, ({ weight }) => weight)(random).customer
  }
}

/** Home, as a rule; a gift goes to somebody else in the same country. */
function destination(
  random: Random,
  customer: DemoCustomer,
  customers: readonly DemoCustomer[],
): { shipping_address: DemoAddress; notes?: string } {
  const others = customers.filter(
    (other) => other !== customer && other.address.country === customer.address.country,
  )
  if (others.length > 0 && random.chance(GIFTS)) {
    return { shipping_address: random.pick(others).address, notes: GIFT_NOTE }
  }
  const note = random.chance(WITH_NOTES) ? { notes: random.pick(NOTES) } : {}
  return { shipping_address: customer.address, ...note }
}
