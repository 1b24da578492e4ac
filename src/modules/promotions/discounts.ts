import type { Id } from '#kit/ids'
import { categoriesOf } from '#modules/catalogue'
import type { Discount } from '#modules/pricing'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { CODES_MAX, codeKey } from './codes.ts'
import { promotionErrors } from './errors.ts'
import type { Target } from './lifecycle.ts'
import type { RefusalReason } from './schemas.ts'
import { EXPLANATIONS, refusalOf, type Standing, standings } from './standing.ts'
import { db } from './tables.ts'

/** A line that a discount may be for. */
export type DiscountableLine = {
  key: string
  product_id: string
  variant_id: string
  /** The product's categories with all their ancestors; asked for where they are not told. */
  category_ids?: readonly string[]
}
export type DiscountsWanted = {
  /** As buyers typed them. */
  codes: readonly string[]
  currency: string
  /** Null while the buyer is not known: limits of a customer are then looked at when redeeming. */
  customer_id: Id<'customer'> | null
  lines: readonly DiscountableLine[]
}
/** A code that gives nothing, and why, in a word for programs and in words for the buyer. */
export type RefusedCode = { code: string; reason: RefusalReason; explanation: string }
export type Discounts = { discounts: Discount[]; refused: RefusedCode[] }

/**
 * Which discounts could apply to which lines: of the codes entered, and those that apply by
 * themselves. Two statements for any number of codes and lines, and one more where categories are
 * not told. Minimums and stacking are left to `priced`; nothing is redeemed. A promotion counts
 * once, however many of its codes are entered. Throws `too_many_codes`.
 */
export async function discountsFor(ctx: Context, wanted: DiscountsWanted): Promise<Discounts> {
  const entered = distinct(wanted.codes)
  if (entered.length > CODES_MAX) throw promotionErrors.too_many_codes({ most: CODES_MAX })
  const found = await standings(ctx, { ...wanted, codes: entered })
  const { chosen, refused } = choose(ctx, entered, found)
  const lineKeys = await eligibleLines(ctx, chosen, wanted.lines)
  const discounts: Discount[] = []
  for (const standing of chosen) {
    const line_keys = lineKeys(standing)
    if (line_keys?.length !== 0) discounts.push(discountOf(standing, line_keys))
    else if (standing.code !== null) refused.push(refuse(standing.code, 'nothing_eligible'))
  }
  return { discounts, refused }
}

/** Each code once, as it was first typed. */
function distinct(codes: readonly string[]): string[] {
  const seen = new Map<string, string>()
  for (const code of codes) {
    const key = codeKey(code)
    if (key !== '' && !seen.has(key)) seen.set(key, code.trim())
  }
  return [...seen.values()]
}

export const refuse = (code: string, reason: RefusalReason): RefusedCode => ({
  code,
  reason,
  explanation: EXPLANATIONS[reason],
})

/** The promotions that can be had, each by the first of its codes that is good. */
function choose(
  ctx: Context,
  entered: readonly string[],
  found: readonly Standing[],
): { chosen: Standing[]; refused: RefusedCode[] } {
  const chosen = found.filter(({ automatic }) => automatic).filter((s) => !refusalOf(s, ctx.now))
  const refused: RefusedCode[] = []
  const byKey = new Map(found.map((standing) => [standing.code_key, standing]))
  for (const code of entered) {
    const standing = byKey.get(codeKey(code))
    const reason = standing ? refusalOf(standing, ctx.now) : 'unknown'
    if (!standing || reason) refused.push(refuse(code, reason ?? 'unknown'))
    else if (chosen.some(({ id }) => id === standing.id)) {
      refused.push(refuse(code, 'already_applied'))
    } else chosen.push(standing)
  }
  return { chosen, refused }
}

type TargetsAsked = { promotions: readonly string[]; targets: readonly string[] }
const targetsAmong = prepared(db, (open, p: TargetsAsked, engine) =>
  open
    .selectFrom('promotion_targets')
    .select(['promotion_id', 'kind', 'target_id'])
    .where(isOneOf(engine, 'promotion_id', { values: p.promotions, kind: 'uuid' }))
    .where(isOneOf(engine, 'target_id', { values: p.targets, kind: 'uuid' }))
    .where('kind', '<>', 'customer'),
)

/** For each promotion the keys of its lines; null where it is for all. */
async function eligibleLines(
  ctx: Context,
  chosen: readonly Standing[],
  wanted: readonly DiscountableLine[],
): Promise<(standing: Standing) => readonly string[] | null> {
  const promotions = chosen.filter(({ for_items }) => for_items === 'listed').map(({ id }) => id)
  if (promotions.length === 0) return () => null
  const lines = await withCategories(ctx, wanted)
  const targets = [...new Set(lines.flatMap(aimsAt).map(({ target_id }) => target_id))]
  const rows = await targetsAmong(ctx, { promotions, targets })
  const listed = Map.groupBy(rows, ({ promotion_id }) => promotion_id)
  return ({ id, for_items }) => {
    if (for_items === 'all') return null
    const own = new Set(listed.get(id)?.map(keyOf))
    return lines
      .filter((line) => aimsAt(line).some((aim) => own.has(keyOf(aim))))
      .map(({ key }) => key)
  }
}

/** The lines with the categories of their products, asked for where they are not told. */
async function withCategories(
  ctx: Context,
  lines: readonly DiscountableLine[],
): Promise<readonly DiscountableLine[]> {
  const untold = lines.filter(({ category_ids }) => !category_ids)
  if (untold.length === 0) return lines
  const products = [...new Set(untold.map(({ product_id }) => product_id))]
  const known = await categoriesOf(ctx, products as Id<'product'>[])
  return lines.map((line) => ({
    ...line,
    category_ids: line.category_ids ?? known.get(line.product_id as Id<'product'>) ?? [],
  }))
}

type Aim = { kind: Target; target_id: string }
const keyOf = ({ kind, target_id }: Aim): string => `${kind} ${target_id}`

/** All that a promotion may list to mean this line. */
const aimsAt = ({ product_id, variant_id, category_ids = [] }: DiscountableLine): Aim[] => [
  { kind: 'product', target_id: product_id },
  { kind: 'variant', target_id: variant_id },
  ...category_ids.map((target_id) => ({ kind: 'category' as const, target_id })),
]

function discountOf(standing: Standing, line_keys: readonly string[] | null): Discount {
  const { id, code, label, priority, exclusive, kind } = standing
  const minimum_amount = standing.minimum_amount ?? 0
  const discount = { id, code, label, priority, exclusive, minimum_amount, line_keys }
  if (kind === 'percent') return { ...discount, kind, rate_ppm: standing.rate_ppm as number }
  if (kind === 'fixed') return { ...discount, kind, amount: standing.fixed_amount as number }
  return { ...discount, kind }
}
