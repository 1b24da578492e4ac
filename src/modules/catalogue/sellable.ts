import { sql } from 'kysely'
import { type Id, isUuid } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import type { ProductStatus } from './lifecycle.ts'
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
  /** Minor units of the currency asked for; null if the variant has no price in it. */
  unit_amount: number | null
  /** The stock item to reserve from; null if stock is not tracked. */
  item_id: Id<'item'> | null
  weight_grams: number | null
  is_digital: boolean
  /** Parts per million: 80,000 is 8 %; null where the product names none of its own. */
  tax_rate_ppm: number | null
  /** On sale now: the product is active, and neither it nor the variant is archived. */
  sellable: boolean
}

type Row = Omit<Sellable, 'sellable'> & {
  ref: string
  via_product: number
  inventory_tracking: boolean
  status: ProductStatus
  archived_at: string | null
}
type Asked = { ids: readonly string[]; sku_keys: readonly string[]; currency: string }

const findSellable = prepared(db, (open, p: Asked, engine) => {
  const byId = isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' })
  const bySku = isOneOf(engine, 'sku_key', { values: p.sku_keys, kind: 'text' })
  return rawQuery(
    open,
    sql<Row>`
      with asked as (
        select cast(id as text) as ref, id as variant_id, 0 as via_product
          from product_variants where ${byId}
        union all
        select cast(id as text), default_variant_id, 1 from products where ${byId}
        union all
        select sku_key, id, 0 from product_variants where ${bySku}
        union all
        select sku_key, default_variant_id, 1 from products where ${bySku}
      )
      select a.ref, a.via_product, v.id as variant_id, v.product_id, v.sku,
        p.name as product_name, v.name as variant_name, v.options, u.amount as unit_amount,
        v.item_id, v.inventory_tracking, coalesce(v.weight_grams, p.weight_grams) as weight_grams,
        p.is_digital, p.tax_rate_ppm, p.status, v.archived_at
      from asked as a
      join product_variants as v on v.id = a.variant_id
      join products as p on p.id = v.product_id
      left join variant_prices as u
        on u.variant_id = v.id and u.currency = ${p.currency} and u.min_quantity = 1`,
  )
})

/**
 * What can be bought under each of `refs` (a variant's or product's id, or a SKU in any case; a
 * product means its default variant), with the price of one unit in `currency`. One statement for
 * any number of refs. Keys of the map are the refs as given; an unknown ref is missing. Where a SKU
 * names both a variant and a product, the variant is meant.
 */
export async function sellableVariants(
  ctx: Context,
  { refs, currency }: { refs: readonly string[]; currency: string },
): Promise<Map<string, Sellable>> {
  const wanted = new Set(refs.map(normal))
  const ids = [...wanted].filter(isUuid)
  const sku_keys = [...wanted].filter((ref) => !isUuid(ref))
  const found = new Map<string, Row>()
  for (const row of await findSellable(ctx, { ids, sku_keys, currency })) {
    if (!found.has(row.ref) || row.via_product === 0) found.set(row.ref, row)
  }
  return new Map(
    refs.flatMap((ref) => {
      const row = found.get(normal(ref))
      return row ? [[ref, sellableOf(row)] as const] : []
    }),
  )
}

/** Ids are hexadecimal and SKUs are told without regard to case, so one fold serves both. */
const normal = skuKey

function sellableOf(row: Row): Sellable {
  const { ref: _, via_product: __, inventory_tracking, status, archived_at, ...rest } = row
  return {
    ...rest,
    item_id: inventory_tracking ? rest.item_id : null,
    sellable: status === 'active' && archived_at === null,
  }
}
