import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { emit } from '#platform/events'
import { inventoryEvents } from './events.ts'
import { changeReserved } from './levels.ts'
import type { ReservationStatus } from './lifecycle.ts'

import { db } from './tables.ts'

export type Ended = {
  id: Id<'reservation'>
  reference_type: string
  reference_id: string
  item_id: Id<'item'>
  location_id: Id<'location'>
  quantity: number
}
const ENDED = [
  'id',
  'reference_type',
  'reference_id',
  'item_id',
  'location_id',
  'quantity',
] as const

/** Ends all open promises of one holder and tells them. */
export const endByReference = prepared(
  db,
  (
    open,
    p: { reference_type: string; reference_id: string; status: ReservationStatus; now: string },
  ) =>
    open
      .updateTable('reservations')
      .set({ status: p.status, updated_at: p.now })
      .where('reference_id', '=', p.reference_id)
      .where('reference_type', '=', p.reference_type)
      .where('status', 'in', ['pending', 'confirmed'])
      .returning(ENDED),
)

const endById = prepared(
  db,
  (open, p: { ids: readonly string[]; status: ReservationStatus; now: string }, engine) =>
    open
      .updateTable('reservations')
      .set({ status: p.status, updated_at: p.now })
      .where('id', 'in', listOf(engine, p.ids, 'uuid'))
      .where('status', 'in', ['pending', 'confirmed'])
      .returning(ENDED),
)

// Guarded once more: between the look and the write the holder may have been paid, or may have
// handed its units to an order, and then they are no longer ours to give back.
const expireById = prepared(db, (open, p: { ids: readonly string[]; now: string }, engine) =>
  open
    .updateTable('reservations')
    .set({ status: 'expired', updated_at: p.now })
    .where('id', 'in', listOf(engine, p.ids, 'uuid'))
    .where('status', '=', 'pending')
    .where('expires_at', '<=', p.now)
    .returning(ENDED),
)

const confirmByReference = prepared(
  db,
  (open, p: { reference_type: string; reference_id: string; now: string }) =>
    open
      .updateTable('reservations')
      .set({ status: 'confirmed', expires_at: null, updated_at: p.now })
      .where('reference_id', '=', p.reference_id)
      .where('reference_type', '=', p.reference_type)
      .where('status', '=', 'pending'),
)

const dueOf = prepared(db, (open, p: { items: readonly string[]; now: string }, engine) =>
  open
    .selectFrom('reservations')
    .select('id')
    .where('item_id', 'in', listOf(engine, p.items, 'uuid'))
    .where('status', '=', 'pending')
    .where('expires_at', '<=', p.now)
    .limit(500),
)

const due = prepared(db, (open, p: { now: string }) =>
  open
    .selectFrom('reservations')
    .select('id')
    .where('status', '=', 'pending')
    .where('expires_at', 'is not', null)
    .where('expires_at', '<=', p.now)
    .orderBy('expires_at')
    .limit(500),
)

export type Reference = { reference_type: string; reference_id: string }

/** Gives back everything a holder still holds. Releasing twice is harmless. Returns the units. */
export async function releaseReservations(ctx: Context, reference: Reference): Promise<number> {
  const ended = await endByReference(ctx, { ...reference, status: 'released', now: ctx.now })
  return giveBack(ctx, ended as Ended[], 'released')
}

/** Makes a holder's promises certain: they no longer expire. For what is paid. */
export async function confirmReservations(ctx: Context, reference: Reference): Promise<void> {
  const { affected } = await confirmByReference.run(ctx, { ...reference, now: ctx.now })
  if (affected > 0) emit(ctx, inventoryEvents.confirmed(reference))
}

/** Ends single reservations; those already ended are left alone. Returns how many ended now. */
export async function endReservations(
  ctx: Context,
  ids: readonly Id<'reservation'>[],
  status: 'released' | 'cancelled' | 'expired',
): Promise<number> {
  const ended = (
    status === 'expired'
      ? await expireById(ctx, { ids, now: ctx.now })
      : await endById(ctx, { ids, status, now: ctx.now })
  ) as Ended[]
  await giveBack(ctx, ended, status)
  return ended.length
}

/** Ends reservations of these items whose time is over. Returns how many. */
export async function expireDue(ctx: Context, items: readonly Id<'item'>[]): Promise<number> {
  const rows = await dueOf(ctx, { items, now: ctx.now })
  if (rows.length === 0) return 0
  return endReservations(
    ctx,
    rows.map(({ id }) => id),
    'expired',
  )
}

/** Ends up to 500 reservations whose time is over. Returns how many; call again while it is 500. */
export async function expireReservations(ctx: Context): Promise<number> {
  const rows = await due(ctx, { now: ctx.now })
  if (rows.length === 0) return 0
  return endReservations(
    ctx,
    rows.map(({ id }) => id),
    'expired',
  )
}

async function giveBack(ctx: Context, ended: readonly Ended[], because: string): Promise<number> {
  if (ended.length === 0) return 0
  const changes = changesOf(ctx, ended)
  const { affected } = await changeReserved.run(ctx, { rows: changes })
  if (affected !== changes.length)
    throw new Error('a level has less reserved than its reservations')
  for (const rows of Map.groupBy(ended, (row) => row.reference_id).values()) {
    const { reference_type, reference_id } = rows[0] as Ended
    const lines = rows.map(({ id, item_id, location_id, quantity }) => ({
      reservation_id: id,
      item_id,
      location_id,
      quantity,
    }))
    emit(ctx, inventoryEvents.released({ reference_type, reference_id, lines, because }))
  }
  return ended.reduce((sum, row) => sum + row.quantity, 0)
}

/** What ended promises take from their levels, one entry a level. */
export function changesOf(ctx: Context, ended: readonly Ended[]) {
  const byLevel = Map.groupBy(ended, (row) => `${row.item_id} ${row.location_id}`)
  return [...byLevel.values()].map((rows) => ({
    item_id: rows[0]?.item_id as string,
    location_id: rows[0]?.location_id as string,
    delta: -rows.reduce((sum, row) => sum + row.quantity, 0),
    updated_at: ctx.now,
  }))
}
