import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { updateEach } from '#platform/database/each-row'
import { emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import { inventoryErrors } from './errors.ts'
import { inventoryEvents } from './events.ts'
import { type OpenRow, openRowsOf } from './held.ts'
import { type Pick, pickFrom } from './parts.ts'
import { isThere, type Reference } from './release.ts'
import { db } from './tables.ts'

type Changed = {
  id: string
  was: number
  quantity: number
  reference_type: string
  reference_id: string
  updated_at: string
}

// Guarded by what was read: a promise that ended or was divided meanwhile is left untouched.
const changeOpen = updateEach<Changed, unknown>(
  db as never,
  {
    id: 'uuid',
    was: 'bigint',
    quantity: 'bigint',
    reference_type: 'text',
    reference_id: 'text',
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

/**
 * Hands part of what `from` holds to `to`: what waits for stock first, then the promises that were
 * made last. The units stay promised all the time. The caller holds the locks of both. Throws
 * `not_held` if fewer are held.
 */
export async function transferUnits(
  ctx: Context,
  { from, to }: { from: Reference; to: Reference },
  units: readonly { item_id: Id<'item'>; quantity: number }[],
): Promise<void> {
  const open = (await openRowsOf(ctx, [from])).toReversed()
  const waitingFirst = [...open.filter((row) => !isThere(row)), ...open.filter(isThere)]
  const picks: Pick[] = []
  for (const { item_id, quantity } of units) {
    const own = pickFrom(
      waitingFirst.filter((row) => row.item_id === item_id),
      quantity,
      picks,
    )
    const found = own.reduce((sum, pick) => sum + pick.quantity, 0)
    if (found < quantity) {
      const short = { requested: quantity, held: found, item_id, location_id: 'any location' }
      throw inventoryErrors.not_held(short)
    }
    picks.push(...own)
  }
  if (picks.length > 0) await hand(ctx, { from, to }, picks)
}

async function hand(
  ctx: Context,
  { from, to }: { from: Reference; to: Reference },
  picks: readonly Pick[],
): Promise<void> {
  const moved: OpenRow[] = []
  const parts: OpenRow[] = []
  const changed: Changed[] = []
  for (const own of Map.groupBy(picks, ({ row }) => row.id).values()) {
    const { row } = own[0] as Pick
    const taken = own.reduce((sum, { quantity }) => sum + quantity, 0)
    const holder = taken === row.quantity ? to : from
    const left = taken === row.quantity ? taken : row.quantity - taken
    changed.push({ id: row.id, was: row.quantity, quantity: left, ...holder, updated_at: ctx.now })
    const part = { ...row, ...to, quantity: taken, updated_at: ctx.now }
    if (taken === row.quantity) moved.push(part)
    else parts.push({ ...part, id: ctx.newId('reservation') })
  }
  const { affected } = await changeOpen.run(ctx, { rows: changed })
  if (affected !== changed.length) throw new TryAgain('a promise changed meanwhile')
  if (parts.length > 0) await insertParts(ctx, { rows: parts })
  const lines = [...moved, ...parts].filter(isThere).map((row) => ({
    reservation_id: row.id,
    item_id: row.item_id,
    location_id: row.location_id,
    quantity: row.quantity,
  }))
  const { reference_type: from_type, reference_id: from_id } = from
  emit(ctx, inventoryEvents.transferred({ ...to, from_type, from_id, lines }))
}
