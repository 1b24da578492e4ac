import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { writeTogether } from '#platform/database/write-together'
import { emit } from '#platform/events'
import { inventoryErrors } from './errors.ts'
import { inventoryEvents } from './events.ts'
import { type HeldUnits, openRowsOf } from './held.ts'
import { insertMovements, type LotUnits, movementRow, tellPosted } from './ledger.ts'
import { takeReserved } from './levels.ts'
import type { ReservationStatus } from './lifecycle.ts'
import { divide, type Pick, pickFrom } from './parts.ts'
import { changesOf, type EndedThere, isThere, type Reference } from './release.ts'
import { db } from './tables.ts'

// What waits for stock keeps its status, so that it is seen here and nothing is shipped.
const consumeByReference = prepared(db, (open, p: Reference & { now: string }) =>
  open
    .updateTable('reservations')
    .set({
      status: sql<ReservationStatus>`case when location_id is null then status else 'consumed' end`,
      updated_at: p.now,
    })
    .where('reference_id', '=', p.reference_id)
    .where('reference_type', '=', p.reference_type)
    .where('status', 'in', ['pending', 'confirmed'])
    .returning(['id', 'reference_type', 'reference_id', 'item_id', 'location_id', 'quantity']),
)

/**
 * Ships everything a holder holds: promises end, units leave the shelves and the ledger says so.
 * Shipping twice is harmless. Throws `units_wait` while some of them wait for stock.
 */
export async function consumeReservations(ctx: Context, reference: Reference): Promise<void> {
  const ended = await consumeByReference(ctx, { ...reference, now: ctx.now })
  const gone = ended.filter(isThere)
  if (gone.length < ended.length) {
    const waiting = ended.filter((row) => !isThere(row))
    const quantity = waiting.reduce((sum, row) => sum + row.quantity, 0)
    throw inventoryErrors.units_wait({ ...reference, quantity })
  }
  if (gone.length === 0) return
  const lines = gone.map(({ id: reservation_id, item_id, location_id, quantity }) => {
    return { reservation_id, item_id, location_id, quantity }
  })
  const { writes, check } = shippingWrites(ctx, reference, { gone, lines })
  check(await writeTogether(ctx, writes))
}

/** Units that leave the shelves, with the lots they are of where somebody keeps lots. */
export type ShippedUnits = HeldUnits & { lots?: readonly LotUnits[] }

/**
 * Ships part of what a holder holds: promises end or become smaller, units leave the shelves and
 * the ledger says so. The caller holds the holder's lock. Throws `not_held` if a location holds
 * fewer for it.
 */
export async function consumeUnits(
  ctx: Context,
  reference: Reference,
  units: readonly ShippedUnits[],
): Promise<void> {
  if (units.length === 0) return
  const open = Map.groupBy(
    (await openRowsOf(ctx, [reference])).filter(isThere),
    (row) => `${row.item_id} ${row.location_id}`,
  )
  const picks: Pick[] = []
  const lines = units.map(({ item_id, location_id, quantity, lots }) => {
    const picked = pickFrom(open.get(`${item_id} ${location_id}`) ?? [], quantity, picks)
    const held = picked.reduce((sum, pick) => sum + pick.quantity, 0)
    if (held < quantity) {
      throw inventoryErrors.not_held({ item_id, location_id, requested: quantity, held })
    }
    picks.push(...picked)
    const reservation_id = picked[0]?.row.id as Id<'reservation'>
    return { reservation_id, item_id, location_id, quantity, ...(lots && { lots: [...lots] }) }
  })
  const parts = divide(
    ctx,
    picks.map((pick) => ({ ...pick, to: { status: 'consumed' } })),
  )
  const gone = parts.rows.filter(isThere)
  const { writes, check } = shippingWrites(ctx, reference, { gone, lines })
  const written = await writeTogether(ctx, { ...parts.writes, ...writes })
  parts.check(written)
  check(written)
}

type Line = ShippedUnits & { reservation_id: Id<'reservation'> }

/** Takes promised units off their shelves, with rows of the ledger and what is told of both. */
function shippingWrites(
  ctx: Context,
  reference: Reference,
  { gone, lines }: { gone: readonly EndedThere[]; lines: readonly Line[] },
) {
  const rows = lines.map(({ item_id, location_id, quantity, lots }) =>
    movementRow(ctx, {
      item_id,
      sku: '',
      location_id,
      quantity_delta: -quantity,
      kind: 'shipped',
      reason: null,
      ...(lots && { lots }),
      ...reference,
    }),
  )
  const told = lines.map(({ lots, ...line }) => ({ ...line, ...(lots && { lots: [...lots] }) }))
  emit(ctx, inventoryEvents.shipped({ ...reference, lines: told }))
  tellPosted(ctx, rows)
  const changes = changesOf(ctx, gone)
  const writes = {
    levels: takeReserved.bind(ctx, { rows: changes }),
    movements: insertMovements.bind(ctx, { rows }),
  }
  const check = ({ levels }: { levels: { affected: number } }): void => {
    if (levels.affected !== changes.length) {
      throw new Error('a level has less than its reservations')
    }
  }
  return { writes, check }
}
