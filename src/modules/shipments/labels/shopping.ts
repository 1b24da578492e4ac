import type { RateRow, Strategy } from './tables.ts'

/** What rates are compared by. */
export type Offer = Pick<
  RateRow,
  'carrier' | 'carrier_name' | 'service' | 'amount' | 'currency' | 'delivery_days' | 'delivery_at'
>

export type Wish = {
  strategy: Exclude<Strategy, 'chosen'>
  /** By when it must have arrived, for `promise`. */
  deliver_by?: string | null | undefined
  /** Only this carrier, or this service, in any case. */
  carrier?: string | undefined
  service?: string | undefined
  /** Offers in other currencies cannot be compared, and come last. */
  currency: string
}

export type Choice<T> = {
  offer: T
  /** False if nothing arrives in time: then it is the fastest. */
  in_time: boolean
}

/**
 * The best of several offers. `cheapest`: the lowest price, the faster one of equals. `fastest`:
 * the earliest arrival, the cheaper one of equals. `promise`: the cheapest that arrives in time,
 * and if none does the fastest. Deterministic; undefined if nothing fits.
 */
export function chooseOffer<T extends Offer>(
  offers: readonly T[],
  wish: Wish,
): Choice<T> | undefined {
  const same = (a: string, b: string | undefined) =>
    b === undefined || a.toLowerCase() === b.toLowerCase()
  const fitting = offers.filter(
    (offer) =>
      (same(offer.carrier, wish.carrier) || same(offer.carrier_name, wish.carrier)) &&
      same(offer.service, wish.service),
  )
  const cheapest = fitting.toSorted(byPrice(wish.currency))
  const fastest = fitting.toSorted(bySpeed(wish.currency))
  const { deliver_by } = wish
  if (wish.strategy === 'cheapest') return choice(cheapest[0], true)
  if (wish.strategy === 'fastest' || !deliver_by) return choice(fastest[0], true)
  const inTime = cheapest.find(
    ({ delivery_at }) => delivery_at !== null && delivery_at <= deliver_by,
  )
  return inTime ? choice(inTime, true) : choice(fastest[0], false)
}

const choice = <T>(offer: T | undefined, in_time: boolean): Choice<T> | undefined =>
  offer && { offer, in_time }

type Compare = (a: Offer, b: Offer) => number

export const byPrice =
  (currency: string): Compare =>
  (a, b) =>
    foreign(a, currency) - foreign(b, currency) ||
    a.amount - b.amount ||
    arrival(a) - arrival(b) ||
    byName(a, b)

const bySpeed =
  (currency: string): Compare =>
  (a, b) =>
    arrival(a) - arrival(b) ||
    foreign(a, currency) - foreign(b, currency) ||
    a.amount - b.amount ||
    byName(a, b)

const foreign = (offer: Offer, currency: string) => (offer.currency === currency ? 0 : 1)

/** Milliseconds; an offer that names no day may arrive never. */
function arrival({ delivery_at, delivery_days }: Offer): number {
  if (delivery_at !== null) return Date.parse(delivery_at)
  return delivery_days === null ? Number.MAX_SAFE_INTEGER : NO_DATE + delivery_days
}
/** After every date: days without a date are compared among themselves. */
const NO_DATE = 8_000_000_000_000_000

const byName: Compare = (a, b) => {
  const name = (offer: Offer) => `${offer.carrier} ${offer.carrier_name} ${offer.service}`
  return name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0
}
