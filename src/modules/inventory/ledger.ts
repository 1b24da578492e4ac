import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { writeTogether } from '#platform/database/write-together'
import { emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import { inventoryEvents } from './events.ts'
import { changeOnHand, openLevels } from './levels.ts'
import { db } from './tables.ts'

/** Units that come in (positive) or go out (negative) at one shelf. */
export type Movement = {
  item_id: Id<'item'>
  /** For the event only. */
  sku: string
  location_id: Id<'location'>
  quantity_delta: number
  kind: 'received' | 'adjusted' | 'shipped'
  reason: string | null
  reference_type?: string
  reference_id?: string
}

/** Ledger rows for `writeTogether`, beside the levels that they change. */
export const insertMovements = insertRows(db, 'stock_movements', ['sequence'])

/**
 * Posts movements to the ledger and to the levels, all or nothing: the only way that stock on hand
 * changes. A level that would fall below what is promised sends the command back to read again, so
 * callers check for that first and refuse in their own words.
 */
export async function postMovements(ctx: Context, movements: readonly Movement[]): Promise<void> {
  const real = movements.filter(({ quantity_delta }) => quantity_delta !== 0)
  if (real.length === 0) return
  const changes = [...Map.groupBy(real, (m) => `${m.item_id} ${m.location_id}`).values()].map(
    (group) => ({
      item_id: group[0]?.item_id as string,
      location_id: group[0]?.location_id as string,
      delta: group.reduce((sum, { quantity_delta }) => sum + quantity_delta, 0),
      updated_at: ctx.now,
    }),
  )
  await openLevels.run(ctx, { rows: changes })
  const rows = real.map((movement) => movementRow(ctx, movement))
  const { levels } = await writeTogether(ctx, {
    levels: changeOnHand.bind(ctx, { rows: changes }),
    movements: insertMovements.bind(ctx, { rows }),
  })
  if (levels.affected !== changes.length) throw new TryAgain('stock was promised meanwhile')
  const onHand = new Map(
    levels.rows.map((row) => [`${row.item_id} ${row.location_id}`, row.on_hand]),
  )
  for (const { item_id, sku, location_id, kind, quantity_delta, reason } of real) {
    const on_hand = onHand.get(`${item_id} ${location_id}`) ?? 0
    const fact = { item_id, sku, location_id, kind, quantity_delta, on_hand, reason }
    emit(ctx, inventoryEvents.adjusted(fact))
  }
}

/** One row of the ledger. */
export function movementRow(ctx: Context, movement: Movement) {
  const { item_id, location_id, kind, reason, quantity_delta } = movement
  return {
    id: ctx.newId('movement'),
    item_id,
    location_id,
    kind,
    state_from: quantity_delta < 0 ? 'sellable' : null,
    state_to: quantity_delta > 0 ? 'sellable' : null,
    quantity: Math.abs(quantity_delta),
    reason,
    reference_type: movement.reference_type ?? null,
    reference_id: movement.reference_id ?? null,
    actor: ctx.actor.id,
    occurred_at: ctx.now,
    posted_at: ctx.now,
  }
}
