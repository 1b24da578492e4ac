import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { emit } from '#platform/events'
import { changeBackordered, waitingChanges } from './backorders/waiting.ts'
import { inventoryEvents } from './events.ts'
import { changeReserved } from './levels.ts'
import type { ReservationStatus } from './lifecycle.ts'
import { db } from './tables.ts'

/** A promise that has just ended. */
export type Ended = {
  id: Id<'reservation'>
  reference_type: string
  reference_id: string
  item_id: Id<'item'>
  /** Null for units that waited for stock. */
  location_id: Id<'location'> | null
  quantity: number
}
/** A promise of units that lie at a location. */
export type EndedThere = Ended & { location_id: Id<'location'> }
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
  const there = ended.filter(isThere)
  if (there.length > 0) {
    const changes = changesOf(ctx, there)
    const { affected } = await changeReserved.run(ctx, { rows: changes })
    if (affected !== changes.length)
      throw new Error('a level has less reserved than its reservations')
  }
  await waitNoLonger(ctx, ended)
  tellReleased(ctx, ended, because)
  return ended.reduce((sum, row) => sum + row.quantity, 0)
}

/** Whether promised units lie at a location, rather than wait for stock. */
export const isThere = <T extends Ended>(row: T): row is T & EndedThere => row.location_id !== null

/** Counts down what waits for stock, for promises that end without having got it. */
async function waitNoLonger(ctx: Context, ended: readonly Ended[]): Promise<void> {
  const rows = waitingChanges(ended, -1)
  if (rows.length === 0) return
  const { affected } = await changeBackordered.run(ctx, { rows })
  if (affected !== rows.length) throw new Error('an item waits for less than its reservations')
}

/** Tells that promises ended: of units that are available again, and of such that waited. */
export function tellReleased(ctx: Context, ended: readonly Ended[], because: string): void {
  const byHolder = Map.groupBy(ended, (row) => `${row.reference_type} ${row.reference_id}`)
  for (const rows of byHolder.values()) {
    const { reference_type, reference_id } = rows[0] as Ended
    const reference = { reference_type, reference_id }
    const lines = rows.filter(isThere).map(lineOf)
    const waited = rows.filter((row) => !isThere(row)).map(lineOf)
    if (lines.length > 0) emit(ctx, inventoryEvents.released({ ...reference, lines, because }))
    if (waited.length > 0) {
      const told = waited.map(({ location_id: _, ...line }) => line)
      emit(ctx, inventoryEvents.backorder_ended({ ...reference, lines: told, because }))
    }
  }
}

const lineOf = <T extends Ended>({ id, item_id, location_id, quantity }: T) => ({
  reservation_id: id,
  item_id,
  location_id: location_id as T['location_id'],
  quantity,
})

/** What ended promises take from their levels, one entry a level. */
export function changesOf(ctx: Context, ended: readonly EndedThere[]) {
  const byLevel = Map.groupBy(ended, (row) => `${row.item_id} ${row.location_id}`)
  return [...byLevel.values()].map((rows) => ({
    item_id: rows[0]?.item_id as string,
    location_id: rows[0]?.location_id as string,
    delta: -rows.reduce((sum, row) => sum + row.quantity, 0),
    updated_at: ctx.now,
  }))
}
