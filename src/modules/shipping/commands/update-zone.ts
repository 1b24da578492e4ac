import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { shippingZoneEvents } from '../events.ts'
import type { UpdateZone, Zone } from '../schemas.ts'
import { db } from '../tables.ts'
import { findZone, getZone, putAreas, readAreas, whenNameTaken } from '../zones.ts'

/** Changes a zone's name, or its areas as a whole. Throws `zone_name_taken`. */
export async function updateZone(ctx: Context, input: UpdateZone): Promise<Zone> {
  const zone = await findZone(ctx, input.id)
  requireVersion(ctx, zone.version)
  const { id, version } = zone
  const name = input.name ?? zone.name
  const areas = input.areas && readAreas(input.areas)
  await db(ctx)
    .updateTable('shipping_zones')
    .set({ name, name_key: name.toLowerCase(), version: version + 1, updated_at: ctx.now })
    .where('id', '=', id)
    .where('version', '=', version)
    .execute()
    .catch(whenNameTaken(name))
  if (areas) await putAreas(ctx, id, areas)
  emit(ctx, shippingZoneEvents.updated({ zone_id: id, name }))
  return getZone(ctx, { id })
}
