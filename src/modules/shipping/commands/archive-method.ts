import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { shippingMethodEvents } from '../events.ts'
import { findMethod, toldOf } from '../methods.ts'
import type { GetMethod } from '../schemas.ts'
import { db } from '../tables.ts'

/** Takes a method out of use for good; one that rests for a while gets `is_active: false`. */
export async function archiveMethod(ctx: Context, input: GetMethod): Promise<undefined> {
  const method = await findMethod(ctx, input.id)
  requireVersion(ctx, method.version)
  await db(ctx)
    .updateTable('shipping_methods')
    .set({ archived_at: ctx.now, version: method.version + 1, updated_at: ctx.now })
    .where('id', '=', method.id)
    .where('version', '=', method.version)
    .execute()
  emit(ctx, shippingMethodEvents.archived(toldOf(method)))
}
