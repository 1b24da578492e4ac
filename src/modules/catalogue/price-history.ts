import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { eachRow } from '#platform/database/each-row'
import { type Prices, runningSale } from './offers.ts'
import { db } from './tables.ts'

/** Whose lowest price is asked for, and of which time: from `since`, without `until` itself. */
type Window = { variant_id: Id<'variant'>; currency: string; since: string; until: string }
type Row = {
  variant_id: Id<'variant'>
  currency: string
  /** The lowest of the regular prices that were given up within the window. */
  given_up: number | null
  /** When the price ended that stood at the end of the window; null: it is the one of now. */
  last_until: string | null
  last_amount: number | null
  current: number | null
  lowest_sale: number | null
}

const WINDOW_DAYS = 30
const KINDS = { variant_id: 'uuid', currency: 'text', since: 'timestamptz', until: 'timestamptz' }

const lowestRows = eachRow<Window, unknown, Row>(db as never, KINDS as never, (row, from) => {
  const { variant_id, currency, since, until } = row
  const past = (columns: string, rest: ReturnType<typeof sql>) => sql`(select ${sql.raw(columns)}
    from variant_past_prices as h
    where h.variant_id = ${variant_id} and h.currency = ${currency} and ${rest})`
  const after = sql`h.until_at >= ${until} order by h.until_at limit 1`
  return sql<Row>`select ${variant_id} as variant_id, ${currency} as currency,
    ${past('min(h.amount)', sql`h.until_at > ${since} and h.until_at < ${until}`)} as given_up,
    ${past('h.until_at', after)} as last_until,
    ${past('h.amount', after)} as last_amount,
    (select u.amount from variant_prices as u where u.variant_id = ${variant_id}
      and u.currency = ${currency} and u.min_quantity = 1) as current,
    (select min(s.amount) from variant_sales as s where s.variant_id = ${variant_id}
      and s.currency = ${currency} and s.min_quantity = 1
      and s.ends_at > ${since} and s.ends_at > s.created_at
      and s.starts_at < ${until} and s.created_at < ${until}) as lowest_sale
    ${from ? sql`from ${from} as r` : sql``}`
})

/** A price in one currency, by variant. */
type Priced = { variant_id: Id<'variant'>; currency: string; prices: Prices }

/**
 * The lowest price that one unit was sold at in the 30 days before the sale that runs now began
 * (Directive 98/6/EC, article 6a), by variant and currency; nothing where no sale runs. It stays
 * the same for as long as that sale runs. No statement where none does, else one.
 */
export async function lowestBeforeSales(
  ctx: Context,
  priced: readonly Priced[],
): Promise<Map<string, number>> {
  const windows = priced.flatMap(({ variant_id, currency, prices }) => {
    const sale = prices.sales.length > 0 ? runningSale(prices, ctx.now) : undefined
    if (!sale) return []
    return { variant_id, currency, since: daysBefore(sale.starts_at), until: sale.starts_at }
  })
  if (windows.length === 0) return new Map()
  const rows = await lowestRows(ctx, { rows: windows })
  return new Map(
    rows.flatMap((row) => {
      const standing = row.last_until === null ? row.current : row.last_amount
      const all = [row.given_up, standing, row.lowest_sale].filter((amount) => amount !== null)
      return all.length === 0 ? [] : [[lowestKey(row), Math.min(...all)] as const]
    }),
  )
}

export const lowestKey = ({ variant_id, currency }: Pick<Window, 'variant_id' | 'currency'>) =>
  `${variant_id} ${currency}`

const daysBefore = (instant: string): string =>
  new Date(Date.parse(instant) - WINDOW_DAYS * 86_400_000).toISOString()
