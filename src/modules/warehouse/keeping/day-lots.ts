import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { eachRow, insertEach, type Row } from '#platform/database/each-row'
import { emit } from '#platform/events'
import { lotEvents } from '../events.ts'
import { db, type LotRow } from '../tables.ts'
import type { Detail } from './facts.ts'
import { dayOf, daysAfter, lotKey, type Posted } from './posted.ts'

/** A lot as it is to be; one of this number that is there already stays as it is. */
export type NewLot = {
  item_id: Id<'item'>
  lot_number: string
  expires_on: string | null
  made_on: string | null
  supplier_lot: string | null
}

type LotValues = NewLot & { id: string; lot_key: string; now: string }

const insertLots = insertEach<LotValues, unknown>(
  db as never,
  {
    id: 'uuid',
    item_id: 'uuid',
    lot_number: 'text',
    lot_key: 'text',
    expires_on: 'text',
    made_on: 'text',
    supplier_lot: 'text',
    now: 'timestamptz',
  },
  {
    table: 'lots',
    values: ({ now, ...row }) => ({ ...row, version: sql`1`, created_at: now, updated_at: now }),
    onConflict: sql`on conflict (item_id, lot_key) do nothing`,
  },
)

type Key = { item_id: string; lot_key: string }

/** The lots of these numbers. */
export const lotsByKey = eachRow(
  db,
  { item_id: 'uuid', lot_key: 'text' },
  (key: Row<Key>, from) => {
    const isIt = sql`o.item_id = ${key.item_id} and o.lot_key = ${key.lot_key}`
    return from
      ? sql<LotRow>`select o.* from ${from} as r join lots as o on ${isIt}`
      : sql<LotRow>`select o.* from lots as o where ${isIt}`
  },
)

/** The lots of these numbers, by `item key`, made where there are none: three statements. */
export async function keepLots(
  ctx: Context,
  lots: readonly NewLot[],
): Promise<Map<string, LotRow>> {
  if (lots.length === 0) return new Map()
  const keyed = lots.map((lot) => ({ ...lot, lot_key: lotKey(lot.lot_number) }))
  const unique = [...new Map(keyed.map((lot) => [`${lot.item_id} ${lot.lot_key}`, lot])).values()]
  const keys = unique.map(({ item_id, lot_key }) => ({ item_id, lot_key }))
  const known = new Set(
    (await lotsByKey(ctx, { rows: keys })).map((row) => `${row.item_id} ${row.lot_key}`),
  )
  const rows = unique
    .filter((lot) => !known.has(`${lot.item_id} ${lot.lot_key}`))
    .map((lot) => ({ ...lot, id: ctx.newId('lot') as string, now: ctx.now }))
  if (rows.length > 0) await insertLots.run(ctx, { rows })
  const found = await lotsByKey(ctx, { rows: keys })
  const made = new Set(rows.map(({ id }) => id))
  for (const { id, item_id, lot_number, expires_on } of found) {
    if (!made.has(id)) continue
    emit(ctx, lotEvents.created({ lot_id: id, item_id, lot_number, expires_on }))
  }
  return new Map(found.map((row) => [`${row.item_id} ${row.lot_key}`, row]))
}

/** The lots of the day, for units of these movements that come without one; made when needed. */
export async function dayLots(
  ctx: Context,
  detail: Detail,
  posted: readonly Posted[],
): Promise<Map<Id<'item'>, Id<'lot'>>> {
  const today = dayOf(ctx.now)
  const lots = [...new Set(posted.map(({ item_id }) => item_id))].map((item_id) => {
    const days = detail.tracking.get(item_id)?.shelf_life_days ?? null
    return {
      item_id,
      lot_number: today,
      made_on: today,
      expires_on: days === null ? null : daysAfter(today, days),
      supplier_lot: null,
    }
  })
  const kept = await keepLots(ctx, lots)
  return new Map([...kept.values()].map(({ item_id, id }) => [item_id, id]))
}
