import { portion, shareOut } from './shares.ts'
import type { PricedTax, TaxRate, TaxRounding } from './types.ts'

const WHOLE = 1_000_000

/** The rates of something in one order, whatever order they came in; equal ones have one key. */
export type Rates = { key: string; rates: readonly TaxRate[] }

/** The rates of each part, by its key. Lists that are one and the same are read once. */
export function ratesOf(
  parts: readonly { key: string; taxes: readonly TaxRate[] }[],
): Map<string, Rates> {
  const known = new Map<readonly TaxRate[], Rates>()
  return new Map(
    parts.map(({ key, taxes }) => {
      const rates = known.get(taxes) ?? inOneOrder(taxes)
      known.set(taxes, rates)
      return [key, rates]
    }),
  )
}

/** What two rows of one tax have in common. */
export const taxKey = ({ jurisdiction, name, rate_ppm, reason }: TaxRate): string =>
  JSON.stringify([jurisdiction, name, rate_ppm, reason])

function inOneOrder(taxes: readonly TaxRate[]): Rates {
  const keyed = taxes
    .map((rate) => ({ key: taxKey(rate), rate }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  return { key: keyed.map(({ key }) => key).join(), rates: keyed.map(({ rate }) => rate) }
}

/** What is taxed: an amount after discounts, with its tax if prices include it. */
export type Taxable = { key: string; amount: number; rates: Rates }
type Mode = { prices_include_tax: boolean; tax_rounding: TaxRounding }

/**
 * The taxes of each part, by its key. Parts with the same rates form a group. Rounded once a
 * document, a group's tax is that of its sum, shared out by largest remainder: however the group
 * is split into lines, each tax is the same. Rounded by line, each line stands alone. Included tax
 * is `amount × rate / (1 + rate)`, so that net → gross → net gives back the net.
 */
export function taxesOf(
  parts: readonly Taxable[],
  { prices_include_tax, tax_rounding }: Mode,
): Map<string, PricedTax[]> {
  const groups =
    tax_rounding === 'line'
      ? parts.map((part) => [part])
      : [...Map.groupBy(parts, ({ rates }) => rates.key).values()]
  const taxed = new Map<string, PricedTax[]>()
  for (const group of groups) {
    const rates = group[0]?.rates.rates ?? []
    const sharesByRate = prices_include_tax ? contained(group, rates) : added(group, rates)
    for (const { key, amount } of group) {
      const amounts = sharesByRate.map((shares) => shares.get(key) ?? 0)
      const tax = amounts.reduce((sum, each) => sum + each, 0)
      const taxable_amount = prices_include_tax ? amount - tax : amount
      taxed.set(
        key,
        rates.map((rate, nth) => ({ ...rate, taxable_amount, amount: amounts[nth] as number })),
      )
    }
  }
  return taxed
}

type Shares = Map<string, number>

const weighted = (group: readonly Taxable[]) =>
  group.map(({ key, amount }) => ({ key, weight: amount }))
const sumOf = (group: readonly Taxable[]) => group.reduce((sum, { amount }) => sum + amount, 0)

/** Tax on top: each rate of the group's sum, rounded, shared over its parts. */
function added(group: readonly Taxable[], rates: readonly TaxRate[]): Shares[] {
  const sum = sumOf(group)
  return rates.map(({ rate_ppm }) => shareOut(portion(sum, rate_ppm, WHOLE), weighted(group)))
}

/**
 * Tax within: that of all rates together, shared over the parts and over the rates. Both sums hold
 * at once: each rate takes its own from what the former ones left of each part's tax, and the last
 * one takes all that is left. So no part's tax exceeds its share, and no net falls below zero.
 */
function contained(group: readonly Taxable[], rates: readonly TaxRate[]): Shares[] {
  const rate = rates.reduce((all, { rate_ppm }) => all + rate_ppm, 0)
  const tax = portion(sumOf(group), rate, WHOLE + rate)
  const left = shareOut(tax, weighted(group))
  const names = rates.map(({ rate_ppm }, nth) => ({ key: nthKey(nth), weight: rate_ppm }))
  const byRate = shareOut(tax, names)
  return rates.map((_, nth) => {
    const weights = [...left].map(([key, weight]) => ({ key, weight }))
    const shares = shareOut(byRate.get(nthKey(nth)) ?? 0, weights)
    for (const [key, share] of shares) left.set(key, (left.get(key) ?? 0) - share)
    return shares
  })
}

/** Sorts as text the way the numbers do, for as many rates as one thing will ever have. */
const nthKey = (nth: number): string => String(nth).padStart(4, '0')
