import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { isDuplicate } from '#platform/database/duplicates'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { catalogueErrors } from './errors.ts'
import { variantEvents } from './events.ts'
import { gramsOf, optionalPriceOf, properSku } from './facts.ts'
import { gtinFacts } from './gtin.ts'
import type { NewVariant } from './inputs.ts'
import { type Choices, optionsKey } from './options.ts'
import { type NewPrice, putPrices, readPrice, readPrices } from './prices.ts'
import { skuKey } from './sku.ts'
import { itemFor } from './skus.ts'
import { db } from './tables.ts'

/** A product, as far as its variants depend on it. */
export type Owner = {
  id: Id<'product'>
  name: string
  currency: string
  reorder_point: number | null
  is_digital: boolean
}
export type ReadVariant = ReturnType<typeof readVariant>

/** Reads what a variant is to be; `at` is put before the names of its members. */
export function readVariant(given: NewVariant, owner: Owner, at = '') {
  const { currency } = owner
  const further = readPrices(given.prices ?? [], `${at}prices`)
  if (further.some((price) => price.currency === currency)) {
    throw invalidField(`${at}prices`, `holds further currencies; ${currency} is told by price`)
  }
  const prices: NewPrice[] = [readPrice(given, currency, at), ...further]
  return {
    sku: properSku(given.sku, `${at}sku`),
    name: given.name,
    options: given.options ?? {},
    gtin: null,
    gtin_key: null,
    ...gtinFacts(given.gtin, `${at}gtin`),
    position: given.position,
    // As documented, a variant is tracked unless it says otherwise; a download has no stock.
    inventory_tracking: given.inventory_tracking ?? !owner.is_digital,
    weight_grams: gramsOf(given.weight, `${at}weight`) ?? null,
    dimensions: given.dimensions ?? null,
    cost_amount: optionalPriceOf(given.cost, currency, `${at}cost`) ?? null,
    prices,
  }
}

/** Adds variants to a product. Their SKUs must be free: see `requireFreeSkus`. */
export async function addVariants(
  ctx: Context,
  owner: Owner,
  variants: readonly (ReadVariant & { id: Id<'variant'>; position: number })[],
): Promise<void> {
  for (const variant of variants) {
    const { prices, ...facts } = variant
    const name = variant.name === owner.name ? owner.name : `${owner.name}, ${variant.name}`
    const { sku } = variant
    const item_id = variant.inventory_tracking
      ? await itemFor(ctx, { sku, name, reorder_point: owner.reorder_point })
      : null
    const { numInsertedOrUpdatedRows } = await db(ctx)
      .insertInto('product_variants')
      .values({
        ...facts,
        product_id: owner.id,
        sku_key: skuKey(sku),
        options_key: optionsKey(variant.options),
        image_url: null,
        item_id,
        archived_at: null,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
      })
      .onConflict((conflict) => conflict.column('sku_key').doNothing())
      .executeTakeFirstOrThrow()
      .catch((error) => refuseTwins(error, variant))
    if (numInsertedOrUpdatedRows === 0n) throw catalogueErrors.sku_taken({ sku })
    const added = { id: variant.id, product_id: owner.id, sku }
    emit(ctx, variantEvents.created({ variant_id: variant.id, product_id: owner.id, sku }))
    await putPrices(ctx, added, prices)
  }
}

type Twin = { sku: string; gtin: string | null }
const GTINS = { index: 'product_variants_by_gtin', columns: 'product_variants.gtin_key' }
const CHOICES = {
  index: 'product_variants_by_options',
  columns: 'product_variants.product_id, product_variants.options_key',
}

/** Says which unique index refused a variant. */
export function refuseTwins(error: unknown, { sku, gtin }: Twin): never {
  if (isDuplicate(error, GTINS)) throw catalogueErrors.gtin_taken({ sku, gtin: gtin ?? '' })
  if (isDuplicate(error, CHOICES)) throw catalogueErrors.options_taken({ sku })
  throw error
}

/** Refuses GTINs that another live variant has, and one that is named twice. */
export async function requireFreeGtins(
  ctx: Context,
  variants: readonly { sku: string; gtin_key?: string | null }[],
): Promise<void> {
  const wanted = new Map<string, string>()
  for (const { sku, gtin_key: gtin } of variants) {
    const twin = gtin ? wanted.get(gtin) : undefined
    if (gtin && twin) throw catalogueErrors.gtin_taken({ sku: twin, gtin })
    if (gtin) wanted.set(gtin, sku)
  }
  if (wanted.size === 0) return
  const taken = await db(ctx)
    .selectFrom('product_variants')
    .select(['sku', 'gtin'])
    .where('gtin_key', 'in', [...wanted.keys()])
    .where('archived_at', 'is', null)
    .executeTakeFirst()
  if (taken) throw catalogueErrors.gtin_taken({ sku: taken.sku, gtin: taken.gtin ?? '' })
}

type OfProduct = { product_id: Id<'product'>; except?: Id<'variant'> }

/** Refuses choices that another live variant of the product has made. */
export async function requireFreeChoices(
  ctx: Context,
  options: Choices,
  { product_id, except }: OfProduct,
): Promise<void> {
  const key = optionsKey(options)
  if (key === null) return
  const twin = await db(ctx)
    .selectFrom('product_variants')
    .select(['id', 'sku'])
    .where('product_id', '=', product_id)
    .where('options_key', '=', key)
    .where('archived_at', 'is', null)
    .executeTakeFirst()
  if (twin && twin.id !== except) throw catalogueErrors.options_taken({ sku: twin.sku })
}

/** The place after the last variant of a product, archived ones included. */
export async function nextPosition(ctx: Context, product_id: Id<'product'>): Promise<number> {
  const last = await db(ctx)
    .selectFrom('product_variants')
    .select('position')
    .where('product_id', '=', product_id)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
  return (last?.position ?? -1) + 1
}

type WithOptions = { sku: string; options: Record<string, string> }

/** Refuses a second variant with the same choices: a buyer could not tell them apart. */
export function requireDistinctOptions(variants: readonly WithOptions[]): void {
  const seen = new Map<string, string>()
  for (const { sku, options } of variants) {
    const key = optionsKey(options)
    if (key === null) continue
    const other = seen.get(key)
    if (other) throw catalogueErrors.options_taken({ sku: other })
    seen.set(key, sku)
  }
}

/** The live variants of a product with their choices. */
export const liveVariants = (ctx: Context, product_id: Id<'product'>) =>
  db(ctx)
    .selectFrom('product_variants')
    .select(['sku', 'options'])
    .where('product_id', '=', product_id)
    .where('archived_at', 'is', null)
    .orderBy('position')
    .orderBy('id')
    .execute()
