import { currencyExponent } from '#kit/money'
import type { Method } from '../words.ts'
import type { ServiceRow } from './tables.ts'

type Standing = Pick<ServiceRow, 'code' | 'name' | 'method' | 'currency' | 'zones'>

const BUILT_IN: readonly {
  code: string
  name: string
  method: Method
  /** Whole units of any currency, for a kilogram. */
  price: number
  days: number
}[] = [
  { code: 'standard', name: 'Standard', method: 'standard', price: 6, days: 5 },
  { code: 'two_day', name: 'Two-Day', method: 'two_day', price: 12, days: 2 },
  { code: 'overnight', name: 'Overnight', method: 'overnight', price: 25, days: 1 },
]
const STEPS_GRAMS = [1_000, 2_000, 5_000, 10_000, 30_000]
const ABROAD = { times: 3, more_days: 5 }

/** What the built-in carrier takes while nobody has made a service of its own. */
export function builtInServices(currency: string, home: string): Standing[] {
  const unit = 10 ** currencyExponent(currency)
  const bands = (price: number) =>
    STEPS_GRAMS.map((up_to_grams, step) => ({ up_to_grams, amount: price * unit * (step + 1) }))
  return BUILT_IN.map(({ price, days, ...service }) => ({
    ...service,
    currency,
    zones: [
      {
        name: 'At home',
        areas: [{ country: home, region: null, postal_prefix: null }],
        delivery_days: days,
        bands: bands(price),
      },
      {
        name: 'Abroad',
        areas: [],
        delivery_days: days + ABROAD.more_days,
        bands: bands(price * ABROAD.times),
      },
    ],
  }))
}
