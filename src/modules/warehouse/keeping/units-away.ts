import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { eachRow, type Row } from '#platform/database/each-row'
import { db, type SerialRow } from '../tables.ts'
import type { LotUnits, Posted } from './posted.ts'

/** What left under a reference and has not come back under it. */
export type Away = LotUnits[]

export const awayKey = (movement: Pick<Posted, 'reference_type' | 'reference_id' | 'item_id'>) =>
  `${movement.reference_type} ${movement.reference_id} ${movement.item_id}`

type Asked = { reference_type: string; reference_id: string; item_id: string }
const ASKED = { reference_type: 'text', reference_id: 'text', item_id: 'uuid' } as const

type LotAway = Asked & { lot_id: Id<'lot'> | null; quantity: number }

const lotsAway = eachRow(db, ASKED, (asked: Row<Asked>, from) => {
  const isIt = sql`m.reference_id = ${asked.reference_id}
    and m.reference_type = ${asked.reference_type} and m.item_id = ${asked.item_id}
    and m.kind in ('transferred_out', 'transferred_in')`
  const columns = sql`m.reference_type, m.reference_id, m.item_id, m.lot_id`
  const rest = sql`group by ${columns} having sum(m.quantity_delta) < 0 order by m.lot_id`
  const what = sql`${columns}, -sum(m.quantity_delta) as quantity`
  return from
    ? sql<LotAway>`select ${what} from ${from} as r join lot_movements as m on ${isIt} ${rest}`
    : sql<LotAway>`select ${what} from lot_movements as m where ${isIt} ${rest}`
})

type SerialAway = SerialRow & { reference_type: string; reference_id: string }

const serialsAway = eachRow(db, ASKED, (asked: Row<Asked>, from) => {
  const isIt = sql`m.reference_id = ${asked.reference_id}
    and m.reference_type = ${asked.reference_type} and m.status = 'in_transit'`
  const serials = sql`join serials as s on s.id = m.serial_id and s.status = 'in_transit'
    and s.item_id = ${asked.item_id}`
  const what = sql`distinct m.reference_type, m.reference_id, s.*`
  const rest = sql`order by s.serial_number`
  return from
    ? sql<SerialAway>`select ${what} from ${from} as r join serial_moves as m on ${isIt}
        ${serials} ${rest}`
    : sql<SerialAway>`select ${what} from serial_moves as m ${serials} where ${isIt} ${rest}`
})

/** What is on its way under the references of these movements, by `awayKey`: two statements. */
export async function unitsAway(
  ctx: Context,
  movements: readonly Posted[],
): Promise<{ away: Map<string, Away>; rows: SerialRow[] }> {
  const rows = [...new Map(movements.map((one) => [awayKey(one), one])).values()].map(
    ({ reference_type, reference_id, item_id }) => ({
      reference_type: reference_type ?? '',
      reference_id: reference_id ?? '',
      item_id,
    }),
  )
  const away = new Map<string, Away>()
  if (rows.length === 0) return { away, rows: [] }
  const [lots, serials] = await Promise.all([lotsAway(ctx, { rows }), serialsAway(ctx, { rows })])
  const numbered = new Set(serials.map(({ item_id }) => item_id))
  const add = (row: SerialAway | LotAway, units: LotUnits) => {
    const key = awayKey({ ...row, item_id: row.item_id as Id<'item'> })
    const of = row.lot_id === null ? units : { ...units, lot_id: row.lot_id }
    away.set(key, [...(away.get(key) ?? []), of])
  }
  for (const row of serials) add(row, { quantity: 1, serial_numbers: [row.serial_number] })
  // Of an item with serial numbers these say all.
  for (const row of lots) {
    if (!numbered.has(row.item_id as Id<'item'>)) add(row, { quantity: row.quantity })
  }
  return { away, rows: serials }
}
