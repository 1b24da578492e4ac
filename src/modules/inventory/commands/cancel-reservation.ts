import type { Static } from 'typebox'
import type { Context } from '#platform/context'
import { inventoryErrors } from '../errors.ts'
import { reservationLifecycle } from '../lifecycle.ts'
import { endReservations } from '../release.ts'
import { getReservation } from '../reservation-queries.ts'
import { ORDER, TRANSFER } from '../reserve.ts'
import type { GetReservation, Reservation } from '../schemas.ts'

/** Takes a promise back: its units are free again. Refuses one that has ended or is an order's. */
export async function cancelReservation(
  ctx: Context,
  { id }: Static<typeof GetReservation>,
): Promise<Static<typeof Reservation>> {
  const reservation = await getReservation(ctx, { id })
  reservationLifecycle.next(reservation.status, 'cancel')
  const { reference_type } = reservation
  if (reference_type === ORDER || reference_type === TRANSFER) {
    throw inventoryErrors.held_by_order({ reservation_id: id, order_id: reservation.reference_id })
  }
  await endReservations(ctx, [id], 'cancelled')
  return getReservation(ctx, { id })
}
