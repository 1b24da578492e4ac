import { inventoryEvents } from '#modules/inventory'
import { type Reaction, together } from '#platform/reactions'
import { keepPlaces } from './keeping/keep.ts'

/** Places, lots and serial numbers move in the transaction that moves the stock, or not at all. */
export const reactions: Reaction[] = [
  together(
    inventoryEvents.posted,
    'warehouse.keep_places',
    (ctx, { lines, reference_type, reference_id }) =>
      keepPlaces(
        ctx,
        lines.map((line) => ({ ...line, reference_type, reference_id, lots: line.lots ?? null })),
      ),
  ),
]
