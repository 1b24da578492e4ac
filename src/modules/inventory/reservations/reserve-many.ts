import { toInstant } from '#kit/schemas'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import type { Demand } from '../allocation.ts'
import { findItems } from '../find-items.ts'
import { openRowsOf } from '../held.ts'
import { reservationOf } from '../reservation-queries.ts'
import { isHeldByHouse, reserveStock } from '../reserve.ts'
import { placesOf } from '../stock/move-units.ts'
import type { ReservedMany, ReserveMany } from './schemas.ts'

/** Promises units of up to 100 items under one reference, all or nothing. */
export async function reserveMany(ctx: Context, input: ReserveMany): Promise<ReservedMany> {
  const { reference_type = 'manual', reference_id = ctx.newId('reference') } = input
  if (isHeldByHouse(reference_type)) {
    const problem = `must not be "${reference_type}": it reserves its own stock`
    throw invalidField('reference_type', problem)
  }
  const expires_at = input.expires_at === undefined ? null : toInstant(input.expires_at)
  if (expires_at !== null && expires_at <= ctx.now) {
    throw invalidField('expires_at', 'must lie in the future')
  }
  const holder = { reference_type, reference_id, expires_at, may_wait: false }
  await reserveStock(ctx, await demandsOf(ctx, input), holder)
  const open = await openRowsOf(ctx, [holder])
  return { reference_type, reference_id, reservations: open.map((row) => reservationOf(ctx, row)) }
}

async function demandsOf(ctx: Context, { items }: ReserveMany): Promise<Demand[]> {
  const found = await findItems(
    ctx,
    items.map(({ item_number }) => item_number),
  )
  const places = await placesOf(ctx, items)
  for (const [nth, { location_id }] of items.entries()) {
    const item = found[nth]?.id
    const before = found.slice(0, nth).findIndex(({ id }) => id === item)
    if (before >= 0 && items[before]?.location_id !== location_id) {
      throw invalidField(`items.${nth}.location_id`, 'must be the same for the same item')
    }
  }
  return items.map(({ quantity, location_id }, nth) => {
    const at = location_id === undefined ? undefined : places.get(location_id)
    const item_id = found[nth]?.id as Demand['item_id']
    return { item_id, quantity, ...(at && { location_id: at }) }
  })
}
