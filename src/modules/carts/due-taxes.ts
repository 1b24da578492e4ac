import type { Sellable } from '#modules/catalogue'
import type { TaxRate } from '#modules/pricing'
import { isDefaultRate, ownRateFirst, STANDARD, taxRatesFor } from '#modules/tax'
import type { Context } from '#platform/context'
import type { placeOf } from './choices.ts'

type Taxed = {
  place: ReturnType<typeof placeOf>
  sold: readonly { sellable: Sellable }[]
  /** Not waited for: nearly always it is taxed as the goods are, or as `standard`. */
  shipping: Promise<{ tax_class: string } | null>
}
type DueTaxes = {
  ofLine: (sellable: Sellable) => readonly TaxRate[]
  ofShipping: readonly TaxRate[]
}

/**
 * The taxes that are due on lines and shipping, by one statement, and one more for a class that
 * only shipping has. While no rate is configured, the default rate is for the goods only, as
 * published, and a product's own rate stands before it.
 */
export async function dueTaxes(ctx: Context, { place, sold, shipping }: Taxed): Promise<DueTaxes> {
  if (sold.length === 0) return { ofLine: () => [], ofShipping: [] }
  const classes = [...new Set([STANDARD, ...sold.map(({ sellable }) => sellable.tax_class)])]
  const [rates, sent] = await Promise.all([
    taxRatesFor(ctx, { destination: place, classes }),
    shipping,
  ])
  const own = new Map<string, readonly TaxRate[]>()
  const ofLine = ({ tax_class, tax_rate_ppm }: Sellable): readonly TaxRate[] => {
    const due = rates.get(tax_class) ?? []
    // The same list for the same rate: lines that are taxed alike are rounded together.
    const key = `${tax_class} ${tax_rate_ppm}`
    const known = own.get(key) ?? ownRateFirst(due, tax_rate_ppm)
    own.set(key, known)
    return known
  }
  const onShipping = sent ? await ratesOf(ctx, { place, rates, tax_class: sent.tax_class }) : []
  return { ofLine, ofShipping: isDefaultRate(onShipping) ? onShipping.map(untaxed) : onShipping }
}

type Known = {
  place: Taxed['place']
  rates: ReadonlyMap<string, readonly TaxRate[]>
  tax_class: string
}

/** The rates of a class: those known already, else asked for. */
async function ratesOf(ctx: Context, { place, rates, tax_class }: Known) {
  const known = rates.get(tax_class)
  if (known) return known
  const asked = await taxRatesFor(ctx, { destination: place, classes: [tax_class] })
  return asked.get(tax_class) ?? []
}

const untaxed = (rate: TaxRate): TaxRate => ({ ...rate, rate_ppm: 0 })
