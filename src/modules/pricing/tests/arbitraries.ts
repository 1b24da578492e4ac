import fc from 'fast-check'
import type { Discount, PricingInput, PricingLine, TaxRate } from '../types.ts'

/** A tax such as a state, a county or a country asks for. */
export const tax = (rate_ppm: number, name = 'Tax', jurisdiction = 'XX'): TaxRate => ({
  name,
  jurisdiction,
  rate_ppm,
  reason: rate_ppm === 0 ? 'zero_rated' : 'standard',
})

const RATES: readonly (readonly TaxRate[])[] = [
  [],
  [tax(0, 'VAT')],
  [tax(190_000, 'VAT')],
  [tax(70_000, 'VAT')],
  [tax(60_000, 'State', 'US-CA'), tax(12_500, 'County', 'US-CA-LA')],
  [tax(12_500, 'County', 'US-CA-LA'), tax(60_000, 'State', 'US-CA')],
  [tax(1, 'Tiny'), tax(333_333, 'Third'), tax(1_000_000, 'Whole')],
]
export const anyRates = fc.constantFrom(...RATES)

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f']

/** A few lines with small prices, where every rounding shows. */
export const linesOf = (unit_max: number, quantity_max: number): fc.Arbitrary<PricingLine[]> =>
  fc
    .array(
      fc.record({
        quantity: fc.integer({ min: 1, max: quantity_max }),
        unit_amount: fc.integer({ min: 0, max: unit_max }),
        taxes: anyRates,
      }),
      { minLength: 1, maxLength: KEYS.length },
    )
    .map((lines) => lines.map((line, nth) => ({ key: KEYS[nth] as string, ...line })))

const kind = (amount_max: number) =>
  fc.oneof(
    fc.record({
      kind: fc.constant('percent' as const),
      rate_ppm: fc.oneof(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.constantFrom(100_000, 333_333, 500_000, 1_000_000),
      ),
    }),
    fc.record({
      kind: fc.constant('fixed' as const),
      amount: fc.integer({ min: 0, max: amount_max }),
    }),
    fc.record({ kind: fc.constant('free_shipping' as const) }),
  )

/** Discounts of all kinds; some are exclusive, some are for some lines only. */
export const discountsUpTo = (most: number, amount_max: number): fc.Arbitrary<Discount[]> =>
  fc
    .array(
      fc
        .tuple(
          fc.record({
            code: fc.constantFrom(null, 'SAVE'),
            label: fc.constant('a discount'),
            priority: fc.integer({ min: 0, max: 2 }),
            exclusive: fc.boolean(),
            minimum_amount: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: amount_max })),
            line_keys: fc.oneof(fc.constant(null), fc.subarray(KEYS)),
          }),
          kind(amount_max),
        )
        .map(([rule, what]) => ({ ...rule, ...what })),
      { maxLength: most },
    )
    .map((discounts) => discounts.map((one, nth) => ({ id: `d${nth}`, ...one })))

type Sizes = { unit_max?: number; quantity_max?: number; discounts?: number }

/** Anything that can be priced. */
export const anyInput = (sizes: Sizes = {}): fc.Arbitrary<PricingInput> => {
  const { unit_max = 300, quantity_max = 5, discounts = 4 } = sizes
  return fc.record({
    lines: linesOf(unit_max, quantity_max),
    shipping: fc.oneof(
      fc.constant(null),
      fc.record({ amount: fc.integer({ min: 0, max: unit_max }), taxes: anyRates }),
    ),
    discounts: discountsUpTo(discounts, unit_max * quantity_max),
    prices_include_tax: fc.boolean(),
    tax_rounding: fc.constantFrom('line' as const, 'document' as const),
  })
}

/** The same in any order: lines, discounts, and the rates of each line. */
export const shuffled = (input: PricingInput): fc.Arbitrary<PricingInput> =>
  fc
    .tuple(
      fc.shuffledSubarray([...input.lines], { minLength: input.lines.length }),
      fc.shuffledSubarray([...input.discounts], { minLength: input.discounts.length }),
      fc.boolean(),
    )
    .map(([lines, discounts, turned]) => ({
      ...input,
      discounts,
      lines: lines.map((line) => (turned ? { ...line, taxes: line.taxes.toReversed() } : line)),
    }))
