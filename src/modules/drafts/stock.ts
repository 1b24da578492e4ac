import { releaseReservations, reserveStock } from '#modules/inventory'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import type { PricedDraft } from './pricing.ts'
import type { DraftRow } from './tables.ts'

/** Who holds the units of a draft. */
export const holderOf = ({ id }: Pick<DraftRow, 'id'>) => ({
  reference_type: 'draft',
  reference_id: id as string,
})

/** Refuses to hold stock for ever. */
export function requireEnd({ reserves, expires_at }: Pick<DraftRow, 'reserves' | 'expires_at'>) {
  if (!reserves || expires_at !== null) return
  throw invalidField('expires_at', 'is required to hold stock, so that it is given back')
}

/** Holds what a draft needs instead of what it held, if it is to hold anything. */
export async function holdAnew(
  ctx: Context,
  { before, after }: { before: DraftRow | undefined; after: DraftRow },
  { demands }: PricedDraft,
): Promise<void> {
  if (before?.reserves) await releaseReservations(ctx, holderOf(after))
  if (!after.reserves || demands.length === 0) return
  // Not longer than the offer: a draft that waits for goods would hold what others could have.
  const until = { expires_at: after.expires_at, may_wait: false }
  await reserveStock(ctx, demands, { ...holderOf(after), ...until })
}

/** Gives back what a draft holds. */
export async function giveBack(ctx: Context, draft: DraftRow): Promise<void> {
  if (draft.reserves) await releaseReservations(ctx, holderOf(draft))
}
