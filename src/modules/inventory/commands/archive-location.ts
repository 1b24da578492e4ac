import type { Static } from 'typebox'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { inventoryErrors } from '../errors.ts'
import { locationEvents } from '../events.ts'
import { findLocation } from '../find.ts'
import type { GetLocation } from '../location-schemas.ts'
import { ROUTING } from '../routing/known-rules.ts'
import { db } from '../tables.ts'
import { db as transfers } from '../transfers/tables.ts'

/** Closes an empty location that awaits nothing; its history stays. Throws `location_in_use`. */
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
  const kept = await db(ctx)
    .selectFrom('stock_states')
    .select('item_id')
    .where('location_id', '=', id)
    .where('quantity', '>', 0)
    .executeTakeFirst()
  const coming = await transfers(ctx)
    .selectFrom('transfers')
    .select('id')
    .where('status', '=', 'in_transit')
    .where((eb) => eb.or([eb('to_location_id', '=', id), eb('from_location_id', '=', id)]))
    .executeTakeFirst()
  if (stock || kept || coming) throw inventoryErrors.location_in_use({ location: code })
  await db(ctx)
    .updateTable('locations')
    .set({ archived_at: ctx.now, version: version + 1, updated_at: ctx.now })
    .where('id', '=', id)
    .execute()
  await ctx.announce(ROUTING)
  emit(ctx, locationEvents.archived({ location_id: id, code }))
}
