import type { DemoCurrency } from './types.ts'

/** Where a set of shipping methods goes. */
export type DemoZone = { name: string; areas: readonly { country: string; region?: string }[] }

/** A price from the lower bounds on and below the upper ones; amounts are decimal strings. */
type Band = {
  min_weight_grams?: number
  max_weight_grams?: number
  min_subtotal?: string
  max_subtotal?: string
  amount: string
}
export type DemoMethod = {
  zone: string
  code: string
  name: string
  currency: DemoCurrency
  /** Working days, from and to. */
  days: readonly [min: number, max: number]
  rates: readonly Band[]
}

const HOME = 'United States'
const FAR = 'Alaska and Hawaii'
const CANADA = 'Canada'
const KINGDOM = 'United Kingdom'
const UNION = 'European Union'
const OVERSEAS = 'Overseas'

const countries = (codes: string) => codes.split(' ').map((country) => ({ country }))

/** A region is more specific than its country: who lives on Hawaii gets the methods of `FAR`. */
export const ZONES: readonly DemoZone[] = [
  { name: HOME, areas: countries('US') },
  {
    name: FAR,
    areas: [
      { country: 'US', region: 'AK' },
      { country: 'US', region: 'HI' },
    ],
  },
  { name: CANADA, areas: countries('CA') },
  { name: KINGDOM, areas: countries('GB') },
  { name: UNION, areas: countries('AT BE DE DK ES FI FR IE IT LU NL PT SE') },
  { name: OVERSEAS, areas: countries('AU CH JP NO NZ SG') },
]

/** By weight only, from light to heavy. */
function byWeight(amounts: readonly (readonly [below_grams: number, amount: string])[]): Band[] {
  let min_weight_grams = 0
  return amounts.map(([below_grams, amount]) => {
    const band = { min_weight_grams, amount }
    min_weight_grams = below_grams
    return Number.isFinite(below_grams) ? { ...band, max_weight_grams: below_grams } : band
  })
}

const NO_LIMIT = Number.POSITIVE_INFINITY
const HEAVY_GRAMS = 20_000

/** Free from a subtotal on, except what is heavy. */
const freeFrom = (free_from: string, { amount, heavy }: { amount: string; heavy: string }) => [
  { max_weight_grams: HEAVY_GRAMS, max_subtotal: free_from, amount },
  { max_weight_grams: HEAVY_GRAMS, min_subtotal: free_from, amount: '0' },
  { min_weight_grams: HEAVY_GRAMS, amount: heavy },
]

const US = { zone: HOME, currency: 'USD' } as const
const EUROPE = { zone: UNION, currency: 'EUR' } as const
const BRITAIN = { zone: KINGDOM, currency: 'GBP' } as const

export const METHODS: readonly DemoMethod[] = [
  {
    ...US,
    code: 'standard',
    name: 'Standard',
    days: [3, 5],
    rates: freeFrom('50', { amount: '10', heavy: '24' }),
  },
  {
    ...US,
    code: 'express',
    name: 'Express',
    days: [1, 2],
    rates: byWeight([
      [10_000, '25'],
      [NO_LIMIT, '45'],
    ]),
  },
  { ...US, code: 'overnight', name: 'Overnight', days: [1, 1], rates: byWeight([[10_000, '50']]) },
  {
    ...US,
    zone: FAR,
    code: 'standard',
    name: 'Standard',
    days: [6, 9],
    rates: freeFrom('120', { amount: '18', heavy: '60' }),
  },
  {
    zone: CANADA,
    currency: 'USD',
    code: 'tracked',
    name: 'Tracked',
    days: [5, 8],
    rates: freeFrom('100', { amount: '14', heavy: '40' }),
  },
  {
    ...BRITAIN,
    code: 'tracked',
    name: 'Tracked 48',
    days: [2, 3],
    rates: freeFrom('50', { amount: '4.50', heavy: '14' }),
  },
  {
    ...BRITAIN,
    code: 'express',
    name: 'Next day',
    days: [1, 1],
    rates: byWeight([[NO_LIMIT, '9.50']]),
  },
  {
    ...EUROPE,
    code: 'tracked',
    name: 'Tracked',
    days: [3, 6],
    rates: byWeight([
      [2000, '7.90'],
      [10_000, '12.90'],
      [NO_LIMIT, '24.90'],
    ]),
  },
  {
    ...EUROPE,
    code: 'express',
    name: 'Express',
    days: [1, 2],
    rates: byWeight([
      [2000, '16.90'],
      [NO_LIMIT, '34.90'],
    ]),
  },
  {
    zone: OVERSEAS,
    currency: 'USD',
    code: 'tracked',
    name: 'Tracked, overseas',
    days: [8, 14],
    rates: byWeight([
      [2000, '32'],
      [10_000, '58'],
      [NO_LIMIT, '120'],
    ]),
  },
]
