import { sql } from 'kysely'
import { type Id, isUuid } from '#kit/ids'
import type { Context } from '#platform/context'
import { eachRow, type Row as Named } from '#platform/database/each-row'
import type { ProductStatus } from './lifecycle.ts'
import { type Offers, type Prices, pricesIn, unitPriceOf } from './offers.ts'
import { skuKey } from './sku.ts'
import { db } from './tables.ts'

/** What an order needs to know of something that can be bought. */
export type Sellable = {
  variant_id: Id<'variant'>
  product_id: Id<'product'>
  sku: string
  product_name: string
  variant_name: string
  options: Record<string, string>
  /**
   * What one unit costs now, a sale that runs included, in minor units of the currency asked for;
   * null if the variant has no price in it.
   */
  unit_amount: number | null
  /** What `unitPriceOf` needs to tell what each of several units costs, at any instant. */
  prices: Prices | null
  /** The stock item to reserve from; null if stock is not tracked. */
  item_id: Id<'item'> | null
  weight_grams: number | null
  is_digital: boolean
  /** Parts per million: 80,000 is 8 %; null where the product names none of its own. */
  tax_rate_ppm: number | null
  /** The code of the tax class; 'standard' unless staff said otherwise. */
  tax_class: string
  /** Each unit becomes a gift card: without stock, without tax, and with nothing to send. */
  is_gift_card: boolean
  /** Whether there is something to send: all but downloads. */
  requires_shipping: boolean
  /** An image of the variant, else of its product. */
  image_url: string | null
  /** On sale now: the product is active, and neither it nor the variant is archived. */
  sellable: boolean
}

type Row = Omit<Sellable, 'sellable' | 'prices' | 'requires_shipping'> & {
  ref: string
  offers: Offers | null
  inventory_tracking: boolean
  status: ProductStatus
  archived_at: string | null
}
type Asked = { ref: string; currency: string }
const KINDS = {
  id: { ref: 'uuid', currency: 'text' },
  sku: { ref: 'text', currency: 'text' },
} as const

/** What `column` (of a variant `v` or a product `p`) names; a product names its default variant. */
const sellableBy = (kind: 'id' | 'sku', column: 'v.id' | 'v.sku_key' | 'p.id' | 'p.sku_key') =>
  eachRow(db, KINDS[kind] as (typeof KINDS)['sku'], (asked: Named<Asked>, from) => {
    const isNamed = sql`${sql.ref(column)} = ${asked.ref}`
    const joined = column.startsWith('v.')
      ? sql`product_variants as v join products as p on p.id = v.product_id`
      : sql`products as p join product_variants as v on v.id = p.default_variant_id`
    return sql<Row>`
      select ${sql.ref(column)} as ref, v.id as variant_id, v.product_id, v.sku,
        p.name as product_name, v.name as variant_name, v.options, u.amount as unit_amount, v.offers,
        v.item_id, v.inventory_tracking, coalesce(v.weight_grams, p.weight_grams) as weight_grams,
        p.is_digital, p.is_gift_card, p.tax_rate_ppm, p.tax_class, coalesce(v.image_url, p.image_url) as image_url,
        p.status, v.archived_at
      from ${from ? sql`${from} as r join (${joined}) on ${isNamed}` : joined}
      left join variant_prices as u
        on u.variant_id = v.id and u.currency = ${asked.currency} and u.min_quantity = 1
      ${from ? sql`` : sql`where ${isNamed}`}`
  })

const variants = { id: sellableBy('id', 'v.id'), sku: sellableBy('sku', 'v.sku_key') }
const products = { id: sellableBy('id', 'p.id'), sku: sellableBy('sku', 'p.sku_key') }

/**
 * What can be bought under each of `refs` (a variant's or product's id, or a SKU in any case; a
 * product means its default variant), with the prices in `currency`. One round trip for
 * any number of refs, one more if any names a product. Keys of the map are the refs as given; an
 * unknown ref is missing. Where a SKU names both a variant and a product, the variant is meant.
 */
export async function sellableVariants(
  ctx: Context,
  { refs, currency }: { refs: readonly string[]; currency: string },
): Promise<Map<string, Sellable>> {
  const wanted = [...new Set(refs.map(normal))].map((ref) => ({ ref, currency }))
  const found = await findIn(ctx, variants, wanted)
  const others = wanted.filter(({ ref }) => !found.has(ref))
  if (others.length > 0) {
    for (const [ref, row] of await findIn(ctx, products, others)) found.set(ref, row)
  }
  return new Map(
    refs.flatMap((ref) => {
      const row = found.get(normal(ref))
      return row ? [[ref, sellableOf(row, { currency, now: ctx.now })] as const] : []
    }),
  )
}

/** Ids are hexadecimal and SKUs are told without regard to case, so one fold serves both. */
const normal = skuKey

/** Asks for ids and for SKUs, each only if there are any, in one round trip. */
async function findIn(
  ctx: Context,
  by: typeof variants,
  asked: readonly Asked[],
): Promise<Map<string, Row>> {
  const ids = asked.filter(({ ref }) => isUuid(ref))
  const skus = asked.filter(({ ref }) => !isUuid(ref))
  const [byId, bySku] = await Promise.all([
    ids.length > 0 ? by.id(ctx, { rows: ids }) : [],
    skus.length > 0 ? by.sku(ctx, { rows: skus }) : [],
  ])
  const found = new Map<string, Row>()
  for (const row of byId) found.set(row.ref, row)
  for (const row of bySku) found.set(row.ref, row)
  return found
}

function sellableOf(row: Row, at: { currency: string; now: string }): Sellable {
  const { ref: _, inventory_tracking, status, archived_at, offers, ...rest } = row
  const prices = pricesIn(at.currency, row.unit_amount, offers)
  const now = offers === null ? undefined : unitPriceOf({ prices }, 1, at.now)
  return {
    ...rest,
    unit_amount: now?.unit_amount ?? row.unit_amount,
    prices,
    requires_shipping: !rest.is_digital,
    item_id: inventory_tracking ? rest.item_id : null,
    sellable: status === 'active' && archived_at === null,
    ...(rest.is_gift_card && AS_GIFT_CARD),
  }
}

/** What holds for every gift card, whatever else is said of its product. */
const AS_GIFT_CARD = {
  is_digital: true,
  requires_shipping: false,
  item_id: null,
  tax_class: 'gift_card',
  tax_rate_ppm: null,
} as const
