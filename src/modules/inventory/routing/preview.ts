import type { Context } from '#platform/context'
import type { Demand } from '../allocation.ts'
import { findItem, findLocation } from '../find.ts'
import { allocationOf } from '../reserve.ts'
import type { PreviewRouting, RoutingPreview } from './schemas.ts'

/** Where units would come from now, and why; nothing is promised. */
export async function previewRouting(
  ctx: Context,
  { items, destination = {} }: PreviewRouting,
): Promise<RoutingPreview> {
  const demands: Demand[] = []
  for (const { item_number, quantity, location_id } of items) {
    const item = await findItem(ctx, item_number)
    const at = location_id === undefined ? undefined : (await findLocation(ctx, location_id)).id
    demands.push({ item_id: item.id, quantity, ...(at && { location_id: at }) })
  }
  const { parts, shortages } = await allocationOf(ctx, demands, destination)
  return {
    parts: parts.map(({ sku: item_number, ...part }) => ({ item_number, ...part })),
    locations_used: new Set(parts.map(({ location_id }) => location_id)).size,
    shortages: shortages.map(({ sku: item_number, ...short }) => ({ item_number, ...short })),
  }
}
