import type { Discount, PricingInput } from '../types.ts'

// What discounts take off in all, worked out once more in the plainest way: exact fractions, and
// what cannot be divided is handed out unit by unit to the lines that the same discounts are for.

/** What a set of discounts takes off in all, in the order in which they are given. */
export function takenBy(discounts: readonly Discount[], { lines, shipping }: PricingInput): number {
  const left = new Map(lines.map((line) => [line.key, line.quantity * line.unit_amount]))
  let delivery = shipping?.amount ?? 0
  let total = 0
  const reducedBy = (key: string): string =>
    discounts
      .filter(
        ({ line_keys }) =>
          line_keys?.includes(key) && lines.some((line) => !line_keys.includes(line.key)),
      )
      .map(({ id }) => id)
      .join()
  for (const discount of discounts) {
    if (discount.kind === 'free_shipping') {
      total += delivery
      delivery = 0
      continue
    }
    const keys = [...left.keys()].filter(
      (key) => discount.line_keys === null || discount.line_keys.includes(key),
    )
    const base = keys.reduce((sum, key) => sum + (left.get(key) ?? 0), 0)
    const wanted =
      discount.kind === 'fixed' ? discount.amount : roundHalfUp(base * discount.rate_ppm, 1_000_000)
    const amount = Math.min(base, wanted)
    const groups = Object.entries(Object.groupBy(keys, reducedBy)).sort(([a], [b]) =>
      a < b ? -1 : 1,
    )
    const weightOf = (some: readonly string[]) =>
      some.reduce((sum, key) => sum + (left.get(key) ?? 0), 0)
    const shares = unitByUnit(
      amount,
      groups.map(([, some = []]) => weightOf(some)),
    )
    // Later discounts see a group only as a whole, so that it may be kept in one of its lines.
    for (const [nth, [, some = []]] of groups.entries()) {
      const whole = weightOf(some) - (shares[nth] ?? 0)
      for (const [at, key] of some.entries()) left.set(key, at === 0 ? whole : 0)
    }
    total += amount
  }
  return total
}

/** The quotient rounded half up, found in whole numbers only. */
export function roundHalfUp(numerator: number, denominator: number): number {
  const [n, d] = [BigInt(numerator), BigInt(denominator)]
  const whole = n / d
  return Number((n - whole * d) * 2n >= d ? whole + 1n : whole)
}

/** Largest remainder by handing out the units left over one at a time. */
function unitByUnit(total: number, weights: readonly number[]): number[] {
  const sum = BigInt(weights.reduce((all, weight) => all + weight, 0))
  if (sum === 0n) return weights.map(() => 0)
  const shares = weights.map((weight) => {
    const exact = BigInt(total) * BigInt(weight)
    return { share: exact / sum, rest: exact % sum }
  })
  let over = BigInt(total) - shares.reduce((all, { share }) => all + share, 0n)
  while (over > 0n) {
    const next = shares.reduce((best, one) => (one.rest > best.rest ? one : best))
    next.share++
    next.rest = -1n
    over--
  }
  return shares.map(({ share }) => Number(share))
}

/** Whether a discount may be had at all, by its own conditions. */
export function isPossible(discount: Discount, { lines, shipping }: PricingInput): boolean {
  const own = lines.filter(
    ({ key }) => discount.line_keys === null || discount.line_keys.includes(key),
  )
  const base = own.reduce((sum, line) => sum + line.quantity * line.unit_amount, 0)
  if (own.length === 0 || base < discount.minimum_amount) return false
  return discount.kind !== 'free_shipping' || shipping !== null
}

/** All that may be had together, in the order of priority: sets of combinable ones, or one. */
export function permitted(input: PricingInput): Discount[][] {
  const possible = input.discounts
    .filter((discount) => isPossible(discount, input))
    .toSorted((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1))
  const combinable = possible.filter(({ exclusive }) => !exclusive)
  const subsets = Array.from({ length: 2 ** combinable.length }, (_, bits) =>
    combinable.filter((_, nth) => bits & (1 << nth)),
  )
  return [...subsets, ...possible.filter(({ exclusive }) => exclusive).map((one) => [one])]
}
