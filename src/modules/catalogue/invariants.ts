import { sql } from 'kysely'
import { exponentOf } from '#kit/currencies'
import type { Id } from '#kit/ids'
import { itemsBySku } from '#modules/inventory'
import { defineInvariants } from '#platform/invariants'
import { importChecks } from './import/invariants.ts'
import { priceChecks } from './price-invariants.ts'
import { searchDisagreements } from './search-invariants.ts'
import { skuKey } from './sku.ts'
import { structureClaims } from './structure-invariants.ts'
import { db } from './tables.ts'

export const catalogueInvariants = defineInvariants('catalogue', {
  ...priceChecks,
  ...importChecks,

  'a product shows the price of its first live variant in its own currency': (ctx) =>
    db(ctx)
      .selectFrom('products as p')
      .select(['p.id', 'p.sku', 'p.default_variant_id', 'p.price_amount'])
      .where(({ not, exists, selectFrom, ref }) =>
        not(
          exists(
            selectFrom('product_variants as v')
              .innerJoin('variant_prices as u', 'u.variant_id', 'v.id')
              .select('v.id')
              .whereRef('v.id', '=', 'p.default_variant_id')
              .whereRef('v.product_id', '=', 'p.id')
              .where('v.archived_at', 'is', null)
              .whereRef('u.currency', '=', 'p.currency')
              .where('u.min_quantity', '=', 1)
              .where('u.amount', '=', ref('p.price_amount'))
              .where(({ not, exists, selectFrom }) =>
                not(
                  exists(
                    selectFrom('product_variants as w')
                      .select('w.id')
                      .whereRef('w.product_id', '=', 'p.id')
                      .where('w.archived_at', 'is', null)
                      .where(sql<boolean>`(w.position, w.id) < (v.position, v.id)`),
                  ),
                ),
              ),
          ),
        ),
      )
      .execute(),

  "every live variant has a price in its product's currency": (ctx) =>
    db(ctx)
      .selectFrom('product_variants as v')
      .innerJoin('products as p', 'p.id', 'v.product_id')
      .leftJoin('variant_prices as u', (on) =>
        on
          .onRef('u.variant_id', '=', 'v.id')
          .onRef('u.currency', '=', 'p.currency')
          .on('u.min_quantity', '=', 1),
      )
      .select(['v.id', 'v.sku', 'p.currency'])
      .where('v.archived_at', 'is', null)
      .where('u.amount', 'is', null)
      .execute(),

  'every price is in a known currency': async (ctx) => {
    const used = await db(ctx).selectFrom('variant_prices').select('currency').distinct().execute()
    return used.filter(({ currency }) => exponentOf(currency) === undefined)
  },

  'a SKU means one thing': (ctx) =>
    db(ctx)
      .selectFrom('products as p')
      .innerJoin('product_variants as v', 'v.sku_key', 'p.sku_key')
      .select(['p.id', 'v.id as variant_id', 'p.sku'])
      .whereRef('v.product_id', '!=', 'p.id')
      .execute(),

  'what is unique and sorted is the same text in lower case': async (ctx) => {
    const products = await db(ctx)
      .selectFrom('products')
      .select(['id', 'sku', 'sku_key', 'name', 'name_key', 'brand', 'brand_key'])
      .execute()
    const variants = await db(ctx)
      .selectFrom('product_variants')
      .select(['id', 'sku', 'sku_key'])
      .execute()
    return [
      ...products.filter(
        (p) =>
          p.sku_key !== skuKey(p.sku) ||
          p.name_key !== p.name.toLowerCase() ||
          p.brand_key !== (p.brand?.toLowerCase() ?? null),
      ),
      ...variants.filter((v) => v.sku_key !== skuKey(v.sku)),
    ]
  },

  'the stock item of a variant has its SKU': async (ctx) => {
    const variants = await db(ctx)
      .selectFrom('product_variants')
      .select(['id', 'sku', 'item_id'])
      .where('item_id', 'is not', null)
      .execute()
    const items = await itemsBySku(
      ctx,
      variants.map(({ sku }) => sku),
    )
    return variants.filter(({ sku, item_id }) => items.get(skuKey(sku))?.id !== item_id)
  },

  'products are found by just their tags': async (ctx) => {
    const tagged = await db(ctx).selectFrom('product_tags').selectAll().execute()
    const products = await db(ctx).selectFrom('products').select(['id', 'tags']).execute()
    const found = Map.groupBy(tagged, ({ product_id }) => product_id)
    const listed = (id: Id<'product'>) => (found.get(id) ?? []).map(({ tag_key }) => tag_key)
    return products.filter(({ id, tags }) => {
      const keys = tags.map((tag) => tag.toLowerCase()).toSorted()
      return JSON.stringify(keys) !== JSON.stringify(listed(id).toSorted())
    })
  },

  'the search index holds just the words and keys of the products': searchDisagreements,

  ...structureClaims,
})
