import type { Id } from '#kit/ids'
import { parseCurrency, parseMoney } from '#kit/money'
import { toInstant } from '#kit/schemas'
import { findItem, findLocation } from '#modules/inventory'
import type { Context } from '#platform/context'
import { nextNumber } from '#platform/database/numbers'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { warehouseErrors } from '../errors.ts'
import { binsOf } from '../keeping/facts.ts'
import { db } from '../tables.ts'
import { countEvents } from './events.ts'
import { type CountRow, countOf, findCount } from './find-count.ts'
import { askForTurn } from './job.ts'
import { planBatch } from './plan-batch.ts'
import type { CycleCount, PlanCount } from './schemas.ts'

/**
 * Asks for a count: its lines are drawn up a thousand shelves at a time, the first ones at once.
 * Throws `zone_not_found`, `bin_not_found`, `item_not_found`.
 */
export async function planCount(ctx: Context, input: PlanCount): Promise<CycleCount> {
  const location = await findLocation(ctx, input.location_id)
  const scope = await scopeOf(ctx, location.id, input)
  const values = {
    id: ctx.newId('cycle_count'),
    location_id: location.id,
    name: input.name ?? `${location.code} ${ctx.now.slice(0, 10)}`,
    status: 'planning' as const,
    scope,
    blind: input.blind ?? true,
    recount_percent: input.recount_percent ?? null,
    ...thresholdOf(input),
    lines_count: 0,
    lines_counted: 0,
    lines_to_recount: 0,
    lines_settled: 0,
    position: null,
    approved_by: null,
    approved_at: null,
    finished_at: null,
    created_by: ctx.actor.id,
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  await db(ctx)
    .insertInto('cycle_counts')
    .values({ ...values, number: nextNumber(ctx.session.engine, 'cycle_counts') })
    .execute()
  const row: CountRow = await findCount(ctx, values.id)
  emit(ctx, countEvents.planned(told(row)))
  const planned = await planBatch(ctx, row)
  if (planned.status === 'planning') await askForTurn(ctx, row.id)
  return countOf(planned)
}

export const told = ({ id: count_id, number, location_id }: CountRow) => ({
  count_id,
  number,
  location_id,
})

function thresholdOf({ recount_value, currency }: PlanCount) {
  if (recount_value === undefined) return { recount_value_amount: null, currency: null }
  if (currency === undefined) throw invalidField('currency', 'is required with recount_value')
  const money = parseMoney(recount_value, currency, 'recount_value')
  return { recount_value_amount: money, currency: parseCurrency(currency) }
}

/** What is meant, by ids; each must be there. */
async function scopeOf(
  ctx: Context,
  location_id: Id<'location'>,
  input: PlanCount,
): Promise<CountRow['scope']> {
  const { zone_ids, bin_ids, abc_classes, lines_max } = input
  if (zone_ids) await requireZones(ctx, location_id, zone_ids)
  if (bin_ids) {
    const bins = await binsOf(ctx, bin_ids)
    const bin = bin_ids.find((id) => bins.get(id)?.location_id !== location_id)
    if (bin) throw warehouseErrors.bin_not_found({ bin })
  }
  const item_ids: Id<'item'>[] = []
  for (const item of input.item_ids ?? []) item_ids.push((await findItem(ctx, item)).id)
  return {
    ...(zone_ids && { zone_ids }),
    ...(bin_ids && { bin_ids }),
    ...(input.item_ids && { item_ids }),
    ...(abc_classes && { abc_classes }),
    ...(lines_max !== undefined && { lines_max }),
    ...(input.not_counted_since !== undefined && {
      not_counted_since: toInstant(input.not_counted_since),
    }),
  }
}

async function requireZones(
  ctx: Context,
  location_id: Id<'location'>,
  zone_ids: readonly Id<'zone'>[],
): Promise<void> {
  if (zone_ids.length === 0) return
  const known = await db(ctx)
    .selectFrom('zones')
    .select('id')
    .where('id', 'in', [...zone_ids])
    .where('location_id', '=', location_id)
    .where('archived_at', 'is', null)
    .execute()
  const zone = zone_ids.find((id) => !known.some((row) => row.id === id))
  if (zone) throw warehouseErrors.zone_not_found({ zone })
}
