import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { shippingZoneEvents } from '../events.ts'
import type { CreateZone, Zone } from '../schemas.ts'
import { db } from '../tables.ts'
import { getZone, putAreas, readAreas, whenNameTaken } from '../zones.ts'

/** Makes a zone of areas. Throws `zone_name_taken`. */
export async function createZone(ctx: Context, { name, areas }: CreateZone): Promise<Zone> {
  const read = readAreas(areas)
  const id = ctx.newId('shipping_zone')
  await db(ctx)
    .insertInto('shipping_zones')
    .values({
      id,
      name,
      name_key: name.toLowerCase(),
      archived_at: null,
      version: 1,
      created_at: ctx.now,
      updated_at: ctx.now,
    })
    .execute()
    .catch(whenNameTaken(name))
  await putAreas(ctx, id, read)
  emit(ctx, shippingZoneEvents.created({ zone_id: id, name }))
  return getZone(ctx, { id })
}
