import { parseCurrency } from '#kit/money'
import type { Context } from '#platform/context'
import { nextNumber } from '#platform/database/numbers'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { productAfter } from '../answers.ts'
import { catalogueErrors } from '../errors.ts'
import { productEvents } from '../events.ts'
import { properSku } from '../facts.ts'
import { type CreateProduct, type NewVariant, VARIANTS_AT_ONCE_MAX } from '../inputs.ts'
import {
  addVariants,
  type Owner,
  readVariant,
  requireDistinctOptions,
  requireFreeGtins,
} from '../new-variant.ts'
import { combinations, type ProductOption, readOptions, requireChoices } from '../options.ts'
import { readFacts, writeTags } from '../product-facts.ts'
import { COUNTS } from '../product-pages.ts'
import { writeRelated } from '../related.ts'
import type { Product } from '../schemas.ts'
import { indexProduct } from '../search-index.ts'
import { skuKey } from '../sku.ts'
import { requireFreeSkus } from '../skus.ts'
import { freeSlug, slugOf, takeSlug } from '../slugs.ts'
import { db } from '../tables.ts'
import { variantOf } from './generate-variants.ts'

/**
 * Puts a product with its variants, prices and stock items into the catalogue. Without variants it
 * gets one of its own SKU and price. Throws `sku_taken`.
 */
export async function createProduct(ctx: Context, input: CreateProduct): Promise<Product> {
  const sku = properSku(input.sku ?? input.slug ?? missing('sku'))
  const currency = parseCurrency(input.currency ?? ctx.settings.default_currency)
  const facts = readFacts(input, currency)
  const id = ctx.newId('product')
  const { name } = input
  const is_gift_card = input.is_gift_card ?? false
  const is_digital = is_gift_card || (input.is_digital ?? false)
  const owner: Owner = {
    id,
    name,
    currency,
    is_digital,
    reorder_point: input.reorder_point ?? null,
  }
  const variants = variantsOf(input, sku).map((variant, nth) => {
    const read = readVariant(variant, owner, input.variants ? `variants.${nth}.` : '')
    return { ...read, id: ctx.newId('variant'), position: read.position ?? nth }
  })
  requireDistinctOptions(variants)
  requireChoices(facts.options ?? [], variants)
  await requireFreeGtins(ctx, variants)
  await requireFreeSkus(ctx, { product_id: id, product: sku, variants: variants.map((v) => v.sku) })
  const slug = await slugFor(ctx, input, sku)
  const [first] = variants.toSorted((a, b) => a.position - b.position)
  const status = input.status ?? (input.is_active === false ? 'inactive' : 'active')
  const { numInsertedOrUpdatedRows } = await db(ctx)
    .insertInto('products')
    .values({
      ...NOTHING_SAID,
      ...facts,
      id,
      number: nextNumber(ctx.session.engine, 'products'),
      sku,
      sku_key: skuKey(sku),
      name,
      name_key: name.toLowerCase(),
      is_digital,
      is_gift_card,
      ...(is_gift_card && GIFT_CARD),
      status,
      currency,
      slug,
      default_variant_id: first?.id ?? missing('variants'),
      price_amount: first?.prices[0]?.amount ?? missing('price'),
      archived_at: null,
      version: 1,
      created_at: ctx.now,
      updated_at: ctx.now,
    })
    .onConflict((conflict) => conflict.column('sku_key').doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 0n) throw catalogueErrors.sku_taken({ sku })
  emit(ctx, productEvents.created({ product_id: id, sku, status }))
  await ctx.announce(COUNTS)
  await addVariants(ctx, owner, variants)
  await writeTags(ctx, id, facts.tags ?? [])
  if (slug !== null) await takeSlug(ctx, id, slug)
  await writeRelated(ctx, id, input)
  await indexProduct(ctx, id)
  return productAfter(ctx, id)
}

/** It is taxed when it pays for something, not when it is sold. */
const GIFT_CARD = { tax_class: 'gift_card', tax_rate_ppm: null }

const NOTHING_SAID = {
  gift_card_valid_days: null,
  description: null,
  brand: null,
  brand_key: null,
  manufacturer: null,
  tags: [] as string[],
  msrp_amount: null,
  image_url: null,
  weight_grams: null,
  dimensions_cm: null,
  tax_rate_ppm: null,
  meta_title: null,
  meta_description: null,
  reorder_point: null,
  tax_class: 'standard',
  options: [] as ProductOption[],
  facet_keys: '',
}

/** The slug as sent beside a SKU; else one made of the name. */
async function slugFor(ctx: Context, input: CreateProduct, sku: string): Promise<string | null> {
  const { name, slug } = input
  if (slug === undefined || input.sku === undefined)
    return freeSlug(ctx, { name: slug ?? name, sku })
  if (slugOf(slug) !== slug) throw invalidField('slug', 'has small letters, digits and hyphens')
  return slug
}

/** The variants as sent, those that the options make, or the one that the product itself is. */
function variantsOf(input: CreateProduct, sku: string): readonly NewVariant[] {
  if (input.variants) {
    const { price, cost_price } = input
    if (price !== undefined) throw invalidField('price', 'stands in each variant')
    if (cost_price !== undefined) throw invalidField('cost_price', 'stands in each variant as cost')
    return input.variants
  }
  const { name, inventory_tracking, options } = input
  if (options && options.length > 0) return combined(input, sku)
  return [
    {
      sku,
      name,
      price: input.price ?? 0,
      ...(input.cost_price !== undefined && { cost: input.cost_price }),
      ...(inventory_tracking !== undefined && { inventory_tracking }),
    },
  ]
}

/** One variant for each combination of choices. */
function combined(input: CreateProduct, sku: string): readonly NewVariant[] {
  const { price = 0, cost_price: cost, inventory_tracking } = input
  const options = readOptions(input.options ?? [])
  const chosen = [...combinations(options)]
  if (chosen.length > VARIANTS_AT_ONCE_MAX) {
    throw invalidField('options', `makes more than ${VARIANTS_AT_ONCE_MAX} variants at once`)
  }
  const given = {
    ...(cost !== undefined && { cost }),
    ...(inventory_tracking !== undefined && { inventory_tracking }),
  }
  return chosen.map((choices) => variantOf({ sku, options, price }, choices, given))
}

function missing(field: string): never {
  throw invalidField(field, 'is required')
}
