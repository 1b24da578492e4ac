import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { catalogueErrors } from './errors.ts'
import { variantEvents } from './events.ts'
import { gramsOf, optionalPriceOf, properSku } from './facts.ts'
import type { NewVariant } from './inputs.ts'
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
        item_id,
        archived_at: null,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
      })
      .onConflict((conflict) => conflict.column('sku_key').doNothing())
      .executeTakeFirstOrThrow()
    if (numInsertedOrUpdatedRows === 0n) throw catalogueErrors.sku_taken({ sku })
    const added = { id: variant.id, product_id: owner.id, sku }
    emit(ctx, variantEvents.created({ variant_id: variant.id, product_id: owner.id, sku }))
    await putPrices(ctx, added, prices)
  }
}

/** One text for equal options, whatever their order. */
const optionsKey = (options: Record<string, string>): string =>
  JSON.stringify(Object.entries(options).toSorted(([a], [b]) => (a < b ? -1 : 1)))

type WithOptions = { sku: string; options: Record<string, string> }

/** Refuses a second variant with the same choices: a buyer could not tell them apart. */
export function requireDistinctOptions(variants: readonly WithOptions[]): void {
  const seen = new Map<string, string>()
  for (const { sku, options } of variants) {
    if (Object.keys(options).length === 0) continue
    const key = optionsKey(options)
    const other = seen.get(key)
    if (other) throw catalogueErrors.options_taken({ sku: other })
    seen.set(key, sku)
  }
}

/** The live variants of a product, as far as new ones are compared with them. */
export const liveVariants = (ctx: Context, product_id: Id<'product'>) =>
  db(ctx)
    .selectFrom('product_variants')
    .select(['id', 'sku', 'options', 'position'])
    .where('product_id', '=', product_id)
    .where('archived_at', 'is', null)
    .orderBy('position')
    .orderBy('id')
    .execute()
