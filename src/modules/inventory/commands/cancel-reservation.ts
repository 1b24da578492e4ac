import type { Static } from 'typebox'
import type { Context } from '#platform/context'
import { inventoryErrors } from '../errors.ts'
import { reservationLifecycle } from '../lifecycle.ts'
import { endReservations } from '../release.ts'
import { getReservation } from '../reservation-queries.ts'
import { ORDER } from '../reserve.ts'
import type { GetReservation, Reservation } from '../schemas.ts'

/** Takes a promise back: its units are free again. Refuses one that has ended or is an order's. */
export async function cancelReservation(
  ctx: Context,
  { id }: Static<typeof GetReservation>,
): Promise<Static<typeof Reservation>> {
  const reservation = await getReservation(ctx, { id })
  reservationLifecycle.next(reservation.status, 'cancel')
  if (reservation.reference_type === ORDER) {
    throw inventoryErrors.held_by_order({ reservation_id: id, order_id: reservation.reference_id })
  }
  await endReservations(ctx, [id], 'cancelled')
  return getReservation(ctx, { id })
}
