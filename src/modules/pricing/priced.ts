import { AMOUNT_MAX } from '#kit/money'
import { reduced, SHIPPING } from './discounts.ts'
import { pricingErrors } from './errors.ts'
import { type Rates, ratesOf, taxesOf, taxKey } from './taxes.ts'
import type { Priced, PricedPart, PricedTax, PricingInput, TaxRate } from './types.ts'

/**
 * All money of a cart or an order from its facts: prices, discounts, taxes, shipping. Pure: the
 * same facts give the same amounts, and the order of lines, discounts and rates does not matter.
 * Discounts come before tax; every amount is rounded once, half up, and sums are split by largest
 * remainder, so that the parts always add up. Throws `too_large` above `AMOUNT_MAX`.
 */
export function priced(input: PricingInput): Priced {
  const bases = basesOf(input)
  if (sum(bases, 'base_amount') > AMOUNT_MAX) throw pricingErrors.too_large()
  const rates = ratesOf(bases)
  const ofPart = (key: string) => rates.get(key) as Rates
  const taxesOfPart = (key: string) => ofPart(key).key
  const { shares, applied, refused } = reduced({ ...input, taxesOf: taxesOfPart })
  const left = bases.map(({ key, base_amount }) => {
    const discounts = shares.get(key) ?? []
    const discount_amount = sum(discounts, 'amount')
    const amount = base_amount - discount_amount
    return { key, base_amount, discounts, discount_amount, amount, rates: ofPart(key) }
  })
  const taxes = taxesOf(left, input)
  const parts = new Map(
    left.map((base) => [base.key, partOf(base, taxes.get(base.key) ?? [], input)]),
  )
  const lines = input.lines.map(({ key, quantity, unit_amount }) => ({
    key,
    quantity,
    unit_amount,
    ...(parts.get(key) as PricedPart),
  }))
  const shipping = parts.get(SHIPPING) ?? null
  const all = [...parts.values()]
  const total_amount = sum(all, 'gross_amount')
  if (total_amount > AMOUNT_MAX) throw pricingErrors.too_large()
  return {
    lines,
    shipping,
    discounts: applied,
    refused,
    taxes: summary(all),
    subtotal_amount: sum(lines, 'base_amount'),
    discount_amount: sum(all, 'discount_amount'),
    shipping_amount: shipping?.base_amount ?? 0,
    tax_amount: sum(all, 'tax_amount'),
    total_amount,
  }
}

type Base = { key: string; taxes: readonly TaxRate[]; base_amount: number }

/** What is priced, before anything is taken off or put on: the lines, then the shipping. */
function basesOf({ lines, shipping }: PricingInput): Base[] {
  const bases = lines.map(({ key, quantity, unit_amount, taxes }) => ({
    key,
    taxes,
    base_amount: quantity * unit_amount,
  }))
  if (!shipping) return bases
  return [...bases, { key: SHIPPING, taxes: shipping.taxes, base_amount: shipping.amount }]
}

type Left = Pick<PricedPart, 'base_amount' | 'discount_amount' | 'discounts'> & { amount: number }

function partOf(
  { base_amount, discount_amount, discounts, amount }: Left,
  taxes: readonly PricedTax[],
  { prices_include_tax }: PricingInput,
): PricedPart {
  const tax_amount = sum(taxes, 'amount')
  const net_amount = prices_include_tax ? amount - tax_amount : amount
  const gross_amount = net_amount + tax_amount
  return { base_amount, discount_amount, discounts, net_amount, tax_amount, gross_amount, taxes }
}

const sum = <K extends string>(parts: readonly Record<K, number>[], member: K): number =>
  parts.reduce((all, part) => all + part[member], 0)

/** One row for each tax, by jurisdiction and name. */
function summary(parts: readonly PricedPart[]): PricedTax[] {
  const rows = new Map<string, PricedTax>()
  for (const tax of parts.flatMap((part) => part.taxes)) {
    const key = taxKey(tax)
    const known = rows.get(key)
    const taxable_amount = (known?.taxable_amount ?? 0) + tax.taxable_amount
    rows.set(key, { ...tax, taxable_amount, amount: (known?.amount ?? 0) + tax.amount })
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, tax]) => tax)
}
