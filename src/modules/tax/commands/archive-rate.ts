import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { taxRateEvents } from '../events.ts'
import { findRate, toldOf } from '../rates.ts'
import type { GetRate } from '../schemas.ts'
import { db } from '../tables.ts'

/** Takes a rate away, as if it had been a mistake; a rate that ends gets a `valid_until`. */
export async function archiveRate(ctx: Context, input: GetRate): Promise<undefined> {
  const rate = await findRate(ctx, input)
  requireVersion(ctx, rate.version)
  await db(ctx)
    .updateTable('tax_rates')
    .set({ archived_at: ctx.now, version: rate.version + 1, updated_at: ctx.now })
    .where('id', '=', rate.id)
    .where('version', '=', rate.version)
    .execute()
  emit(ctx, taxRateEvents.archived(toldOf(rate)))
}
