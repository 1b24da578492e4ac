import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { taxRateEvents } from '../events.ts'
import { parseRate } from '../rate-text.ts'
import { checkRate, refuseOverlap, whenTaken } from '../rate-writes.ts'
import { findRate, type RateRow, rateOf, readInstant, toldOf } from '../rates.ts'
import type { TaxRate, UpdateRate } from '../schemas.ts'
import { db } from '../tables.ts'

/**
 * Changes a rate, its names or its time; its place and its class stay. Orders keep what they were
 * charged. Throws `rate_overlaps`.
 */
export async function updateRate(ctx: Context, input: UpdateRate): Promise<TaxRate> {
  const rate = await findRate(ctx, input)
  requireVersion(ctx, rate.version)
  const row: RateRow = {
    ...rate,
    ...changesOf(input),
    version: rate.version + 1,
    updated_at: ctx.now,
  }
  checkRate(row)
  await refuseOverlap(ctx, row)
  const { id, created_at: _, ...columns } = row
  await db(ctx)
    .updateTable('tax_rates')
    .set(columns)
    .where('id', '=', id)
    .where('version', '=', rate.version)
    .execute()
    .catch(whenTaken(row))
  emit(ctx, taxRateEvents.updated(toldOf(row)))
  return rateOf(row)
}

function changesOf(input: UpdateRate): Partial<RateRow> {
  const { name, jurisdiction, rate, reason, valid_from, valid_until } = input
  return {
    ...(name !== undefined && { name }),
    ...(jurisdiction !== undefined && { jurisdiction }),
    ...(rate !== undefined && { rate_ppm: parseRate(rate) }),
    ...(reason !== undefined && { reason }),
    ...(valid_from !== undefined && { valid_from: readInstant(valid_from, 'valid_from') }),
    ...(valid_until !== undefined && {
      valid_until: valid_until === null ? null : readInstant(valid_until, 'valid_until'),
    }),
  }
}
