import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import {
  availableUnitsByItem,
  bandColumn,
  type StockBand,
  type StockRange,
} from '#modules/inventory'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { db } from './tables.ts'

/** A product with what can be promised of all its variants; amounts in minor units. */
export type StockedProduct = {
  product_id: Id<'product'>
  name: string
  band: StockBand
  available: number
  currency: string
  /** The price of one unit of its default variant. */
  price_amount: number
  /** What the available units cost at the regular prices of their variants. */
  value_amount: number
}

/** How many products stand in a band; `shown` of them pass the filter. */
export type BandCount = { band: StockBand; whole: number; shown: number }

// Products on the shelf: not archived, with a live variant of which stock is kept.
const stocked = sql`
  select p.id as product_id, p.name, p.currency, p.price_amount,
    sum(coalesce(a.available, 0)) as available,
    sum(case when a.available > 0 then a.available * coalesce(u.amount, 0) else 0 end)
      as value_amount
  from products as p
  join product_variants as v on v.product_id = p.id and v.archived_at is null
    and v.inventory_tracking and v.item_id is not null
  left join ${availableUnitsByItem} as a on a.item_id = v.item_id
  left join variant_prices as u
    on u.variant_id = v.id and u.currency = p.currency and u.min_quantity = 1
  where p.archived_at is null
  group by p.id, p.name, p.currency, p.price_amount`
const banded = sql`select s.*, ${bandColumn(sql`s.available`)} as band from (${stocked}) as s`

const counts = prepared(db, (open, p: StockRange) =>
  rawQuery(
    open,
    sql<BandCount>`
      select band, count(*) as whole,
        sum(case when available between ${p.from} and ${p.to} then 1 else 0 end) as shown
      from (${banded}) as b group by band`,
  ),
)

const fullest = prepared(db, (open, p: StockRange & { most: number }) =>
  rawQuery(
    open,
    sql<StockedProduct>`
      select product_id, name, band, available, currency, price_amount, value_amount from (
        select b.*, row_number() over (
          partition by band order by available desc, product_id) as nth
        from (${banded}) as b where available between ${p.from} and ${p.to}) as ranked
      where nth <= ${p.most} order by available desc, product_id`,
  ),
)

/**
 * All products of which stock is kept, counted by band, and those within `range`: the `most`
 * fullest of each band, fullest first. Two statements, which grow with the catalogue.
 */
export async function stockCheck(
  ctx: Context,
  range: StockRange,
  most: number,
): Promise<{ counts: BandCount[]; products: StockedProduct[] }> {
  const rows = await counts(ctx, range)
  const products = await fullest(ctx, { ...range, most })
  return {
    counts: rows.map(({ band, whole, shown }) => ({
      band,
      whole: Number(whole),
      shown: Number(shown),
    })),
    products: products.map((row) => ({
      ...row,
      available: Number(row.available),
      value_amount: Number(row.value_amount),
    })),
  }
}
