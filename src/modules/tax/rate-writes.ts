import type { Context } from '#platform/context'
import { isDuplicate } from '#platform/database/duplicates'
import { invalidField } from '#platform/operations'
import { taxErrors } from './errors.ts'
import type { RateRow } from './rates.ts'
import { db } from './tables.ts'

/** Refuses facts of a rate that do not go together. */
export function checkRate({ rate_ppm, reason, valid_from, valid_until }: RateRow): void {
  if (rate_ppm > 0 && (reason === 'zero_rated' || reason === 'exempt')) {
    throw invalidField('rate', `must be 0 where the reason is ${reason}`)
  }
  if (valid_until !== null && valid_until <= valid_from) {
    throw invalidField('valid_until', 'must be later than valid_from')
  }
}

/**
 * Refuses a rate that would be in force beside another of its name, place and class. Throws
 * `rate_overlaps`. The transaction is SERIALIZABLE: of two that overlap, one is written.
 */
export async function refuseOverlap(ctx: Context, rate: RateRow): Promise<void> {
  const { valid_until } = rate
  let others = db(ctx)
    .selectFrom('tax_rates')
    .select(['id', 'valid_from'])
    .where('archived_at', 'is', null)
    .where('country', '=', rate.country)
    .where('region', '=', rate.region)
    .where('postal_prefix', '=', rate.postal_prefix)
    .where('tax_class', '=', rate.tax_class)
    .where('name', '=', rate.name)
    .where('id', '<>', rate.id)
    .where((eb) => eb.or([eb('valid_until', 'is', null), eb('valid_until', '>', rate.valid_from)]))
  if (valid_until !== null) others = others.where('valid_from', '<', valid_until)
  const other = await others.orderBy('valid_from').limit(1).executeTakeFirst()
  if (!other) return
  const { name } = rate
  throw taxErrors.rate_overlaps({ name, valid_from: other.valid_from, tax_rate_id: other.id })
}

/** Says what the unique index says: two rates of one name begin at the same instant. */
export const whenTaken =
  ({ name, valid_from, id }: RateRow) =>
  (error: unknown): never => {
    const columns = ['country', 'region', 'postal_prefix', 'tax_class', 'name', 'valid_from']
    const unique = {
      index: 'tax_rates_begin_once',
      columns: columns.map((column) => `tax_rates.${column}`).join(', '),
    }
    if (!isDuplicate(error, unique)) throw error
    throw taxErrors.rate_overlaps({ name, valid_from, tax_rate_id: id })
  }
