import type { Context } from '#platform/context'
import { nextNumber } from '#platform/database/numbers'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { inventoryErrors } from '../errors.ts'
import { locationEvents } from '../events.ts'
import { getLocation } from '../location-queries.ts'
import type { CreateLocation, Location } from '../location-schemas.ts'
import { ROUTING } from '../routing/known-rules.ts'
import { db } from '../tables.ts'

/** Opens a location where stock can be kept. Throws `code_taken`. */
export async function createLocation(ctx: Context, input: CreateLocation): Promise<Location> {
  const { code, name, address = null, priority = 100 } = input
  if (/^\d+$/.test(code)) throw invalidField('code', 'must not be a number, which names a location')
  const id = ctx.newId('location')
  const { numInsertedOrUpdatedRows } = await db(ctx)
    .insertInto('locations')
    .values({
      id,
      number: nextNumber(ctx.session.engine, 'locations'),
      code,
      name,
      address,
      priority,
      archived_at: null,
      version: 1,
      created_at: ctx.now,
      updated_at: ctx.now,
    })
    .onConflict((conflict) => conflict.column('code').doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 0n) throw inventoryErrors.code_taken({ code })
  await ctx.announce(ROUTING)
  emit(ctx, locationEvents.created({ location_id: id, code }))
  return getLocation(ctx, { id })
}
