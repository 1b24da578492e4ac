import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { updateEach } from '#platform/database/each-row'
import type { Bound } from '#platform/database/prepared'
import { insertRows } from '#platform/tables'
import type { OpenRow } from './held.ts'
import { db } from './tables.ts'

/** Units of one promise. */
export type Pick = { row: OpenRow; quantity: number }
/** What becomes of them. */
export type Part = Pick & {
  to: Partial<{ [K in 'status' | 'location_id' | 'why' | 'promised_at']: OpenRow[K] }>
}

/** Takes units from promises in the order given, as far as `taken` has left any. */
export function pickFrom(
  rows: readonly OpenRow[],
  quantity: number,
  taken: readonly Pick[] = [],
): Pick[] {
  const picks: Pick[] = []
  let left = quantity
  for (const row of rows) {
    if (left === 0) break
    const gone = taken.filter((t) => t.row.id === row.id).reduce((sum, t) => sum + t.quantity, 0)
    const units = Math.min(left, row.quantity - gone)
    if (units === 0) continue
    picks.push({ row, quantity: units })
    left -= units
  }
  return picks
}

type Changed = {
  id: string
  was: number
  quantity: number
  status: string
  location_id: string | null
  why: string | null
  promised_at: string | null
  updated_at: string
}

// Guarded by what was read: a promise that ended or was divided meanwhile is left untouched.
const changeOpen = updateEach<Changed, unknown>(
  db as never,
  {
    id: 'uuid',
    was: 'bigint',
    quantity: 'bigint',
    status: 'text',
    location_id: 'uuid',
    why: 'text',
    promised_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
  {
    table: 'reservations',
    key: ['id'],
    set: ({ id: _, was: __, ...set }) => set,
    where: ({ was }) => sql`reservations.quantity = ${was}
      and reservations.status in ('pending', 'confirmed')`,
  },
)
const insertParts = insertRows(db, 'reservations')

type Written = { changed: { affected: number } }

/**
 * The writes that give parts of promises another state or location. A promise that is used up
 * becomes its last part; of one that is not, a smaller promise stays. Answers what the parts have
 * become, in their order; `check` is to be told what was written.
 */
export function divide(ctx: Context, parts: readonly Part[]) {
  const changed: Changed[] = []
  const parted: OpenRow[] = []
  const became = new Map<Part, OpenRow>()
  for (const own of Map.groupBy(parts, ({ row }) => row.id).values()) {
    const { row } = own[0] as Part
    const left = row.quantity - own.reduce((sum, { quantity }) => sum + quantity, 0)
    const kept = left === 0 ? own.at(-1) : undefined
    for (const part of own) {
      const fresh = { ...row, ...part.to, quantity: part.quantity, updated_at: ctx.now }
      if (part === kept) became.set(part, fresh)
      else {
        const other = { ...fresh, id: ctx.newId('reservation') }
        parted.push(other)
        became.set(part, other)
      }
    }
    const rest = (kept && became.get(kept)) ?? { ...row, quantity: left }
    const { id, quantity, status, location_id, why, promised_at } = rest
    const values = { id, was: row.quantity, quantity, status, location_id, why, promised_at }
    changed.push({ ...values, updated_at: ctx.now })
  }
  const writes: Record<'changed', Bound<never>> & Partial<Record<'parted', Bound<never>>> = {
    changed: changeOpen.bind(ctx, { rows: changed }),
    ...(parted.length > 0 && { parted: insertParts.bind(ctx, { rows: parted }) }),
  }
  const check = ({ changed: { affected } }: Written): void => {
    if (affected !== changed.length) throw new TryAgain('a promise changed meanwhile')
  }
  return { rows: parts.map((part) => became.get(part) as OpenRow), writes, check }
}
