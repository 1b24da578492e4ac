import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { variantEvents } from './events.ts'
import type { Break, Offers } from './offers.ts'
import {
  deletePrices,
  keepOffers,
  pastIfAny,
  pastPrices,
  pricesBefore,
  upsertPrices,
} from './price-rows.ts'
import { type NewSale, replaceSales } from './sales.ts'

/** The prices of a variant in one currency, minor units. */
export type NewPrice = {
  currency: string
  amount: number
  compare_at_amount: number | null
  /** All breaks there are to be; undefined leaves them as they are. */
  breaks?: readonly Break[] | undefined
  /** All sales that are not over; undefined leaves them as they are. */
  sales?: readonly NewSale[] | undefined
}
export type OfVariant = {
  id: Id<'variant'>
  product_id: Id<'product'>
  sku: string
  offers?: Offers | null
}
/** The prices that a variant is to have in these currencies; `whole`: and in no others. */
export type PriceSet = { variant: OfVariant; prices: readonly NewPrice[]; whole?: boolean }

type PriceRow = Awaited<ReturnType<typeof pricesBefore>>[number]
type Change = { currency: string; from: number | null; to: number | null }

/**
 * Writes prices of any number of variants, each named once, with what they were before: for the
 * lowest price of the last 30 days. Emits `variant.price_changed` for each regular price that is
 * another one now, `variant.offers_changed` for breaks and sales, unless it is to be done
 * `silently`, by whoever tells it as one. The same few statements for one variant or a thousand;
 * whoever calls it settles the products.
 */
export async function writePrices(
  ctx: Context,
  sets: readonly PriceSet[],
  how?: 'silently',
): Promise<void> {
  if (sets.length === 0) return
  const ids = sets.map(({ variant }) => variant.id)
  const before = Map.groupBy(await pricesBefore(ctx, { ids }), (row) => row.variant_id)
  const plan = new Plan(ctx.now)
  for (const set of sets) planSet(plan, set, before.get(set.variant.id) ?? [])

  if (plan.past.length > 0) await pastPrices.run(ctx, { rows: plan.past })
  if (plan.began.length > 0) await pastIfAny.run(ctx, { rows: plan.began })
  if (plan.gone.length > 0) await deletePrices.run(ctx, { rows: plan.gone })
  if (plan.rows.length > 0) await upsertPrices.run(ctx, { rows: plan.rows })
  for (const touched of await replaceSales(ctx, plan.sales)) plan.touch(touched)
  const { touched } = plan
  if (touched.size > 0) await keepOffers(ctx, [...new Set([...touched].map(variantIn))])
  if (how !== 'silently') for (const { variant } of sets) tell(ctx, variant, plan)
}

const variantIn = (key: string) => key.split(' ')[0] as Id<'variant'>

/** What is to be written. */
class Plan {
  readonly now: string
  readonly rows: PriceRow[] = []
  readonly gone: Pick<PriceRow, 'variant_id' | 'currency' | 'min_quantity'>[] = []
  readonly past: (Pick<PriceRow, 'variant_id' | 'currency' | 'amount'> & { until_at: string })[] =
    []
  readonly began: { variant_id: Id<'variant'>; currency: string; until_at: string }[] = []
  readonly sales: { variant_id: Id<'variant'>; currency: string; sales: readonly NewSale[] }[] = []
  /** Variants and currencies whose breaks or sales change. */
  readonly touched = new Set<string>()
  readonly changes = new Map<Id<'variant'>, Change[]>()

  constructor(now: string) {
    this.now = now
  }

  touch({ variant_id, currency }: { variant_id: Id<'variant'>; currency: string }): void {
    this.touched.add(`${variant_id} ${currency}`)
  }
}

function planSet(plan: Plan, { variant, prices, whole }: PriceSet, before: readonly PriceRow[]) {
  const changes: Change[] = []
  for (const price of prices) {
    const known = before.filter(({ currency }) => currency === price.currency)
    const from = planRegular(plan, variant, price, known)
    if (from === null && before.length > 0) {
      plan.began.push({ variant_id: variant.id, currency: price.currency, until_at: plan.now })
    }
    planBreaks(plan, variant, price, known)
    planSales(plan, variant, price)
    changes.push({ currency: price.currency, from, to: price.amount })
  }
  if (whole) changes.push(...planDrops(plan, variant, prices, before))
  plan.changes.set(variant.id, changes)
}

/** Answers the regular price as it was. */
function planRegular(
  plan: Plan,
  variant: OfVariant,
  { currency, amount, compare_at_amount }: NewPrice,
  known: readonly PriceRow[],
): number | null {
  const old = known.find(({ min_quantity }) => min_quantity === 1)
  if (old?.amount !== amount || old.compare_at_amount !== compare_at_amount) {
    const key = { variant_id: variant.id, currency, min_quantity: 1 }
    plan.rows.push({ ...key, amount, compare_at_amount })
  }
  if (old && old.amount !== amount) remember(plan, old)
  return old?.amount ?? null
}

const remember = (plan: Plan, { variant_id, currency, amount }: PriceRow) =>
  plan.past.push({ variant_id, currency, amount, until_at: plan.now })

function planBreaks(
  plan: Plan,
  variant: OfVariant,
  { currency, breaks }: NewPrice,
  known: readonly PriceRow[],
): void {
  if (breaks === undefined) return
  const at = { variant_id: variant.id, currency }
  const old = new Map(known.map((row) => [row.min_quantity, row]))
  old.delete(1)
  for (const { min_quantity, amount } of breaks) {
    if (old.get(min_quantity)?.amount !== amount) {
      plan.rows.push({ ...at, min_quantity, amount, compare_at_amount: null })
      plan.touch(at)
    }
    old.delete(min_quantity)
  }
  for (const { min_quantity } of old.values()) {
    plan.gone.push({ ...at, min_quantity })
    plan.touch(at)
  }
}

function planSales(plan: Plan, { id, offers }: OfVariant, { currency, sales }: NewPrice): void {
  const hasSome = (offers?.[currency]?.sales.length ?? 0) > 0
  if (sales && (sales.length > 0 || hasSome)) plan.sales.push({ variant_id: id, currency, sales })
}

/** Takes every price in other currencies away, with its breaks and sales. */
function planDrops(
  plan: Plan,
  variant: OfVariant,
  prices: readonly NewPrice[],
  before: readonly PriceRow[],
): Change[] {
  const kept = new Set(prices.map(({ currency }) => currency))
  const dropped = before.filter(({ currency }) => !kept.has(currency))
  for (const { variant_id, currency, min_quantity } of dropped) {
    plan.gone.push({ variant_id, currency, min_quantity })
    if (min_quantity > 1) plan.touch({ variant_id, currency })
  }
  const regular = dropped.filter(({ min_quantity }) => min_quantity === 1)
  for (const row of regular) {
    remember(plan, row)
    const { currency } = row
    planSales(plan, variant, { ...row, sales: [] })
    if (variant.offers?.[currency]) plan.touch({ variant_id: variant.id, currency })
  }
  return regular.map(({ currency, amount }) => ({ currency, from: amount, to: null }))
}

function tell(ctx: Context, { id, product_id, sku }: OfVariant, plan: Plan): void {
  for (const { currency, from, to } of plan.changes.get(id) ?? []) {
    const of = { variant_id: id, product_id, sku, currency }
    const amounts = { old_amount: from, new_amount: to }
    if (from !== to) emit(ctx, variantEvents.price_changed({ ...of, ...amounts }))
    if (plan.touched.has(`${id} ${currency}`)) emit(ctx, variantEvents.offers_changed(of))
  }
}
