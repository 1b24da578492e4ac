import type { Static } from 'typebox'
import type { Context } from '#platform/context'
import { reservationLifecycle } from '../lifecycle.ts'
import { endReservations } from '../release.ts'
import { getReservation } from '../reservation-queries.ts'
import type { GetReservation, Reservation } from '../schemas.ts'

/** Takes a promise back; its units are available again. Refuses one that has ended. */
export async function cancelReservation(
  ctx: Context,
  { id }: Static<typeof GetReservation>,
): Promise<Static<typeof Reservation>> {
  const reservation = await getReservation(ctx, { id })
  reservationLifecycle.next(reservation.status, 'cancel')
  await endReservations(ctx, [id], 'cancelled')
  return getReservation(ctx, { id })
}
