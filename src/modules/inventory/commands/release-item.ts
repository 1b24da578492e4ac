import { sql } from 'kysely'
import type { Static } from 'typebox'
import type { Context } from '#platform/context'
import { inventoryErrors } from '../errors.ts'
import { findItem, findLocation } from '../find.ts'
import { getItem } from '../queries.ts'
import { endReservations } from '../release.ts'
import { ORDER } from '../reserve.ts'
import type { InventoryItem, ReleaseItem } from '../schemas.ts'
import { db } from '../tables.ts'

/**
 * Gives back units of one item: of one reference, or the oldest pending promises first. A promise
 * that is larger than what is left to release is divided. Orders' own promises are not touched.
 */
export async function releaseItem(ctx: Context, input: ReleaseItem): Promise<InventoryItem> {
  const item = await findItem(ctx, input.id)
  let open = db(ctx)
    .selectFrom('reservations')
    .selectAll()
    .where('item_id', '=', item.id)
    .where('status', '=', 'pending')
    .where('reference_type', '!=', ORDER)
  if (input.location_id !== undefined) {
    open = open.where('location_id', '=', (await findLocation(ctx, input.location_id)).id)
  }
  if (input.reference_id) open = open.where('reference_id', '=', input.reference_id)
  const held = await open.orderBy('id').limit(1000).execute()
  const reserved = held.reduce((sum, { quantity }) => sum + quantity, 0)
  const { quantity, id } = { quantity: input.quantity, id: item.id }
  if (reserved < quantity) {
    throw inventoryErrors.nothing_reserved({ quantity, sku: item.sku, reserved })
  }
  await endReservations(ctx, await divide(ctx, held, quantity), 'released')
  return getItem(ctx, { id })
}

type Held = Static<(typeof db.tables)['reservations']>

/**
 * Splits the last touched promise, so that whole rows add up to the quantity. Returns their ids.
 */
async function divide(ctx: Context, held: readonly Held[], quantity: number) {
  const ended: Held['id'][] = []
  let left = quantity
  for (const row of held) {
    if (left === 0) break
    if (row.quantity > left) {
      const rest = { ...row, id: ctx.newId('reservation'), quantity: row.quantity - left }
      await db(ctx)
        .updateTable('reservations')
        .set({ quantity: sql`${left}`, updated_at: ctx.now })
        .where('id', '=', row.id)
        .execute()
      await db(ctx).insertInto('reservations').values(rest).execute()
    }
    ended.push(row.id)
    left -= Math.min(left, row.quantity)
  }
  return ended
}
