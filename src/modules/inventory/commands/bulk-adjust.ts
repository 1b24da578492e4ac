import type { Static } from 'typebox'
import { DomainError } from '#kit/errors'
import type { Context } from '#platform/context'
import { receiveStock } from '../backorders/allocate.ts'
import { inventoryErrors } from '../errors.ts'
import { findItem, findLocation } from '../find.ts'
import type { Movement } from '../ledger.ts'
import type { BulkAdjust, BulkAdjusted } from '../schemas.ts'
import { levelAt } from './update-item.ts'

type Level = { on_hand: number; reserved: number }

/**
 * Posts up to 100 differences. A bad row is reported and left out; the others are posted together.
 */
export async function bulkAdjust(
  ctx: Context,
  { adjustments }: BulkAdjust,
): Promise<Static<typeof BulkAdjusted>> {
  const levels = new Map<string, Level>()
  const movements: Movement[] = []
  const errors: Static<typeof BulkAdjusted>['errors'] = []
  for (const [index, adjustment] of adjustments.entries()) {
    try {
      movements.push(await movementOf(ctx, adjustment, levels))
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      const { item_number } = adjustment
      errors.push({ index, item_number, code: error.code, error: error.message })
    }
  }
  await receiveStock(ctx, movements)
  return { successful: movements.length, failed: errors.length, errors }
}

/** Checks one row against the level that the rows before it leave behind. */
async function movementOf(
  ctx: Context,
  row: BulkAdjust['adjustments'][number],
  levels: Map<string, Level>,
): Promise<Movement> {
  const item = await findItem(ctx, row.item_number)
  const location = await findLocation(ctx, row.location_id)
  const key = `${item.id} ${location.id}`
  const level = levels.get(key) ?? (await levelAt(ctx, item.id, location.id))
  const { reserved } = level
  const on_hand = level.on_hand + row.quantity_delta
  if (on_hand < reserved) {
    throw inventoryErrors.below_reserved({
      sku: item.sku,
      location: location.code,
      reserved,
      on_hand,
    })
  }
  levels.set(key, { on_hand, reserved })
  return {
    item_id: item.id,
    sku: item.sku,
    location_id: location.id,
    quantity_delta: row.quantity_delta,
    kind: 'adjusted',
    reason: row.reason ?? null,
  }
}
