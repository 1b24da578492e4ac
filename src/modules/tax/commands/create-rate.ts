import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireTaxClass } from '../classes.ts'
import { taxRateEvents } from '../events.ts'
import { type Area, areaOf } from '../places.ts'
import { parseRate } from '../rate-text.ts'
import { checkRate, refuseOverlap, whenTaken } from '../rate-writes.ts'
import { type RateRow, rateOf, readInstant, toldOf } from '../rates.ts'
import { STANDARD } from '../rates-for.ts'
import type { CreateRate, TaxRate } from '../schemas.ts'
import { db } from '../tables.ts'

/**
 * Adds a tax rate, in force from now on unless it says otherwise. Throws `class_unknown`,
 * `rate_overlaps`.
 */
export async function createRate(ctx: Context, input: CreateRate): Promise<TaxRate> {
  const area = areaOf(input)
  const rate_ppm = parseRate(input.rate)
  const { valid_from, valid_until } = input
  const row: RateRow = {
    id: ctx.newId('tax_rate'),
    ...area,
    tax_class: input.tax_class ?? STANDARD,
    name: input.name,
    jurisdiction: input.jurisdiction ?? jurisdictionOf(area),
    rate_ppm,
    reason: input.reason ?? (rate_ppm === 0 ? 'zero_rated' : 'standard'),
    valid_from: valid_from === undefined ? ctx.now : readInstant(valid_from, 'valid_from'),
    valid_until: valid_until == null ? null : readInstant(valid_until, 'valid_until'),
    archived_at: null,
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  checkRate(row)
  await requireTaxClass(ctx, row.tax_class)
  await refuseOverlap(ctx, row)
  await db(ctx).insertInto('tax_rates').values(row).execute().catch(whenTaken(row))
  emit(ctx, taxRateEvents.created(toldOf(row)))
  return rateOf(row)
}

const jurisdictionOf = ({ country, region, postal_prefix }: Area): string =>
  [country, region, postal_prefix].filter(Boolean).join('-')
