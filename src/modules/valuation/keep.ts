import type { Id } from '#kit/ids'
import type { inventoryEvents, LostUnits } from '#modules/inventory'
import type { Context } from '#platform/context'
import { closeBooks, openBooks } from './books.ts'
import { bookFlows, type Flow } from './plan.ts'

type Posted = Parameters<typeof inventoryEvents.posted>[0]

/**
 * Values what came into the house and what left it, in the transaction of the ledger. Units that
 * only change their place or their state are worth what they were. A fixed number of statements,
 * and none where nothing comes or goes. Throws `other_currency`, `AMOUNT_TOO_LARGE`.
 */
export const keepValues = (ctx: Context, { lines, ...reference }: Posted): Promise<void> =>
  book(
    ctx,
    lines.flatMap((line): Flow[] => {
      const { item_id, movement_id, kind, reason, quantity, state_from, state_to } = line
      const moves = (state_from === null) === (state_to === null)
      if (moves || kind === 'transferred_out' || kind === 'transferred_in') return []
      const { reference_type, reference_id } = reference
      const cause = { item_id, movement_id, kind, reason, reference_type, reference_id }
      if (state_to === null) return [{ ...cause, quantity: -quantity, stated: null }]
      const { unit_cost_amount: amount, currency } = line
      const stated = amount === null || currency === null ? null : { amount, currency }
      return [{ ...cause, quantity, stated }]
    }),
  )

/** Takes what was lost between two locations out of the values: it lay on no shelf. */
export const loseValues = (
  ctx: Context,
  transfer_id: Id<'transfer'>,
  lost: readonly LostUnits[],
): Promise<void> =>
  book(
    ctx,
    lost.map(({ item_id, quantity, reason }) => ({
      item_id,
      movement_id: null,
      kind: 'lost',
      reason,
      reference_type: 'transfer',
      reference_id: transfer_id,
      quantity: -quantity,
      stated: null,
    })),
  )

async function book(ctx: Context, flows: readonly Flow[]): Promise<void> {
  if (flows.length === 0) return
  const byItem = Map.groupBy(flows, ({ item_id }) => item_id)
  const books = await openBooks(ctx, byItem)
  const changes = [...books].flatMap(([item_id, one]) => bookFlows(one, byItem.get(item_id) ?? []))
  await closeBooks(ctx, books, changes)
}
