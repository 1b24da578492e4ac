import { portion, shareOutByGroup } from './shares.ts'
import type {
  AppliedDiscount,
  Discount,
  DiscountShare,
  PricingInput,
  PricingLine,
  RefusedDiscount,
} from './types.ts'

/** The shipping among the lines, where discounts are shared out. No line has this key. */
export const SHIPPING = 'shipping'

/** What discounts leave: of each line and of the shipping, and who took what. */
export type Reduced = {
  /** Line key, or `SHIPPING`, to what each discount takes off it. */
  shares: ReadonlyMap<string, readonly DiscountShare[]>
  applied: readonly AppliedDiscount[]
  refused: readonly RefusedDiscount[]
}

type Base = Pick<PricingInput, 'lines' | 'shipping' | 'discounts'> & {
  /** What the taxes of a line or of the shipping are; equal texts for equal taxes. */
  taxesOf: (key: string) => string
}

/**
 * Which discounts apply, and what they take off. Those that combine are taken one after another,
 * each from what the former left; an exclusive one stands alone. The buyer gets whichever is
 * better: all that combine, or one exclusive. No line and no shipping ever falls below zero.
 */
export function reduced(input: Base): Reduced {
  const refused: RefusedDiscount[] = []
  const possible = candidates(input).filter((candidate) => {
    const refusal = refusalOf(candidate, input)
    if (refusal) refused.push(refusal)
    return !refusal
  })
  const best = choices(possible)
    .map((chosen) => ({ chosen, taken: takeOff(chosen, input) }))
    .reduce<Outcome | undefined>(
      (winner, next) => (winner && winner.taken.total >= next.taken.total ? winner : next),
      undefined,
    )
  if (!best) return { shares: new Map(), applied: [], refused }
  const applied: AppliedDiscount[] = []
  for (const candidate of possible) {
    const { discount } = candidate
    const amount = best.taken.amounts.get(discount.id)
    if (amount === undefined) refused.push(refuse(discount, 'not_combinable'))
    else if (amount === 0) refused.push(refuse(discount, 'nothing_left'))
    else applied.push(appliedOf(discount, amount))
  }
  return { shares: best.taken.shares, applied, refused }
}

/** A discount and the lines it is for. */
type Candidate = { discount: Discount; lines: readonly PricingLine[] }
type Outcome = { chosen: readonly Candidate[]; taken: Taken }

/** Each discount once, in the order in which they are taken: that in which they came is no part. */
function candidates({ discounts, lines }: Base): Candidate[] {
  const ordered = discounts.toSorted((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1))
  const once = ordered.filter(({ id }, nth) => ordered.findIndex((one) => one.id === id) === nth)
  return once.map((discount) => {
    const keys = discount.line_keys && new Set(discount.line_keys)
    return { discount, lines: keys ? lines.filter(({ key }) => keys.has(key)) : lines }
  })
}

/** What may be had together: all that combine, or one that stands alone. */
function choices(possible: readonly Candidate[]): Candidate[][] {
  const combinable = possible.filter(({ discount }) => !discount.exclusive)
  const alone = possible.filter(({ discount }) => discount.exclusive).map((one) => [one])
  return combinable.length > 0 ? [combinable, ...alone] : alone
}

const EXPLANATIONS: Record<RefusedDiscount['reason'], string> = {
  nothing_eligible: 'nothing in the cart is eligible',
  minimum_not_reached: 'the eligible items come to less than its minimum',
  not_combinable: 'a better discount cannot be combined with it',
  nothing_left: 'there is nothing left to take off',
}

const refuse = (
  { id, code }: Discount,
  reason: RefusedDiscount['reason'],
  explanation = EXPLANATIONS[reason],
): RefusedDiscount => ({ id, code, reason, explanation })

function refusalOf(
  { discount, lines }: Candidate,
  { shipping }: Base,
): RefusedDiscount | undefined {
  const base = lines.reduce((sum, line) => sum + line.quantity * line.unit_amount, 0)
  if (lines.length === 0) return refuse(discount, 'nothing_eligible')
  if (base < discount.minimum_amount) return refuse(discount, 'minimum_not_reached')
  if (discount.kind === 'free_shipping' && !shipping) {
    return refuse(discount, 'nothing_eligible', 'no shipping method is chosen yet')
  }
  return undefined
}

type Taken = {
  total: number
  /** What each discount takes; one that was not among the chosen is missing. */
  amounts: Map<string, number>
  shares: Map<string, DiscountShare[]>
}

function takeOff(chosen: readonly Candidate[], base: Base): Taken {
  const { lines, shipping } = base
  const left = new Map(lines.map((line) => [line.key, line.quantity * line.unit_amount]))
  if (shipping) left.set(SHIPPING, shipping.amount)
  const groups = groupsOf(chosen, base)
  const taken: Taken = { total: 0, amounts: new Map(), shares: new Map() }
  for (const { discount, lines: own } of chosen) {
    const keys = discount.kind === 'free_shipping' ? [SHIPPING] : own.map(({ key }) => key)
    const weights = keys.map((key) => ({
      key,
      weight: left.get(key) ?? 0,
      groups: groups.get(key) ?? [],
    }))
    const amount = amountOff(
      discount,
      weights.reduce((sum, { weight }) => sum + weight, 0),
    )
    for (const [key, share] of shareOutByGroup(amount, weights)) {
      if (share === 0) continue
      left.set(key, (left.get(key) ?? 0) - share)
      const shares = taken.shares.get(key) ?? []
      shares.push({ discount_id: discount.id, amount: share })
      taken.shares.set(key, shares)
    }
    taken.amounts.set(discount.id, amount)
    taken.total += amount
  }
  return taken
}

/**
 * Lines that the same discounts are for form a group, to which an amount is shared out first; those
 * among them with the same taxes form one within it. Without that, cutting one line in two, or
 * taxing it otherwise, could move a cent to a line that a later discount is for, or to one of
 * another tax, and so change the total.
 */
function groupsOf(chosen: readonly Candidate[], { lines, taxesOf }: Base): Map<string, string[]> {
  const reducedBy = new Map<string, string>()
  for (const { discount, lines: own } of chosen) {
    if (own.length === lines.length) continue
    for (const { key } of own) {
      reducedBy.set(key, `${reducedBy.get(key) ?? ''} ${discount.id}`)
    }
  }
  return new Map(lines.map(({ key }) => [key, [reducedBy.get(key) ?? '', taxesOf(key)]]))
}

function amountOff(discount: Discount, base: number): number {
  if (discount.kind === 'percent')
    return Math.min(base, portion(base, discount.rate_ppm, 1_000_000))
  return discount.kind === 'fixed' ? Math.min(base, discount.amount) : base
}

const appliedOf = (discount: Discount, amount: number): AppliedDiscount => {
  const { id, code, label } = discount
  return { id, code, label, amount, explanation: wordsFor(discount) }
}

function wordsFor(discount: Discount): string {
  const on = discount.line_keys === null ? 'all items' : 'eligible items'
  if (discount.kind === 'percent') return `${discount.rate_ppm / 10_000} % off ${on}`
  return discount.kind === 'fixed' ? `a fixed amount off ${on}` : 'free shipping'
}
