import { type Static, Type } from 'typebox'
import { Amount } from '#kit/money'
import { Instant } from '#kit/schemas'

// What a unit costs at an instant: the regular price, a quantity break or a sale, the lowest wins.

/** What one unit costs from `min_quantity` units on. */
export const Break = Type.Object({ min_quantity: Type.Integer(), amount: Amount })
export type Break = Static<typeof Break>

/** A price for a time: from `starts_at` on, and no longer at `ends_at`. */
export const Sale = Type.Object({
  min_quantity: Type.Integer(),
  amount: Amount,
  starts_at: Instant,
  ends_at: Instant,
})
export type Sale = Static<typeof Sale>

/** Everything beside the regular prices of a variant, by currency. */
export const Offers = Type.Record(
  Type.String(),
  Type.Object({ breaks: Type.Array(Break), sales: Type.Array(Sale) }),
)
export type Offers = Static<typeof Offers>

/** The prices of a variant in one currency, minor units. */
export type Prices = {
  /** Of one unit without any offer. */
  regular_amount: number
  breaks: readonly Break[]
  sales: readonly Sale[]
}
export type PriceReason = 'regular' | 'quantity_break' | 'sale'
export type UnitPrice = { unit_amount: number; regular_amount: number; reason: PriceReason }

const NONE: readonly never[] = []

/** The prices in a currency; null without a regular price, which every offer stands beside. */
export function pricesIn(
  currency: string,
  regular_amount: number | null,
  offers: Offers | null,
): Prices | null {
  if (regular_amount === null) return null
  const { breaks = NONE, sales = NONE } = offers?.[currency] ?? {}
  return { regular_amount, breaks, sales }
}

/**
 * What each of `quantity` units costs at the instant `now`: the lowest of the regular price, the
 * breaks that so many units reach and the sales that run; of equal ones, the first in that order.
 * So the answer depends on nothing else, and more units never cost more each. Undefined without a
 * price. `regular_amount` is that of one unit without any offer.
 */
export function unitPriceOf(
  { prices }: { prices: Prices | null },
  quantity: number,
  now: string,
): UnitPrice | undefined {
  if (prices === null) return undefined
  const { regular_amount } = prices
  let unit_amount = regular_amount
  let reason: PriceReason = 'regular'
  for (const { min_quantity, amount } of prices.breaks) {
    if (min_quantity > quantity || amount >= unit_amount) continue
    unit_amount = amount
    reason = 'quantity_break'
  }
  for (const sale of prices.sales) {
    if (sale.min_quantity > quantity || sale.amount >= unit_amount || !runs(sale, now)) continue
    unit_amount = sale.amount
    reason = 'sale'
  }
  return { unit_amount, regular_amount, reason }
}

/** The sale that one unit is sold at now; of equal ones the longest, then the oldest. */
export function runningSale({ regular_amount, sales }: Prices, now: string): Sale | undefined {
  let best: Sale | undefined
  for (const sale of sales) {
    if (sale.min_quantity > 1 || sale.amount >= regular_amount || !runs(sale, now)) continue
    if (!best || isBetter(sale, best)) best = sale
  }
  return best
}

function isBetter(sale: Sale, than: Sale): boolean {
  if (sale.amount !== than.amount) return sale.amount < than.amount
  if (sale.ends_at !== than.ends_at) return sale.ends_at > than.ends_at
  return sale.starts_at < than.starts_at
}

/** From how many units on one costs less than before, now: breaks and sales taken together. */
export function breaksNow(prices: Prices, now: string): Break[] {
  const { breaks, sales } = prices
  if (breaks.length === 0 && sales.length === 0) return []
  const steps = new Set([...breaks, ...sales].map(({ min_quantity }) => min_quantity))
  steps.delete(1)
  let last = unitPriceOf({ prices }, 1, now)?.unit_amount ?? 0
  return [...steps]
    .toSorted((a, b) => a - b)
    .flatMap((min_quantity) => {
      const amount = unitPriceOf({ prices }, min_quantity, now)?.unit_amount ?? last
      if (amount >= last) return []
      last = amount
      return { min_quantity, amount }
    })
}

/**
 * For how long what was resolved at `now` stays true: from the last instant at which one of these
 * sales began or ended, until (and without) the next; null where nothing bounds it.
 */
export function steadyAround(
  offers: readonly (Offers | null)[],
  now: string,
): { since: string | null; until: string | null } {
  let since: string | null = null
  let until: string | null = null
  for (const offer of offers) {
    for (const { sales } of Object.values(offer ?? {})) {
      for (const at of sales.flatMap(({ starts_at, ends_at }) => [starts_at, ends_at])) {
        if (at <= now && (since === null || at > since)) since = at
        if (at > now && (until === null || at < until)) until = at
      }
    }
  }
  return { since, until }
}

const runs = ({ starts_at, ends_at }: Sale, now: string): boolean =>
  starts_at <= now && now < ends_at
