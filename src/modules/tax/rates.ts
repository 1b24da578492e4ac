import type { Static } from 'typebox'
import { afterId, type Page, pageOf, pageStart } from '#kit/pages'
import { toInstant } from '#kit/schemas'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { invalidField } from '#platform/operations'
import { taxErrors } from './errors.ts'
import type { RateTold } from './events.ts'
import { placeOf } from './places.ts'
import { formatRate } from './rate-text.ts'
import type { GetRate, ListRates, TaxRate } from './schemas.ts'
import { db } from './tables.ts'

export type RateRow = Static<(typeof db.tables)['tax_rates']>

/** The live rate of this id. Throws `rate_not_found`. */
export async function findRate(ctx: Context, { id }: GetRate): Promise<RateRow> {
  const found = await db(ctx)
    .selectFrom('tax_rates')
    .selectAll()
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .executeTakeFirst()
  if (!found) throw taxErrors.rate_not_found({ tax_rate_id: id })
  return found
}

/** One tax rate. */
export const getRate = async (ctx: Context, input: GetRate): Promise<TaxRate> =>
  rateOf(await findRate(ctx, input))

const SORT = 'tax rates'

/** Tax rates, newest first; each filter narrows. */
export async function listRates(ctx: Context, query: ListRates): Promise<Page<TaxRate>> {
  const start = pageStart(query, SORT)
  const all = filtered(ctx, query)
  const after = afterId<'tax_rate'>(start)
  const from = after ? all.where('id', '<', after) : all.offset(start.offset)
  return pageOf({
    start,
    sort: SORT,
    rows: await from
      .selectAll()
      .orderBy('id', 'desc')
      .limit(start.limit + 1)
      .execute(),
    key: ({ id }) => [id],
    item: rateOf,
    total: await countUpTo(ctx, all),
  })
}

function filtered(ctx: Context, { country, region, tax_class, valid_at }: ListRates) {
  let rates = db(ctx).selectFrom('tax_rates').where('archived_at', 'is', null)
  const place = placeOf({ country: country ?? '', region })
  if (country !== undefined) rates = rates.where('country', '=', place.country)
  if (region !== undefined) rates = rates.where('region', '=', place.region)
  if (tax_class !== undefined) rates = rates.where('tax_class', '=', tax_class)
  if (valid_at === undefined) return rates
  const at = readInstant(valid_at, 'valid_at')
  return rates
    .where('valid_from', '<=', at)
    .where((eb) => eb.or([eb('valid_until', 'is', null), eb('valid_until', '>', at)]))
}

/** An instant from a request; refuses years that no tax was ever asked in. */
export function readInstant(given: string, field: string): string {
  const instant = toInstant(given)
  // Beyond these years an instant is written with a sign and more digits.
  if (instant < '1900' || instant.length !== 24) {
    throw invalidField(field, 'must lie between the years 1900 and 9999')
  }
  return instant
}

/** The wire form of a stored rate. */
export const rateOf = ({ archived_at: _, rate_ppm, ...row }: RateRow): TaxRate => ({
  ...row,
  region: row.region || null,
  postal_prefix: row.postal_prefix || null,
  rate: formatRate(rate_ppm),
})

/** What an event tells of a rate. */
export const toldOf = (row: RateRow): RateTold => ({
  tax_rate_id: row.id,
  country: row.country,
  jurisdiction: row.jurisdiction,
  tax_class: row.tax_class,
  name: row.name,
  rate_ppm: row.rate_ppm,
  valid_from: row.valid_from,
  valid_until: row.valid_until,
})
