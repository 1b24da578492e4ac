import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { writeTogether } from '#platform/database/write-together'
import { changeBackordered, waitingChanges } from './backorders/waiting.ts'
import { type OpenRow, openRowsOf } from './held.ts'
import { changeReserved } from './levels.ts'
import { divide, type Pick, pickFrom } from './parts.ts'
import { changesOf, isThere, type Reference, tellReleased } from './release.ts'

/** Units that nobody holds any more; `location_id` is null for such that waited for stock. */
export type FreedUnits = {
  item_id: Id<'item'>
  location_id: Id<'location'> | null
  quantity: number
}
type Unwanted = { item_id: Id<'item'>; quantity: number; location_id?: Id<'location'> }

/**
 * Gives back part of what a holder holds: what waits for stock first, then the promises that were
 * made last. Fewer than asked are given back if fewer are held: the answer says which. The caller
 * holds the holder's lock.
 */
export async function releaseUnits(
  ctx: Context,
  reference: Reference,
  units: readonly Unwanted[],
): Promise<FreedUnits[]> {
  if (units.length === 0) return []
  const open = (await openRowsOf(ctx, [reference])).toReversed()
  const picks: Pick[] = []
  for (const { item_id, quantity, location_id } of units) {
    const own = open.filter((row) => row.item_id === item_id)
    const rows =
      location_id === undefined
        ? [...own.filter((row) => !isThere(row)), ...own.filter(isThere)]
        : own.filter((row) => row.location_id === location_id)
    picks.push(...pickFrom(rows, quantity, picks))
  }
  return endPicks(ctx, picks, 'released')
}

/** Ends these units of promises, and gives back what lies on the shelves. */
export async function endPicks(
  ctx: Context,
  picks: readonly Pick[],
  status: 'released' | 'cancelled',
): Promise<FreedUnits[]> {
  if (picks.length === 0) return []
  const parts = divide(
    ctx,
    picks.map((pick) => ({ ...pick, to: { status } })),
  )
  const levels = changesOf(ctx, parts.rows.filter(isThere))
  const waiting = waitingChanges(parts.rows, -1)
  tellReleased(ctx, parts.rows, status)
  const written = await writeTogether(ctx, {
    ...parts.writes,
    ...(levels.length > 0 && { levels: changeReserved.bind(ctx, { rows: levels }) }),
    ...(waiting.length > 0 && { waiting: changeBackordered.bind(ctx, { rows: waiting }) }),
  })
  parts.check(written)
  if ((written.levels?.affected ?? 0) !== levels.length) {
    throw new Error('a level has less reserved than its reservations')
  }
  if ((written.waiting?.affected ?? 0) !== waiting.length) {
    throw new Error('an item waits for less than its reservations')
  }
  return parts.rows.map(freed)
}

const freed = ({ item_id, location_id, quantity }: OpenRow): FreedUnits => ({
  item_id,
  location_id,
  quantity,
})
