import { parseCurrency } from '#kit/money'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { productAfter } from '../answers.ts'
import { catalogueErrors } from '../errors.ts'
import { productEvents } from '../events.ts'
import { optionalPriceOf, priceOf, properSku } from '../facts.ts'
import { findProduct, findVariant, type ProductRow, type VariantRow } from '../find.ts'
import type { UpdateProduct } from '../inputs.ts'
import { type ProductStatus, productLifecycle } from '../lifecycle.ts'
import { liveVariants } from '../new-variant.ts'
import { requireChoices } from '../options.ts'
import { pricesOf, putPrices } from '../prices.ts'
import { readFacts, writeTags } from '../product-facts.ts'
import { COUNTS } from '../product-pages.ts'
import { writeRelated } from '../related.ts'
import { renameVariant } from '../rename-variant.ts'
import type { Product } from '../schemas.ts'
import { indexProduct } from '../search-index.ts'
import { settleProduct } from '../settle.ts'
import { skuKey } from '../sku.ts'
import { requireFreeSkus } from '../skus.ts'
import { takeSlug } from '../slugs.ts'
import { db } from '../tables.ts'

/**
 * Changes the named facts of a product. `price`, `cost_price` and, where the two were the same, a
 * new name or SKU go through to its default variant. Throws `sku_taken`, `price_missing`,
 * `currency_in_use`, or the refusal of a move.
 */
export async function updateProduct(ctx: Context, input: UpdateProduct): Promise<Product> {
  const product = await findProduct(ctx, input.id)
  requireVersion(ctx, product.version)
  const { id } = product
  const currency = input.currency === undefined ? product.currency : parseCurrency(input.currency)
  const facts = readFacts(input, currency)
  const status = statusAfter(product.status, input)
  const renamed = input.sku === undefined ? undefined : properSku(input.sku)

  const first = await findVariant(ctx, product.default_variant_id)
  if (currency !== product.currency) await requireRestated(ctx, product, input)
  if (renamed) await rename(ctx, product, first, renamed)
  const isNamesake = first.name === product.name
  await changeFirst(ctx, first, { ...input, currency, name: isNamesake ? input.name : undefined })
  if (facts.tags) await writeTags(ctx, id, facts.tags)
  if (input.slug !== undefined) await takeSlug(ctx, id, input.slug)
  if (facts.options) requireChoices(facts.options, await liveVariants(ctx, id))
  await writeRelated(ctx, id, input)
  await settleProduct(ctx, product, {
    ...facts,
    currency,
    status,
    archived_at: status === 'archived' ? (product.archived_at ?? ctx.now) : null,
    ...(input.slug !== undefined && { slug: input.slug }),
    ...(renamed && { sku: renamed, sku_key: skuKey(renamed) }),
  })
  await indexProduct(ctx, id)
  if (status !== product.status) await ctx.announce(COUNTS)
  tell(ctx, { ...product, sku: renamed ?? product.sku }, status)
  return productAfter(ctx, id)
}

function statusAfter(status: ProductStatus, input: UpdateProduct): ProductStatus {
  if (input.status !== undefined && input.status !== status) {
    return productLifecycle.next(status, productLifecycle.moveTo(status, input.status))
  }
  if (input.status !== undefined || input.is_active === undefined) return status
  if (input.is_active)
    return status === 'active' ? status : productLifecycle.next(status, 'activate')
  return status === 'active' ? productLifecycle.next(status, 'deactivate') : status
}

/** What is kept in the old currency must be said anew, or it would silently become another sum. */
async function requireRestated(
  ctx: Context,
  { id, sku, currency, msrp_amount, default_variant_id }: ProductRow,
  input: UpdateProduct,
): Promise<void> {
  if (msrp_amount !== null && input.msrp === undefined) {
    throw catalogueErrors.currency_in_use({ sku, what: 'msrp', currency })
  }
  const costly = await db(ctx)
    .selectFrom('product_variants')
    .select('sku')
    .where('product_id', '=', id)
    .where('archived_at', 'is', null)
    .where('cost_amount', 'is not', null)
    .$if(input.cost_price !== undefined, (rest) => rest.where('id', '!=', default_variant_id))
    .executeTakeFirst()
  if (costly) throw catalogueErrors.currency_in_use({ sku: costly.sku, what: 'cost', currency })
}

async function rename(
  ctx: Context,
  product: ProductRow,
  first: VariantRow,
  sku: string,
): Promise<void> {
  const isShared = first.sku_key === product.sku_key
  if (skuKey(sku) !== product.sku_key) {
    const variants = isShared ? [sku] : []
    await requireFreeSkus(ctx, { product_id: product.id, product: sku, variants })
  }
  if (isShared) await renameVariant(ctx, first, sku)
}

type ChangesOfFirst = Pick<UpdateProduct, 'price' | 'cost_price'> & {
  currency: string
  name: string | undefined
}

async function changeFirst(ctx: Context, first: VariantRow, input: ChangesOfFirst): Promise<void> {
  const { currency, name } = input
  const cost_amount = optionalPriceOf(input.cost_price, currency, 'cost_price')
  if (cost_amount === undefined && input.price === undefined && name === undefined) return
  if (input.price !== undefined) {
    const amount = priceOf(input.price, currency, 'price')
    const known = (await pricesOf(ctx, first.id)).find((price) => price.currency === currency)
    const compare_at_amount = known?.compare_at_amount ?? null
    await putPrices(ctx, first, [{ currency, amount, compare_at_amount }])
  }
  await db(ctx)
    .updateTable('product_variants')
    .set((eb) => ({ version: eb('version', '+', 1), updated_at: ctx.now }))
    .$if(cost_amount !== undefined, (update) => update.set({ cost_amount: cost_amount ?? null }))
    .$if(name !== undefined, (update) => update.set({ name: name ?? first.name }))
    .where('id', '=', first.id)
    .execute()
}

function tell(ctx: Context, { id, sku, status }: ProductRow, now: ProductStatus): void {
  const of = { product_id: id, sku }
  emit(ctx, productEvents.updated(of))
  if (now === status) return
  if (now === 'archived') emit(ctx, productEvents.archived(of))
  else emit(ctx, productEvents.status_changed({ ...of, old_status: status, new_status: now }))
}
