import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { shippingErrors } from '../errors.ts'
import { shippingZoneEvents } from '../events.ts'
import type { GetZone } from '../schemas.ts'
import { db } from '../tables.ts'
import { findZone } from '../zones.ts'

/** Gives a zone up. Throws `zone_in_use` while a method goes there. */
export async function archiveZone(ctx: Context, input: GetZone): Promise<undefined> {
  const { id, name, version } = await findZone(ctx, input.id)
  requireVersion(ctx, version)
  const method = await db(ctx)
    .selectFrom('shipping_methods')
    .select('id')
    .where('zone_id', '=', id)
    .where('archived_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  if (method) throw shippingErrors.zone_in_use({ name })
  await db(ctx)
    .updateTable('shipping_zones')
    .set({ archived_at: ctx.now, version: version + 1, updated_at: ctx.now })
    .where('id', '=', id)
    .where('version', '=', version)
    .execute()
  emit(ctx, shippingZoneEvents.archived({ zone_id: id, name }))
}
