import type { Id } from '#kit/ids'
import { lockShelves, type Movement, postMovements } from '#modules/inventory'
import type { Context } from '#platform/context'
import { noteCounts } from '../counts/last-counts.ts'
import { detailOf } from '../keeping/facts.ts'
import { spotOf } from '../keeping/posted.ts'
import { lotsNamed, namedLot } from '../lots/commands.ts'
import type { StockCount } from './check.ts'

/**
 * Brings places to what was counted: the ledger gets the differences under the import's name, and
 * each place is noted as counted. Answers how many hold another number of units now.
 */
export async function applyCounts(
  ctx: Context,
  import_id: Id<'import'>,
  counts: readonly StockCount[],
): Promise<number> {
  if (counts.length === 0) return 0
  const lots = await newLots(ctx, counts)
  const placed = counts.map((count) => ({
    ...count,
    lot_id:
      count.lot_id ??
      (count.lot_number === null
        ? null
        : (lots.get(namedLot(count.item_id, count.lot_number))?.id ?? null)),
  }))
  const changed = placed.filter(({ delta }) => delta !== 0)
  await postMovements(
    ctx,
    changed.map((count): Movement => {
      const { item_id, sku, location_id, bin_id, lot_id, delta } = count
      const units = { quantity: Math.abs(delta), bin_id, ...(lot_id && { lot_id }) }
      return {
        item_id,
        sku,
        location_id,
        quantity_delta: delta,
        kind: 'counted',
        reason: 'import',
        reference_type: 'import',
        reference_id: import_id,
        ...(count.isDetailed && { lots: [units] }),
      }
    }),
  )
  await note(ctx, placed)
  return changed.length
}

async function newLots(ctx: Context, counts: readonly StockCount[]) {
  const fresh = counts.filter(({ lot_id, lot_number }) => lot_id === null && lot_number !== null)
  if (fresh.length === 0) return new Map()
  const { tracking } = await detailOf(ctx, fresh)
  const named = fresh.map(({ item_id, sku, lot_number, row }) => ({
    item_id,
    sku,
    lot_number: lot_number as string,
    expires_on: row.expires_on,
  }))
  return lotsNamed(ctx, named, tracking)
}

async function note(ctx: Context, counts: readonly StockCount[]): Promise<void> {
  const shelves = await lockShelves(ctx, counts)
  await noteCounts(
    ctx,
    counts.map((count) => ({
      item_id: count.item_id,
      location_id: count.location_id,
      spot: spotOf(count),
      counted_sequence: shelves.get(`${count.item_id} ${count.location_id}`)?.sequence ?? 0,
      counted_at: ctx.now,
    })),
  )
}
