import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { locationEvents } from '../events.ts'
import { findLocation } from '../find.ts'
import { getLocation } from '../location-queries.ts'
import type { Location, UpdateLocation } from '../location-schemas.ts'
import { ROUTING } from '../routing/known-rules.ts'
import { db } from '../tables.ts'

/** Changes a location's name, address or priority. */
export async function updateLocation(
  ctx: Context,
  { id: ref, ...change }: UpdateLocation,
): Promise<Location> {
  const { id, code, version } = await findLocation(ctx, ref)
  requireVersion(ctx, version)
  const { name, address, priority } = change
  await db(ctx)
    .updateTable('locations')
    .set({ version: version + 1, updated_at: ctx.now })
    .$if(name !== undefined, (query) => query.set({ name: name as string }))
    .$if(address !== undefined, (query) => query.set({ address: address ?? null }))
    .$if(priority !== undefined, (query) => query.set({ priority: priority as number }))
    .where('id', '=', id)
    .execute()
  await ctx.announce(ROUTING)
  emit(ctx, locationEvents.updated({ location_id: id, code }))
  return getLocation(ctx, { id })
}
