import { inventoryEvents, lostUnitsOf, transferEvents } from '#modules/inventory'
import { type Reaction, together } from '#platform/reactions'
import { keepValues, loseValues } from './keep.ts'

/** Values change in the transaction that moves the stock, or not at all. */
export const reactions: Reaction[] = [
  together(inventoryEvents.posted, 'valuation.keep_values', keepValues),
  together(
    transferEvents.settled,
    'valuation.lose_values',
    async (ctx, { transfer_id, receipt_id, lost_quantity }) => {
      if (lost_quantity === 0) return
      await loseValues(ctx, transfer_id, await lostUnitsOf(ctx, receipt_id))
    },
  ),
]
