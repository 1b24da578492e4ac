import type { Id } from '#kit/ids'
import {
  availabilityByLocation,
  firstLocation,
  inventoryErrors,
  receiveStock,
} from '#modules/inventory'
import type { Context } from '#platform/context'

type Counted = { item_id: Id<'item'>; sku: string; available: number; wanted: number }

/**
 * Counts an item so that `wanted` units can be promised: what is more comes to the location that
 * is asked first, what is less is taken from the locations in their order, promised units never.
 */
export async function countAvailable(ctx: Context, counted: Counted): Promise<void> {
  const { item_id, sku, available, wanted } = counted
  const delta = wanted - available
  if (delta === 0) return
  const places = (await availabilityByLocation(ctx, [item_id])).get(item_id) ?? []
  const move = { item_id, sku, kind: 'adjusted' as const, reason: 'counted in WooCommerce' }
  if (delta > 0) {
    const location_id = places[0]?.location_id ?? (await firstLocation(ctx))?.id
    if (!location_id) throw inventoryErrors.location_not_found({ location: 'any' })
    await receiveStock(ctx, [{ ...move, location_id, quantity_delta: delta }])
    return
  }
  let rest = -delta
  const movements = []
  for (const { location_id, available_quantity } of places) {
    const units = Math.min(rest, available_quantity)
    if (units > 0) movements.push({ ...move, location_id, quantity_delta: -units })
    rest -= units
  }
  await receiveStock(ctx, movements)
}
