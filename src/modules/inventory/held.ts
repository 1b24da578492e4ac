import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import type { Reference } from './release.ts'
import { db } from './tables.ts'

/** An open promise as it is stored. */
export type OpenRow = Static<(typeof db.tables)['reservations']>

const openOf = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('reservations')
    .selectAll()
    .where(isOneOf(engine, 'reference_id', { values: p.ids, kind: 'text' }))
    .where('status', 'in', ['pending', 'confirmed'])
    .orderBy('id'),
)

/** The open promises of these holders, oldest first. One statement. */
export async function openRowsOf(
  ctx: Context,
  references: readonly Reference[],
): Promise<OpenRow[]> {
  if (references.length === 0) return []
  const asked = new Set(references.map((r) => `${r.reference_type} ${r.reference_id}`))
  const rows = await openOf(ctx, { ids: references.map(({ reference_id }) => reference_id) })
  return rows.filter((row) => asked.has(`${row.reference_type} ${row.reference_id}`))
}

/** Units of an item at a location. */
export type HeldUnits = { item_id: Id<'item'>; location_id: Id<'location'>; quantity: number }
/** Units that are promised to a holder at a location, and what chose it (see `WHY`). */
export type Held = HeldUnits &
  Reference & { reservation_id: Id<'reservation'>; status: OpenRow['status']; why: string | null }

/** What these holders hold on the shelves, oldest first; what waits is left out. One statement. */
export async function heldBy(ctx: Context, references: readonly Reference[]): Promise<Held[]> {
  return heldRows(await openRowsOf(ctx, references))
}

const heldRows = (rows: readonly OpenRow[]): Held[] =>
  rows.flatMap(({ id, reference_type, reference_id, location_id, ...row }) => {
    if (location_id === null) return []
    const { item_id, quantity, status, why } = row
    const units = { item_id, location_id, quantity, status, why }
    return [{ reference_type, reference_id, reservation_id: id, ...units }]
  })

/** Units that a holder waits for: no location has them yet. */
export type Backordered = Reference & {
  reservation_id: Id<'reservation'>
  item_id: Id<'item'>
  quantity: number
  kind: 'backorder' | 'preorder'
  /** When they are expected, if anybody knows. */
  promised_at: string | null
}

/** What these holders wait for, oldest first. One statement. */
export async function backordersOf(
  ctx: Context,
  references: readonly Reference[],
): Promise<Backordered[]> {
  return backorderedRows(await openRowsOf(ctx, references))
}

const backorderedRows = (rows: readonly OpenRow[]): Backordered[] =>
  rows.filter(({ location_id }) => location_id === null).map(backordered)

/** Both: what is held for these holders and what they wait for. One statement. */
export async function promisesTo(
  ctx: Context,
  references: readonly Reference[],
): Promise<{ held: Held[]; awaited: Backordered[] }> {
  const rows = await openRowsOf(ctx, references)
  return { held: heldRows(rows), awaited: backorderedRows(rows) }
}

/** A promise without a location, as it is told. */
export const backordered = (row: OpenRow): Backordered => ({
  reference_type: row.reference_type,
  reference_id: row.reference_id,
  reservation_id: row.id,
  item_id: row.item_id,
  quantity: row.quantity,
  kind: row.why === 'preorder' ? 'preorder' : 'backorder',
  promised_at: row.promised_at,
})
