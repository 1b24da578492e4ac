import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { eachRow, insertEach, updateEach } from '#platform/database/each-row'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import type { Offers } from './offers.ts'
import { salesAhead } from './sales.ts'
import { db } from './tables.ts'

// The rows behind prices, by the thousand.

/** All prices and breaks of these variants. */
export const pricesBefore = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('variant_prices')
    .selectAll()
    .where(isOneOf(engine, 'variant_id', { values: p.ids, kind: 'uuid' }))
    .orderBy('variant_id')
    .orderBy('currency')
    .orderBy('min_quantity'),
)

type PriceRow = {
  variant_id: string
  currency: string
  min_quantity: number
  amount: number
  compare_at_amount: number | null
}
const KEY = { variant_id: 'uuid', currency: 'text', min_quantity: 'bigint' } as const

export const upsertPrices = insertEach<PriceRow, unknown>(
  db as never,
  { ...KEY, amount: 'bigint', compare_at_amount: 'bigint' },
  {
    table: 'variant_prices',
    values: (row) => row,
    onConflict: sql`on conflict (variant_id, currency, min_quantity) do update
      set amount = excluded.amount, compare_at_amount = excluded.compare_at_amount`,
  },
)

type PriceKey = Pick<PriceRow, 'variant_id' | 'currency' | 'min_quantity'>

export const deletePrices = eachRow<PriceKey, unknown, never>(
  db as never,
  KEY,
  (row, from) => sql`
    delete from variant_prices as u ${from ? sql`using ${from} as r` : sql``}
    where u.variant_id = ${row.variant_id} and u.currency = ${row.currency}
      and u.min_quantity = ${row.min_quantity}`,
)

type Past = { variant_id: string; currency: string; until_at: string; amount: number | null }
const PAST = { variant_id: 'uuid', currency: 'text', until_at: 'timestamptz' } as const

/** Of two changes in one instant, the first tells what was sold until then. */
const ONCE = sql`on conflict (variant_id, currency, until_at) do nothing`

export const pastPrices = insertEach<Past, unknown>(
  db as never,
  { ...PAST, amount: 'bigint' },
  { table: 'variant_past_prices', values: (row) => row, onConflict: ONCE },
)

/** Notes that there was no price until now, where there had been one before. */
export const pastIfAny = eachRow<Omit<Past, 'amount'>, unknown, never>(
  db as never,
  PAST,
  (row, from) => sql`
    insert into variant_past_prices (variant_id, currency, until_at)
    select ${row.variant_id}, ${row.currency}, ${row.until_at}
    ${from ? sql`from ${from} as r` : sql``}
    where exists (select 1 from variant_past_prices as h
      where h.variant_id = ${row.variant_id} and h.currency = ${row.currency})
    ${ONCE}`,
)

const setOffers = updateEach<{ id: string; offers: Offers | null }, unknown>(
  db as never,
  { id: 'uuid', offers: 'json' },
  {
    table: 'product_variants',
    key: ['id'],
    set: (row) => ({ offers: row.offers }),
    where: () => sql`true`,
  },
)

/** Brings what variants say of their breaks and sales up to their rows. */
export async function keepOffers(ctx: Context, ids: readonly Id<'variant'>[]): Promise<void> {
  const offers = await offersOf(ctx, ids)
  await setOffers.run(ctx, { rows: ids.map((id) => ({ id, offers: offers.get(id) ?? null })) })
}

/** The breaks of these variants and their sales that are not over, as their rows have them. */
export async function offersOf(
  ctx: Context,
  ids: readonly Id<'variant'>[],
): Promise<Map<Id<'variant'>, Offers>> {
  const offers = new Map<Id<'variant'>, Offers>()
  const of = ({ variant_id, currency }: { variant_id: Id<'variant'>; currency: string }) => {
    const known = offers.get(variant_id) ?? {}
    offers.set(variant_id, known)
    known[currency] ??= { breaks: [], sales: [] }
    return known[currency]
  }
  for (const row of await pricesBefore(ctx, { ids })) {
    const { min_quantity, amount } = row
    if (min_quantity > 1) of(row).breaks.push({ min_quantity, amount })
  }
  for (const row of await salesAhead(ctx, { ids, now: ctx.now })) {
    const { min_quantity, amount, ends_at } = row
    const isLate = row.created_at > row.starts_at
    const starts_at = row[isLate ? 'created_at' : 'starts_at']
    if (starts_at < ends_at) of(row).sales.push({ min_quantity, amount, starts_at, ends_at })
  }
  return offers
}
