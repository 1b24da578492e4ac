import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { inventoryEvents } from './events.ts'
import type { Reference } from './release.ts'
import { db } from './tables.ts'

type Transfer = {
  from_type: string
  from_id: string
  to_type: string
  to_id: string
  now: string
}

// The level is not touched: the units stay promised, only to someone else. Those whose time is over
// are no longer the holder's to give, even if nobody has swept them up yet.
const moveReservations = prepared(db, (open, p: Transfer) =>
  open
    .updateTable('reservations')
    .set({
      reference_type: p.to_type,
      reference_id: p.to_id,
      expires_at: null,
      updated_at: p.now,
    })
    .where('reference_id', '=', p.from_id)
    .where('reference_type', '=', p.from_type)
    .where('status', 'in', ['pending', 'confirmed'])
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', p.now)]))
    .returning(['id', 'item_id', 'location_id', 'quantity']),
)

/** Units of one item at one location that changed hands. */
export type Transferred = {
  id: Id<'reservation'>
  item_id: Id<'item'>
  /** Null for units that wait for stock. */
  location_id: Id<'location'> | null
  quantity: number
}

/**
 * Hands everything that `from` still holds to `to`, without an end: from a checkout to its order.
 * Answers what changed hands; what has expired has not. A second call moves nothing.
 */
export async function transferReservations(
  ctx: Context,
  { from, to }: { from: Reference; to: Reference },
): Promise<Transferred[]> {
  const moved = await moveReservations(ctx, {
    from_type: from.reference_type,
    from_id: from.reference_id,
    to_type: to.reference_type,
    to_id: to.reference_id,
    now: ctx.now,
  })
  if (moved.length === 0) return []
  const lines = moved.flatMap(({ id: reservation_id, item_id, location_id, quantity }) =>
    location_id === null ? [] : [{ reservation_id, item_id, location_id, quantity }],
  )
  const { reference_type: from_type, reference_id: from_id } = from
  emit(ctx, inventoryEvents.transferred({ ...to, from_type, from_id, lines }))
  return moved
}
