import type { Static } from 'typebox'
import { toInstant } from '#kit/schemas'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { inventoryErrors } from '../errors.ts'
import { inventoryEvents } from '../events.ts'
import { reservationLifecycle } from '../lifecycle.ts'
import { endReservations } from '../release.ts'
import { getReservation } from '../reservation-queries.ts'
import { isHeldByHouse } from '../reserve.ts'
import type { GetReservation, Reservation } from '../schemas.ts'
import { db } from '../tables.ts'
import type { ExtendReservation } from './schemas.ts'

type Asked = Static<typeof GetReservation>
type Answer = Static<typeof Reservation>

/** Makes one promise certain: it no longer expires. Refuses one that has ended or is an order's. */
export async function confirmReservation(ctx: Context, { id }: Asked): Promise<Answer> {
  const before = await handMade(ctx, id)
  const status = reservationLifecycle.next(statusNow(before), 'confirm')
  await change(ctx, id, { status, expires_at: null })
  const { reference_type, reference_id } = before
  emit(ctx, inventoryEvents.confirmed({ reference_type, reference_id }))
  return getReservation(ctx, { id })
}

/** Gives one promise back, for its holder. Refuses one that has ended or is an order's. */
export async function releaseReservation(ctx: Context, { id }: Asked): Promise<Answer> {
  const before = await handMade(ctx, id)
  reservationLifecycle.next(before.status, 'release')
  await endReservations(ctx, [id], 'released')
  return getReservation(ctx, { id })
}

/** Lets a promise with an end last until another instant. Throws `no_end`. */
export async function extendReservation(
  ctx: Context,
  { id, expires_at: until }: ExtendReservation,
): Promise<Answer> {
  const expires_at = toInstant(until)
  if (expires_at <= ctx.now) throw invalidField('expires_at', 'must lie in the future')
  const before = await handMade(ctx, id)
  if (statusNow(before) !== 'pending' || before.expires_at === null) {
    throw inventoryErrors.no_end({ reservation_id: id, status: statusNow(before) })
  }
  await change(ctx, id, { expires_at })
  return getReservation(ctx, { id })
}

/** A promise that somebody made by hand; orders and checkouts look after their own. */
async function handMade(ctx: Context, id: Asked['id']): Promise<Answer> {
  const reservation = await getReservation(ctx, { id })
  const { reference_type, reference_id } = reservation
  if (isHeldByHouse(reference_type)) {
    throw inventoryErrors.held_by_order({ reservation_id: id, order_id: reference_id })
  }
  return reservation
}

/** Time that is over counts, even if nobody has swept the promise up yet. */
const statusNow = ({ status, is_expired }: Answer) => (is_expired ? 'expired' : status)

type Change = { status?: Answer['status']; expires_at: string | null }

// Guarded: between the look and the write it may have expired, ended or been confirmed.
async function change(ctx: Context, id: Asked['id'], set: Change): Promise<void> {
  const { numUpdatedRows } = await db(ctx)
    .updateTable('reservations')
    .set({ ...set, updated_at: ctx.now })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', ctx.now)]))
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) throw new TryAgain('the promise changed meanwhile')
}
