import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import {
  breaksNow,
  type Offers,
  pricesIn,
  runningSale,
  type UnitPrice,
  unitPriceOf,
} from './offers.ts'
import { lowestKey } from './price-history.ts'
import type { Price } from './schemas.ts'

/** The instant that prices are told for, and the lowest ones before the sales that run then. */
export type PricedAt = { now: string; lowest: ReadonlyMap<string, number> }

type Row = {
  id: Id<'variant'>
  currency: string
  amount: number
  compare_at_amount: number | null
  offers: Offers | null
}

/** A variant's price in one currency as an answer has it. */
export function priceTold(row: Row, { now, lowest }: PricedAt): Static<typeof Price> {
  const { id, currency, amount, compare_at_amount, offers } = row
  const money = (minor: number) => formatMoney(minor, currency)
  const orNull = (minor: number | null | undefined) => (minor == null ? null : money(minor))
  const prices = pricesIn(currency, amount, offers)
  if (!prices || !offers?.[currency]) {
    const compare_at_price = orNull(compare_at_amount)
    return { currency, price: money(amount), compare_at_price, sale: null, breaks: [] }
  }
  const { unit_amount } = unitPriceOf({ prices }, 1, now) as UnitPrice
  const sale = runningSale(prices, now)
  return {
    currency,
    price: money(unit_amount),
    compare_at_price: sale ? money(amount) : orNull(compare_at_amount),
    sale: sale
      ? {
          price: money(sale.amount),
          starts_at: sale.starts_at,
          ends_at: sale.ends_at,
          lowest_price_30_days: orNull(lowest.get(lowestKey({ variant_id: id, currency }))),
        }
      : null,
    breaks: breaksNow(prices, now).map((one) => ({
      min_quantity: one.min_quantity,
      price: money(one.amount),
    })),
  }
}
