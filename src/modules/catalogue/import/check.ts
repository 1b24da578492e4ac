import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import type { Problem } from '#platform/imports/cells'
import type { ImportedFile, StagedRow } from '#platform/imports/kind'
import { skuKey } from '../sku.ts'
import { planVariant, type VariantPlan } from './check-variant.ts'
import { type ReadGroup, readGroups } from './groups.ts'
import { type Lookups, lookUp, type ProductRow } from './lookups.ts'

/** What is to become of one product. */
export type ProductPlan = {
  /** Undefined for a new one. */
  known: ProductRow | undefined
  sku: string
  currency: string
  said: ReadGroup['product']
  categories: Id<'category'>[] | undefined
  /** Whether it stands in others now. */
  categoriesChange: boolean
  /** The position of its last live variant; -1 without any. */
  lastPosition: number
  variants: VariantPlan[]
  /** Its places in the file: several where rows name variants only. */
  group_nos: number[]
}
export type Checked = {
  plans: ProductPlan[]
  problems: Problem[]
  /** The products of the file that have a problem. */
  invalid: Set<number>
}

/**
 * Compares the rows of a batch (whole products) with the catalogue and with the rest of the file:
 * what each product is to become, and everything that is wrong, by row and column. The same for a
 * dry run and before writing.
 */
export async function checkRows(
  ctx: Context,
  file: ImportedFile,
  rows: readonly StagedRow[],
): Promise<Checked> {
  const problems: Problem[] = []
  const groups = readGroups(file.columns, rows, problems)
  const lookups = await lookUp(ctx, file.id, groups)
  const plans = merged(groups.map((group) => planProduct({ file, group, lookups })))
  for (const plan of plans) requireDistinct(lookups, plan)
  const noOf = new Map(rows.map(({ line, group_no }) => [line, group_no]))
  const wrong = new Set(problems.map(({ line }) => noOf.get(line) as number))
  const [bad, good] = [true, false].map((isBad) =>
    plans.filter(({ group_nos }) => group_nos.some((no) => wrong.has(no)) === isBad),
  ) as [ProductPlan[], ProductPlan[]]
  return { plans: good, problems, invalid: new Set(bad.flatMap((plan) => plan.group_nos)) }
}

export type Planning = { file: ImportedFile; group: ReadGroup; lookups: Lookups }

function planProduct(planning: Planning): ProductPlan {
  const { file, group, lookups } = planning
  const { product, first } = group
  const known = knownProduct(planning)
  refuseTwins(planning)
  if (known?.status === 'archived') first.refuse('product_sku', 'ARCHIVED', 'is archived')
  if (!known && product.name === undefined && first.text('name') === undefined) {
    first.refuse('name', 'MISSING', 'is required: there is no such product yet')
  }
  const currency = known?.currency ?? group.variants[0]?.currency ?? file.currency
  const categories = product.categories && categoriesOf(planning, product.categories)
  const live = (known && lookups.live.get(known.id)) ?? []
  const plan: ProductPlan = {
    known,
    sku: known?.sku ?? product.sku ?? group.variants[0]?.sku ?? '',
    currency,
    said: product,
    categories,
    categoriesChange: isOtherThan(categories, known && (lookups.placed.get(known.id) ?? [])),
    lastPosition: live.at(-1)?.position ?? -1,
    variants: [],
    group_nos: [group.group_no],
  }
  plan.variants = group.variants.map((variant, nth) =>
    planVariant(planning, { plan, variant, nth }),
  )
  return plan
}

/** The product that is named; where none is, that of the variant. */
function knownProduct({ group, lookups }: Planning): ProductRow | undefined {
  const { group_key, first } = group
  const named = lookups.productsBySku.get(group_key)
  const variant = lookups.variantsBySku.get(group_key)
  if (variant && variant.product_id !== named?.id) {
    if (first.text('product_sku') === undefined) return lookups.productsById.get(variant.product_id)
    first.refuse('product_sku', 'SKU_TAKEN', `is the SKU of a variant of another product`)
  }
  return named
}

/** Refuses what the file says twice, or of two products. */
function refuseTwins({ group, lookups }: Planning): void {
  const { group_no, group_key, first, variants } = group
  const before = lookups.firstOfProduct.get(group_key)
  // Of a row without a product, its own SKU below says the same.
  const twin = lookups.firstOfVariant.get(group_key)
  const isTold = first.text('product_sku') === undefined && (twin?.line ?? first.line) < first.line
  if (group_key !== '' && before && before.group_no < group_no && !isTold) {
    const problem = `rows of one product must stand together; it begins in line ${before.line}`
    first.refuse(first.text('product_sku') ? 'product_sku' : 'sku', 'REPEATED', problem)
  }
  const asVariant = lookups.firstOfVariant.get(group_key)
  if (asVariant && asVariant.group_key !== group_key) {
    const problem = `is the SKU of a variant of another product in line ${asVariant.line}`
    first.refuse('product_sku', 'SKU_TAKEN', problem)
  }
  for (const { cells, sku } of variants) {
    if (sku === undefined) continue
    const other = lookups.firstOfVariant.get(skuKey(sku))
    if (other && other.line < cells.line) {
      cells.refuse('sku', 'REPEATED', `stands in line ${other.line} already`)
    }
  }
}

function isOtherThan(now: readonly string[] | undefined, before: readonly string[] = []): boolean {
  if (now === undefined) return false
  return JSON.stringify(now.toSorted()) !== JSON.stringify(before.toSorted())
}

function categoriesOf({ group, lookups }: Planning, paths: readonly string[]): Id<'category'>[] {
  return paths.flatMap((path) => {
    const id = lookups.categories.get(path)
    if (id) return [id]
    const why = id === null ? 'is the path of two categories' : 'is no category'
    group.first.refuse('categories', 'CATEGORY_NOT_FOUND', `"${path}" ${why}`)
    return []
  })
}

/** No two variants of a product may have the same options, those it has already included. */
function requireDistinct(lookups: Lookups, plan: ProductPlan): void {
  const keys = new Map<string, string>()
  const changed = new Set(plan.variants.flatMap(({ known }) => known?.id ?? []))
  for (const { id, sku, options_key } of (plan.known && lookups.live.get(plan.known.id)) ?? []) {
    if (options_key !== null && !changed.has(id)) keys.set(options_key, sku)
  }
  for (const { options_key, sku, cells } of plan.variants) {
    if (options_key === null) continue
    const other = keys.get(options_key)
    if (other) cells.refuse(null, 'VARIANT_OPTIONS_TAKEN', `has the same options as ${other}`)
    keys.set(options_key, sku)
  }
}

/** Rows that name variants only may be of one product: it is written once. */
function merged(plans: readonly ProductPlan[]): ProductPlan[] {
  const known = new Map<Id<'product'>, ProductPlan>()
  const all: ProductPlan[] = []
  for (const plan of plans) {
    const twin = plan.known && known.get(plan.known.id)
    if (!twin) {
      all.push(plan)
      if (plan.known) known.set(plan.known.id, plan)
      continue
    }
    const said = Object.entries(plan.said).filter(([, value]) => value !== undefined)
    twin.said = { ...twin.said, ...Object.fromEntries(said) }
    twin.categories = plan.categories ?? twin.categories
    twin.categoriesChange ||= plan.categoriesChange
    twin.variants.push(...plan.variants)
    twin.group_nos.push(...plan.group_nos)
  }
  return all
}
