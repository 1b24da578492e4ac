import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { insertEach, updateEach } from '#platform/database/each-row'
import type { Bound } from '#platform/database/prepared'
import { writeTogether } from '#platform/database/write-together'
import { insertRows } from '#platform/tables'
import { db, type SerialRow } from '../tables.ts'
import type { Plan, SerialMove, Step } from './plan.ts'
import { type Place, type Posted, placeOf, spotOf } from './posted.ts'

type Change = {
  item_id: string
  location_id: string
  state: string
  spot: string
  bin_id: string | null
  lot_id: string | null
  delta: number
  updated_at: string
}

const KINDS = {
  item_id: 'uuid',
  location_id: 'uuid',
  state: 'text',
  spot: 'text',
  bin_id: 'uuid',
  lot_id: 'uuid',
  delta: 'bigint',
  updated_at: 'timestamptz',
} as const

const openSpots = insertEach<Change, unknown>(db as never, KINDS, {
  table: 'lot_levels',
  values: ({ delta: _, ...place }) => ({ ...place, quantity: sql`0`, version: sql`1` }),
  onConflict: sql`on conflict (item_id, location_id, state, spot) do nothing`,
})

// The only statement that changes what lies at a place, beside the rows that say why.
const changeSpots = updateEach<Change, unknown>(db as never, KINDS, {
  table: 'lot_levels',
  key: ['item_id', 'location_id', 'state', 'spot'],
  set: ({ delta, updated_at }) => ({
    quantity: sql`lot_levels.quantity + ${delta}`,
    version: sql`lot_levels.version + 1`,
    updated_at,
  }),
  where: ({ delta }) => sql`lot_levels.quantity + ${delta} >= 0`,
})

const insertSteps = insertRows(db, 'lot_movements', ['sequence'])
const insertSerialMoves = insertRows(db, 'serial_moves', ['sequence'])

const insertSerials = insertEach<SerialRow, unknown>(db as never, db.kinds('serials') as never, {
  table: 'serials',
  values: (row) => ({ ...row, version: sql`1` }),
  onConflict: sql`on conflict (item_id, serial_key) do nothing`,
})

type Moved = Pick<
  SerialRow,
  'id' | 'status' | 'location_id' | 'state' | 'bin_id' | 'lot_id' | 'received_at' | 'version'
> & { updated_at: string }

const updateSerials = updateEach<Moved, unknown>(
  db as never,
  {
    id: 'uuid',
    status: 'text',
    location_id: 'uuid',
    state: 'text',
    bin_id: 'uuid',
    lot_id: 'uuid',
    received_at: 'timestamptz',
    version: 'bigint',
    updated_at: 'timestamptz',
  },
  {
    table: 'serials',
    key: ['id'],
    set: ({ id: _, version, ...place }) => ({ ...place, version: sql`${version} + 1` }),
    where: ({ version }) => sql`serials.version = ${version}`,
  },
)

type Delta = { place: Place; delta: number }

/**
 * Writes what a plan says, all or nothing: five statements at most. A place that would fall below
 * zero, or a serial number that someone else moved, sends the command back to read again.
 */
export async function writePlan(
  ctx: Context,
  plan: Plan,
  changed: readonly Delta[],
): Promise<void> {
  if (plan.steps.length === 0) return
  const changes = changed.map((one) => changeOf(ctx, one))
  const growing = changes.filter(({ delta }) => delta > 0)
  if (growing.length > 0) await openSpots.run(ctx, { rows: growing })
  const { fresh, known } = serialsOf(plan)
  const moved = known.map((row) => ({ ...row, updated_at: ctx.now }))
  if (fresh.length > 0) {
    const { affected } = await insertSerials.run(ctx, { rows: fresh })
    if (affected !== fresh.length) throw new TryAgain('a serial number came meanwhile')
  }
  const writes: Record<string, Bound<never>> = {
    steps: insertSteps.bind(ctx, { rows: plan.steps.map((step) => stepRow(ctx, step)) }),
  }
  if (changes.length > 0) writes.spots = changeSpots.bind(ctx, { rows: changes })
  if (moved.length > 0) writes.serials = updateSerials.bind(ctx, { rows: moved })
  if (plan.serials.length > 0) {
    const rows = plan.serials.map((move) => serialRow(ctx, move))
    writes.history = insertSerialMoves.bind(ctx, { rows })
  }
  const { spots, serials } = await writeTogether(ctx, writes)
  if (spots && spots.affected !== changes.length) {
    throw new TryAgain('units were taken from their place meanwhile')
  }
  if (serials && serials.affected !== moved.length) {
    throw new TryAgain('a serial number was moved meanwhile')
  }
}

// In the order of the key, so that two crowds wait for each other in one direction.
const changeOf = (ctx: Context, { place, delta }: Delta): Change => ({
  ...place,
  spot: spotOf(place),
  delta,
  updated_at: ctx.now,
})

/** Each serial number once, as it is at the end. */
function serialsOf({ serials }: Plan): { fresh: SerialRow[]; known: SerialRow[] } {
  const rows = [...new Map(serials.map(({ row }) => [row.id, row])).values()]
  return {
    fresh: rows.filter(({ version }) => version === 0),
    known: rows.filter(({ version }) => version > 0),
  }
}

const causeOf = (ctx: Context, { kind, reason, reference_type, reference_id }: Posted) => ({
  kind,
  reason,
  reference_type,
  reference_id,
  actor: ctx.actor.id,
  occurred_at: ctx.now,
})

const stepRow = (ctx: Context, { movement, ...step }: Step) => ({
  id: ctx.newId('movement'),
  ...step,
  ...causeOf(ctx, movement),
})

const serialRow = (ctx: Context, { row, to, is_assumed, movement }: SerialMove) => ({
  serial_id: row.id,
  status: to.status,
  location_id: to.location_id,
  state: to.state,
  bin_id: to.bin_id,
  is_assumed,
  ...causeOf(ctx, movement),
})

export const byPlace = (a: Delta, b: Delta): number =>
  placeOf(a.place) < placeOf(b.place) ? -1 : 1
