import type { Id } from '#kit/ids'
import type { Cells } from '#platform/imports/cells'
import { optionsKey } from '../options.ts'
import { skuKey } from '../sku.ts'
import type { Planning, ProductPlan } from './check.ts'
import type { ReadGroup } from './groups.ts'
import type { VariantRow } from './lookups.ts'
import { readMoney } from './read-row.ts'

/** What is to become of one variant. */
export type VariantPlan = {
  cells: Cells
  /** Undefined for a new one. */
  known: VariantRow | undefined
  sku: string
  said: ReadGroup['variants'][number]
  options_key: string | null
  price: { currency: string; amount: number; compare_at_amount: number | null } | undefined
  cost_amount: number | undefined
  tracked: boolean
  /** The stock item that is kept under its SKU already. */
  item_id: Id<'item'> | null
  stock: { location_id: Id<'location'>; on_hand: number } | undefined
}
type Given = { plan: ProductPlan; variant: ReadGroup['variants'][number]; nth: number }

export function planVariant(planning: Planning, { plan, variant }: Given): VariantPlan {
  const { cells, sku = '' } = variant
  const known = knownVariant(planning, plan, variant)
  const currency = variant.currency ?? (plan.known ? plan.currency : planning.file.currency)
  const money = readMoney(cells, currency)
  if (known === undefined && currency !== plan.currency) {
    cells.refuse('currency', 'PRICE_MISSING', `a new variant needs a price in ${plan.currency}`)
  }
  if (money.cost_amount !== undefined && currency !== plan.currency) {
    cells.refuse('cost', 'CURRENCY_IN_USE', `is told in ${plan.currency}, the product's currency`)
  }
  refuseGtin(planning, variant, known)
  const options = variant.options ?? known?.options ?? {}
  refuseOptions(plan, variant, options)
  const tracked = variant.tracked ?? known?.inventory_tracking ?? true
  if (tracked) refuseItem(planning, variant)
  return {
    cells,
    known,
    sku: known?.sku ?? sku,
    said: variant,
    options_key: optionsKey(options),
    price: priceOf(planning, { known, cells, currency, money }),
    cost_amount: money.cost_amount,
    tracked,
    item_id: (tracked && planning.lookups.items.get(skuKey(sku))?.id) || null,
    stock: stockOf(planning, variant, tracked),
  }
}

function knownVariant(
  { lookups, group }: Planning,
  plan: ProductPlan,
  { sku, cells }: Given['variant'],
): VariantRow | undefined {
  if (sku === undefined) return undefined
  const key = skuKey(sku)
  const known = lookups.variantsBySku.get(key)
  if (known && known.product_id !== plan.known?.id) {
    cells.refuse('sku', 'SKU_TAKEN', 'is the SKU of a variant of another product')
  } else if (known?.archived_at) cells.refuse('sku', 'ARCHIVED', 'is archived')
  const product = lookups.productsBySku.get(key)
  if (!known && product && product.id !== plan.known?.id) {
    cells.refuse('sku', 'SKU_TAKEN', 'is the SKU of another product')
  }
  const inFile = lookups.firstOfProduct.get(key)
  if (inFile && inFile.key !== group.group_key) {
    cells.refuse('sku', 'SKU_TAKEN', `is the SKU of the product in line ${inFile.line}`)
  }
  return known
}

function refuseGtin({ lookups }: Planning, variant: Given['variant'], known?: VariantRow): void {
  const { gtin, cells } = variant
  if (!gtin) return
  const other = lookups.gtins.get(gtin.gtin_key)
  if (other && other.id !== known?.id) {
    cells.refuse('gtin', 'GTIN_TAKEN', `is the GTIN of ${other.sku} already`)
  }
  const first = lookups.firstOfGtin.get(gtin.gtin_key)
  if (first && first.line < cells.line) {
    cells.refuse('gtin', 'REPEATED', `stands in line ${first.line} already`)
  }
}

/** Where a product says what its variants differ in, each has one choice of each. */
function refuseOptions(
  { known }: ProductPlan,
  { cells }: Given['variant'],
  chosen: Record<string, string>,
): void {
  if (!known || known.options.length === 0) return
  const isWhole =
    Object.keys(chosen).length === known.options.length &&
    known.options.every(({ name, choices }) => choices.includes(chosen[name] ?? ''))
  if (isWhole) return
  const names = known.options.map(({ name }) => name).join(', ')
  const problem = `needs one of the listed choices for each option: ${names}`
  cells.refuse(null, 'VARIANT_OPTIONS_WRONG', problem)
}

/** A SKU whose stock item cannot be taken. */
function refuseItem({ lookups }: Planning, { sku, cells }: Given['variant']): void {
  if (sku === undefined) return
  if (lookups.items.get(skuKey(sku))?.archived) {
    cells.refuse('sku', 'ARCHIVED', 'is the SKU of an archived stock item')
  }
  if (/^\d{1,15}$/.test(sku)) {
    cells.refuse('sku', 'VALIDATION_FAILED', 'must not be a mere number, which names a stock item')
  }
}

type Priced = {
  known: VariantRow | undefined
  cells: Cells
  currency: string
  money: ReturnType<typeof readMoney>
}

function priceOf({ lookups }: Planning, { known, cells, currency, money }: Priced) {
  const { amount, compare_at_amount } = money
  const was = known && lookups.prices.get(`${known.id} ${currency} 1`)
  if (amount === undefined && !was) {
    const isNeeded = !known || compare_at_amount !== undefined
    const isSaid = cells.text('price') !== undefined
    if (isNeeded && !isSaid) cells.refuse('price', 'PRICE_MISSING', `is required in ${currency}`)
    return undefined
  }
  const next = {
    currency,
    amount: amount ?? (was?.amount as number),
    compare_at_amount: compare_at_amount ?? was?.compare_at_amount ?? null,
  }
  const isSame = was?.amount === next.amount && was.compare_at_amount === next.compare_at_amount
  return isSame ? undefined : next
}

function stockOf({ lookups }: Planning, variant: Given['variant'], tracked: boolean) {
  const { quantity, location, cells, sku = '' } = variant
  const location_id = location === undefined ? undefined : lookups.locations.get(location)
  if (location !== undefined && !location_id) {
    cells.refuse('location', 'LOCATION_NOT_FOUND', 'is the code of no open location')
  }
  if (quantity === undefined) return undefined
  if (!tracked) cells.refuse('quantity', 'NOT_TRACKED', 'the stock of this variant is not tracked')
  if (location === undefined) cells.refuse('location', 'MISSING', 'is required with a quantity')
  if (!location_id) return undefined
  const item = lookups.items.get(skuKey(sku))
  const reserved = (item && lookups.levels.get(`${item.id} ${location_id}`)?.reserved) ?? 0
  if (quantity < reserved) {
    const problem = `is less than the ${reserved} units that are promised there`
    cells.refuse('quantity', 'STOCK_BELOW_RESERVED', problem)
  }
  return { location_id, on_hand: quantity }
}
