import type { Context } from '#platform/context'
import { type Detail, holdDetail } from './facts.ts'
import { lookUp } from './known.ts'
import { planMovements } from './plan.ts'
import { isTracked, type Posted } from './posted.ts'
import { byPlace, writePlan } from './write.ts'

/**
 * Keeps the places, lots and serial numbers beside the ledger, in its transaction. Of movements
 * that nobody keeps in detail it costs two statements, however many they are. Throws what
 * `planMovements` throws.
 */
export async function keepPlaces(ctx: Context, posted: readonly Posted[]): Promise<void> {
  const detail = await holdDetail(ctx, posted)
  const kept = posted.filter((one) => isKept(detail, one))
  if (kept.length > 0) await movePlaces(ctx, detail, kept)
}

/** Whether units of an item at a location are kept by place, lot or serial number. */
export const isKept = (
  { tracking, binned }: Detail,
  { item_id, location_id }: Pick<Posted, 'item_id' | 'location_id'>,
): boolean => isTracked(tracking.get(item_id)) || binned.has(location_id)

/** Moves units that are kept in detail; the ledger of levels is the caller's. */
export async function movePlaces(
  ctx: Context,
  detail: Detail,
  posted: readonly Posted[],
): Promise<void> {
  const known = await lookUp(ctx, detail, posted)
  const plan = planMovements(known, posted)
  await writePlan(ctx, plan, known.shelves.changes().sort(byPlace))
}
