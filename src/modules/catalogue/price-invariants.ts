import type { Context } from '#platform/context'
import type { Offers } from './offers.ts'
import { offersOf } from './price-rows.ts'
import { db } from './tables.ts'

/** What must be true of prices, breaks and sales. */
export const priceChecks = {
  'a variant tells just the breaks and sales of its rows': async (ctx: Context) => {
    const broken = db(ctx).selectFrom('variant_prices').select('variant_id').distinct()
    const withBreaks = await broken.where('min_quantity', '>', 1).execute()
    const sold = db(ctx).selectFrom('variant_sales').select('variant_id').distinct()
    const withSales = await sold.where('ends_at', '>', ctx.now).execute()
    const variants = await db(ctx)
      .selectFrom('product_variants')
      .select(['id', 'sku', 'offers'])
      .where('offers', 'is not', null)
      .execute()
    const told = new Map(variants.map(({ id, offers }) => [id, offers]))
    const ids = new Set([...withBreaks, ...withSales].map(({ variant_id }) => variant_id))
    for (const { id } of variants) ids.add(id)
    const kept = await offersOf(ctx, [...ids])
    const wrong = [...ids].filter(
      (id) => ahead(told.get(id) ?? null, ctx.now) !== ahead(kept.get(id) ?? null, ctx.now),
    )
    return wrong.map((id) => ({ variant_id: id, told: told.get(id), rows: kept.get(id) }))
  },

  'a break or a sale stands beside a regular price': async (ctx: Context) => {
    const breaks = await db(ctx)
      .selectFrom('variant_prices as b')
      .leftJoin('variant_prices as u', (on) =>
        on
          .onRef('u.variant_id', '=', 'b.variant_id')
          .onRef('u.currency', '=', 'b.currency')
          .on('u.min_quantity', '=', 1),
      )
      .select(['b.variant_id', 'b.currency'])
      .where('u.amount', 'is', null)
      .execute()
    const sales = await db(ctx)
      .selectFrom('variant_sales as s')
      .leftJoin('variant_prices as u', (on) =>
        on
          .onRef('u.variant_id', '=', 's.variant_id')
          .onRef('u.currency', '=', 's.currency')
          .on('u.min_quantity', '=', 1),
      )
      .select(['s.variant_id', 's.currency'])
      .where('s.ends_at', '>', ctx.now)
      .where('u.amount', 'is', null)
      .execute()
    return [...breaks, ...sales]
  },
}

/** The offers that are not over, as one text whatever the order of currencies. */
function ahead(offers: Offers | null, now: string): string {
  const kept = Object.entries(offers ?? {}).map(([currency, { breaks, sales }]) => ({
    currency,
    breaks,
    sales: sales.filter(({ ends_at }) => ends_at > now),
  }))
  const real = kept.filter(({ breaks, sales }) => breaks.length + sales.length > 0)
  return JSON.stringify(real.toSorted((a, b) => (a.currency < b.currency ? -1 : 1)))
}
