import type { Static } from 'typebox'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { inventoryErrors } from '../errors.ts'
import { locationEvents } from '../events.ts'
import { findLocation } from '../find.ts'
import type { GetLocation } from '../location-schemas.ts'
import { db } from '../tables.ts'

/** Closes an empty location; its history stays. Throws `location_in_use` while it holds stock. */
export async function archiveLocation(
  ctx: Context,
  { id: ref }: Static<typeof GetLocation>,
): Promise<undefined> {
  const { id, code, version } = await findLocation(ctx, ref)
  const stock = await db(ctx)
    .selectFrom('stock_levels')
    .select('item_id')
    .where('location_id', '=', id)
    .where('on_hand', '>', 0)
    .executeTakeFirst()
  if (stock) throw inventoryErrors.location_in_use({ location: code })
  await db(ctx)
    .updateTable('locations')
    .set({ archived_at: ctx.now, version: version + 1, updated_at: ctx.now })
    .where('id', '=', id)
    .execute()
  emit(ctx, locationEvents.archived({ location_id: id, code }))
}
