import { sql } from 'kysely'
import { type Id, isUuid } from '#kit/ids'
import { parseCurrency } from '#kit/money'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { invalidField } from '#platform/operations'
import { catalogueErrors } from '../errors.ts'
import type { BulkPrices } from '../inputs.ts'
import { type NewPrice, readOffered, writePrices } from '../prices.ts'
import { skuKey } from '../sku.ts'
import { db } from '../tables.ts'

type Found = Awaited<ReturnType<typeof variantsById>>[number]
type OfVariant = { variant: Found; prices: NewPrice[] }

/**
 * Sets up to a thousand prices, of many variants, all or none; other currencies stay as they are.
 * The same number of statements for one price or a thousand.
 */
export async function setPricesInBulk(ctx: Context, { prices }: BulkPrices) {
  const sets = new Map<Id<'variant'>, OfVariant>()
  const found = await variantsNamed(
    ctx,
    prices.map(({ variant_id }) => skuKey(variant_id)),
  )
  for (const [nth, given] of prices.entries()) {
    const variant = found.get(skuKey(given.variant_id))
    if (!variant) throw catalogueErrors.variant_not_found({ variant: given.variant_id, index: nth })
    const currency = parseCurrency(given.currency)
    const price = readOffered(ctx.now, { ...given, currency }, `prices.${nth}.`)
    const set = sets.get(variant.id) ?? { variant, prices: [] }
    sets.set(variant.id, set)
    if (set.prices.some((other) => other.currency === currency)) {
      throw invalidField(`prices.${nth}.currency`, `is named twice for ${variant.sku}`)
    }
    set.prices.push(price)
  }
  await writePrices(ctx, [...sets.values()])
  await settlePrices(ctx, [...sets.values()])
  return { updated: prices.length, variants: sets.size }
}

const liveVariantsBy = (column: 'id' | 'sku_key', kind: 'uuid' | 'text') =>
  prepared(db, (open, p: { keys: readonly string[] }, engine) =>
    open
      .selectFrom('product_variants')
      .select(['id', 'product_id', 'sku', 'sku_key', 'offers'])
      .where(isOneOf(engine, column, { values: p.keys, kind }))
      .where('archived_at', 'is', null),
  )
const variantsById = liveVariantsBy('id', 'uuid')
const variantsBySku = liveVariantsBy('sku_key', 'text')

async function variantsNamed(ctx: Context, refs: readonly string[]): Promise<Map<string, Found>> {
  const ids = refs.filter(isUuid)
  const skus = refs.filter((ref) => !isUuid(ref))
  const byId = ids.length > 0 ? await variantsById(ctx, { keys: ids }) : []
  const bySku = skus.length > 0 ? await variantsBySku(ctx, { keys: skus }) : []
  return new Map([
    ...byId.map((variant) => [variant.id as string, variant] as const),
    ...bySku.map((variant) => [variant.sku_key, variant] as const),
  ])
}

/** What `settleProduct` does, for many products of which only prices changed. */
async function settlePrices(ctx: Context, sets: readonly OfVariant[]): Promise<void> {
  const ids = sets.map(({ variant }) => variant.id)
  const product_ids = [...new Set(sets.map(({ variant }) => variant.product_id))]
  await raiseVariants.run(ctx, { ids, now: ctx.now })
  await raiseProducts.run(ctx, { ids: product_ids, now: ctx.now })
}

type Raised = { ids: readonly string[]; now: string }

const raiseVariants = prepared(db, (open, p: Raised, engine) =>
  open
    .updateTable('product_variants')
    .set((eb) => ({ version: eb('version', '+', 1), updated_at: p.now }))
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' })),
)

const raiseProducts = prepared(db, (open, p: Raised, engine) =>
  open
    .updateTable('products')
    .set((eb) => ({
      version: eb('version', '+', 1),
      updated_at: p.now,
      price_amount: sql<number>`(select u.amount from variant_prices as u
        where u.variant_id = products.default_variant_id and u.currency = products.currency
          and u.min_quantity = 1)`,
    }))
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' })),
)
