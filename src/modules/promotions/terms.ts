import type { Id } from '#kit/ids'
import { parseCurrency, parseMoney } from '#kit/money'
import { toInstant } from '#kit/schemas'
import { invalidField } from '#platform/operations'
import type { Kind } from './lifecycle.ts'
import { parsePercent } from './percent.ts'
import type { UpdatePromotion } from './schemas.ts'

/** What a promotion takes off and from which subtotal on, in one currency; minor units. */
export type CurrencyTerms = {
  currency: string
  fixed_amount: number | null
  minimum_amount: number | null
}

type AmountsInput = NonNullable<UpdatePromotion['amounts']>
type Said = Pick<UpdatePromotion, 'percent' | 'amounts' | 'minimum_subtotals'>

/**
 * The rate and the amounts by currency that a promotion of this kind has once `said` is put over
 * what is known. Refuses (400) what its kind does not have, and the lack of what it needs.
 */
export function priceTerms(
  kind: Kind,
  said: Said,
  known: { rate_ppm: number | null; amounts: readonly CurrencyTerms[] },
): { rate_ppm: number | null; amounts: CurrencyTerms[] } {
  if (kind !== 'percent' && said.percent !== undefined) {
    throw invalidField('percent', `is not for a promotion of the kind ${kind}`)
  }
  if (kind !== 'fixed' && said.amounts !== undefined && said.amounts.length > 0) {
    throw invalidField('amounts', `are not for a promotion of the kind ${kind}`)
  }
  const rate_ppm = said.percent === undefined ? known.rate_ppm : parsePercent(said.percent)
  if (kind === 'percent' && rate_ppm === null) throw invalidField('percent', 'is required')
  const fixed = byCurrency('amounts', said.amounts) ?? knownOf(known.amounts, 'fixed_amount')
  const minimums =
    byCurrency('minimum_subtotals', said.minimum_subtotals) ??
    knownOf(known.amounts, 'minimum_amount')
  if (kind === 'fixed') requireFixed(fixed, minimums)
  const amounts = [...new Set([...fixed.keys(), ...minimums.keys()])].map((currency) => ({
    currency,
    fixed_amount: fixed.get(currency) ?? null,
    minimum_amount: minimums.get(currency) ?? null,
  }))
  return { rate_ppm, amounts }
}

type Amounts = ReadonlyMap<string, number>

const knownOf = (
  known: readonly CurrencyTerms[],
  member: 'fixed_amount' | 'minimum_amount',
): Amounts =>
  new Map(known.flatMap((row) => (row[member] === null ? [] : [[row.currency, row[member]]])))

function byCurrency(field: string, said: AmountsInput | undefined): Amounts | undefined {
  if (!said) return undefined
  const amounts = new Map<string, number>()
  for (const [nth, { currency: text, amount }] of said.entries()) {
    const currency = parseCurrency(text)
    if (amounts.has(currency)) {
      throw invalidField(`${field}.${nth}.currency`, `names ${currency} twice`)
    }
    const minor = parseMoney(amount, currency, `${field}.${nth}.amount`)
    if (minor <= 0) throw invalidField(`${field}.${nth}.amount`, 'must be above zero')
    amounts.set(currency, minor)
  }
  return amounts
}

function requireFixed(fixed: Amounts, minimums: Amounts): void {
  if (fixed.size === 0) throw invalidField('amounts', 'must name an amount of some currency')
  for (const currency of minimums.keys()) {
    if (!fixed.has(currency)) {
      throw invalidField('minimum_subtotals', `names ${currency}, in which nothing is taken off`)
    }
  }
}

type Dates = { starts_at: string | null; ends_at: string | null }

/** The dates once `said` is put over what is known; refuses an end that is not after the start. */
export function dateTerms(
  said: Pick<UpdatePromotion, 'starts_at' | 'ends_at'>,
  known: Dates,
): Dates {
  const starts_at = instantOf('starts_at', said.starts_at, known.starts_at)
  const ends_at = instantOf('ends_at', said.ends_at, known.ends_at)
  if (starts_at !== null && ends_at !== null && ends_at <= starts_at) {
    throw invalidField('ends_at', 'must be after starts_at')
  }
  return { starts_at, ends_at }
}

const EARLIEST_MS = Date.parse('2000-01-01T00:00:00.000Z')
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z')

function instantOf(
  field: string,
  said: string | null | undefined,
  known: string | null,
): string | null {
  if (said === undefined) return known
  if (said === null) return null
  const ms = Date.parse(said)
  if (!(ms >= EARLIEST_MS && ms <= LATEST_MS)) {
    throw invalidField(field, 'must be an instant of this millennium or later')
  }
  return toInstant(said)
}

type Listed = Pick<UpdatePromotion, 'product_ids' | 'variant_ids' | 'category_ids' | 'customer_ids'>
const MEMBERS = {
  product: 'product_ids',
  variant: 'variant_ids',
  category: 'category_ids',
  customer: 'customer_ids',
} as const
export type TargetKind = keyof typeof MEMBERS
export type TargetRow = { kind: TargetKind; target_id: string }
type AnyId = Id<'product'> | Id<'variant'> | Id<'category'> | Id<'customer'>

/** Whom and what it is for once `said` is put over what is known: each list as a whole. */
export function targetTerms(said: Listed, known: readonly TargetRow[]): TargetRow[] {
  return (Object.keys(MEMBERS) as TargetKind[]).flatMap((kind) => {
    const ids: readonly AnyId[] | undefined = said[MEMBERS[kind]]
    if (!ids) return known.filter((row) => row.kind === kind)
    return ids.map((target_id) => ({ kind, target_id }))
  })
}

/** Whether a promotion with these targets is for all, or for those listed only. */
export const reachOf = (targets: readonly TargetRow[]) => {
  const ofCustomers = targets.some(({ kind }) => kind === 'customer')
  const ofItems = targets.some(({ kind }) => kind !== 'customer')
  return {
    for_items: ofItems ? ('listed' as const) : ('all' as const),
    for_customers: ofCustomers ? ('listed' as const) : ('all' as const),
  }
}
