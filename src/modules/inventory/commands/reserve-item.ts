import type { Static } from 'typebox'
import { toInstant } from '#kit/schemas'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import { findItem, findLocation } from '../find.ts'
import { getItem } from '../queries.ts'
import { isHeldByHouse, reserveStock } from '../reserve.ts'
import type { Reserved, ReserveItem } from '../schemas.ts'
import { db } from '../tables.ts'

/** Promises units of one item under a reference, until `expires_at` if it is given. */
export async function reserveItem(
  ctx: Context,
  input: ReserveItem,
): Promise<Static<typeof Reserved>> {
  const item = await findItem(ctx, input.id)
  const location =
    input.location_id === undefined ? undefined : await findLocation(ctx, input.location_id)
  const expires_at = input.expires_at === undefined ? null : toInstant(input.expires_at)
  if (expires_at !== null && expires_at <= ctx.now) {
    throw invalidField('expires_at', 'must lie in the future')
  }
  const reference_id = input.reference_id ?? input.order_id ?? ctx.newId('reference')
  const reference_type = input.reference_type ?? 'manual'
  if (isHeldByHouse(reference_type)) {
    const problem = `must not be "${reference_type}": it reserves its own stock`
    throw invalidField('reference_type', problem)
  }
  const demand = {
    item_id: item.id,
    quantity: input.quantity,
    ...(location && { location_id: location.id }),
  }
  const holder = { reference_type, reference_id, expires_at, may_wait: false }
  const { parts } = await reserveStock(ctx, [demand], holder)
  const reservations = await db(ctx)
    .selectFrom('reservations')
    .select('id')
    .where('reference_id', '=', reference_id)
    .where('reference_type', '=', reference_type)
    .where('item_id', '=', item.id)
    .where('status', '=', 'pending')
    .orderBy('id')
    .execute()
  const { locations } = await getItem(ctx, { id: item.id })
  const at = locations.find(({ id }) => id === parts[0]?.location_id)
  return {
    reservation_id: reference_id,
    reservations: reservations.map(({ id }) => id),
    location: at as NonNullable<typeof at>,
  }
}
