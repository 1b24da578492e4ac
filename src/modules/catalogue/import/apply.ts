import type { Id } from '#kit/ids'
import { countStock, keepItems } from '#modules/inventory'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { productEvents } from '../events.ts'
import type { ProductStatus } from '../lifecycle.ts'
import { writePrices } from '../prices.ts'
import { COUNTS } from '../product-pages.ts'
import { indexProducts } from '../search-index.ts'
import { skuKey } from '../sku.ts'
import type { ProductPlan } from './check.ts'
import type { VariantPlan } from './check-variant.ts'
import { writeCategories, writeTags } from './write-members.ts'
import { insertProducts, productChanges, settleProducts, updateProducts } from './write-products.ts'
import { insertVariants, updateVariants, variantChanges } from './write-variants.ts'

/** A product with the ids that it and its variants have, or get. */
export type Placed = {
  plan: ProductPlan
  id: Id<'product'>
  name: string
  variants: { plan: VariantPlan; id: Id<'variant'>; item_id: Id<'item'> | null }[]
}
export type Applied = { created: number; updated: number }

/**
 * Writes what checked rows say, product by product and yet set by set: as many statements for one
 * product as for hundreds. What stays as it is is not written, so importing a file again changes
 * nothing. What is new is told by one event of its product: none for each variant, price, item or
 * shelf. Prices and stock that were there and change are told as always.
 */
export async function applyPlans(
  ctx: Context,
  import_id: Id<'import'>,
  plans: readonly ProductPlan[],
): Promise<Applied> {
  if (plans.length === 0) return { created: 0, updated: 0 }
  const placed = await place(ctx, plans)
  const fresh = placed.filter(({ plan }) => !plan.known)
  const old = placed.filter(({ plan }) => plan.known)

  await insertProducts(ctx, fresh)
  await insertVariants(ctx, placed)
  await updateVariants(ctx, old)
  await writeTags(ctx, placed)
  await writeCategories(ctx, placed)
  await writePrices(ctx, pricesOf(placed, 'new'), 'silently')
  await writePrices(ctx, pricesOf(placed, 'known'))
  const touched = old.filter(isTouched)
  await updateProducts(ctx, touched)
  await settleProducts(ctx, touched)
  await indexProducts(
    ctx,
    [...fresh, ...touched].map(({ id }) => id),
  )
  const shelves = await countShelves(ctx, import_id, placed)
  await tell(ctx, { fresh, touched })
  const updated = new Set([...touched, ...old.filter((one) => shelves.has(one))])
  return { created: fresh.length, updated: updated.size }
}

/** Gives new things their ids and keeps the stock items that they need. */
async function place(ctx: Context, plans: readonly ProductPlan[]): Promise<Placed[]> {
  const wanted = plans.flatMap((plan) => plan.variants.filter(needsItem).map((v) => ({ plan, v })))
  const kept = await keepItems(
    ctx,
    wanted.map(({ plan, v }) => ({
      sku: v.sku,
      description: itemName(plan, v),
      reorder_point: plan.said.reorder_point ?? plan.known?.reorder_point ?? null,
    })),
  )
  return plans.map((plan) => ({
    plan,
    id: plan.known?.id ?? ctx.newId('product'),
    name: nameOf(plan),
    variants: plan.variants.map((variant) => ({
      plan: variant,
      id: variant.known?.id ?? ctx.newId('variant'),
      item_id: variant.known?.item_id ?? variant.item_id ?? kept.get(skuKey(variant.sku)) ?? null,
    })),
  }))
}

const needsItem = ({ tracked, known, item_id }: VariantPlan): boolean =>
  tracked && !known?.item_id && item_id === null

const nameOf = ({ said, known, sku }: ProductPlan): string => said.name ?? known?.name ?? sku

function itemName(plan: ProductPlan, { said, known }: VariantPlan): string {
  const name = nameOf(plan)
  const own = said.name ?? known?.name ?? name
  return own === name ? name : `${name}, ${own}`
}

const pricesOf = (placed: readonly Placed[], which: 'new' | 'known') =>
  placed.flatMap(({ id: product_id, variants }) =>
    variants.flatMap(({ id, plan }) => {
      const { price, known, sku } = plan
      if (!price || (known ? 'known' : 'new') !== which) return []
      return { variant: { id, product_id, sku, offers: known?.offers ?? null }, prices: [price] }
    }),
  )

/** Whether anything of a known product is to become another thing, its stock aside. */
function isTouched({ plan, variants, name }: Placed): boolean {
  if (plan.categories !== undefined && plan.categoriesChange) return true
  if (Object.keys(productChanges(plan)).length > 0) return true
  return variants.some(
    ({ plan: v, item_id }) => !v.known || v.price || variantChanges(v, { item_id, name }),
  )
}

/** Counts what rows tell of shelves; answers whose stock changed. */
async function countShelves(
  ctx: Context,
  import_id: Id<'import'>,
  placed: readonly Placed[],
): Promise<Set<Placed>> {
  const counted = new Set<Placed>()
  const counts = placed.flatMap((one) =>
    one.variants.flatMap(({ plan: { stock, sku }, item_id }) => {
      if (!stock || item_id === null) return []
      counted.add(one)
      return { item_id, sku, ...stock }
    }),
  )
  const why = { reason: 'import', reference_type: 'import', reference_id: import_id }
  const changed = counts.length > 0 ? await countStock(ctx, counts, why) : 0
  return changed > 0 ? counted : new Set()
}

type Told = { fresh: readonly Placed[]; touched: readonly Placed[] }

async function tell(ctx: Context, { fresh, touched }: Told): Promise<void> {
  for (const { id, plan } of fresh) {
    const status = plan.said.status ?? 'active'
    emit(ctx, productEvents.created({ product_id: id, sku: plan.sku, status }))
  }
  let moved = 0
  for (const { id, plan } of touched) {
    const of = { product_id: id, sku: plan.sku }
    emit(ctx, productEvents.updated(of))
    const old_status = plan.known?.status as ProductStatus
    const new_status = plan.said.status ?? old_status
    if (old_status === new_status) continue
    moved++
    emit(ctx, productEvents.status_changed({ ...of, old_status, new_status }))
  }
  if (fresh.length + moved > 0) await ctx.announce(COUNTS)
}
