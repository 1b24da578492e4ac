import { allocate } from '#kit/money'

/** `amount × numerator / denominator`, rounded half away from zero; exact for any safe integers. */
export function portion(amount: number, numerator: number, denominator: number): number {
  if (amount < 0) return 0 - portion(-amount, numerator, denominator)
  const twice = 2 * amount * numerator + denominator
  if (twice <= EXACT_MAX) return Math.floor(twice / (2 * denominator))
  const whole = 2n * BigInt(amount) * BigInt(numerator) + BigInt(denominator)
  return Number(whole / (2n * BigInt(denominator)))
}

/**
 * Up to here a quotient that is not whole differs from the next whole number by more than a float
 * rounds away, so that its floor is right.
 */
const EXACT_MAX = 2 ** 51

/** Who gets a share, and how large it should be. */
export type Weight = { key: string; weight: number }

/**
 * Splits `total` over keyed weights by largest remainder, ties by key: whoever stands where gets
 * the same. Where all weights are zero, and so the total, nobody gets anything.
 */
export function shareOut(total: number, weights: readonly Weight[]): Map<string, number> {
  if (total === 0) return new Map(weights.map(({ key }) => [key, 0]))
  // Rounded by line, every line is shared out by itself.
  const [first] = weights
  if (first && weights.length === 1) return new Map([[first.key, total]])
  const ordered = weights.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const parts = allocate(
    total,
    ordered.map(({ weight }) => weight),
  )
  return new Map(ordered.map(({ key }, nth) => [key, parts[nth] as number]))
}

/**
 * The same over groups first, then over the groups within each, at last over their members:
 * however one group is split, every other one gets what it got before. All have as many groups.
 */
export function shareOutByGroup(
  total: number,
  weights: readonly (Weight & { groups: readonly string[] })[],
  depth = 0,
): Map<string, number> {
  const isLast = depth === weights[0]?.groups.length
  if (weights.length < 2 || isLast) return shareOut(total, weights)
  const groups = Map.groupBy(weights, (one) => one.groups[depth] as string)
  const sums = [...groups].map(([key, members]) => ({ key, weight: sumOf(members) }))
  const shares = shareOut(total, sums)
  return new Map(
    [...groups].flatMap(([key, members]) => [
      ...shareOutByGroup(shares.get(key) ?? 0, members, depth + 1),
    ]),
  )
}

const sumOf = (weights: readonly Weight[]): number =>
  weights.reduce((sum, { weight }) => sum + weight, 0)

/**
 * What the first `count` of `quantity` units cost when all cost `total`. A refund of units takes
 * the difference between two of these: unit by unit or at once it comes to the same, and the last
 * unit takes the remainder.
 */
export const amountOfUnits = (total: number, count: number, quantity: number): number =>
  Number((BigInt(total) * BigInt(count)) / BigInt(quantity))
