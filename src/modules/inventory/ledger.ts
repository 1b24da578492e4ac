import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { writeTogether } from '#platform/database/write-together'
import { emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import { inventoryEvents, type LotUnits as LotUnitsSchema } from './events.ts'
import { changeOnHand, openLevels, tellCrossings } from './levels.ts'
import { refuseMovements } from './refuse-movements.ts'
import { changeStates, openStates, SELLABLE, type StockState } from './states.ts'
import { db } from './tables.ts'

export const MOVEMENT_KINDS = [
  'received',
  'adjusted',
  'shipped',
  'returned',
  'transferred_out',
  'transferred_in',
  'counted',
  'moved',
  'scrapped',
] as const
export type MovementKind = (typeof MOVEMENT_KINDS)[number]

/** Units of a lot, in a bin, with their serial numbers. */
export type LotUnits = Static<typeof LotUnitsSchema>

/**
 * Units that come in (positive) or go out (negative) at one location; with both states named, that
 * many units change from one to the other there.
 */
export type Movement = {
  item_id: Id<'item'>
  /** For the event only. */
  sku: string
  location_id: Id<'location'>
  quantity_delta: number
  kind: MovementKind
  reason: string | null
  /** What units that go out were; sellable unless it is named. */
  state_from?: StockState
  /** What units that come in are; sellable unless it is named. */
  state_to?: StockState
  lots?: readonly LotUnits[]
  /** What a unit that comes in cost, in minor units of `currency`. */
  unit_cost_amount?: number | null
  currency?: string | null
  reference_type?: string
  reference_id?: string
}

/** Ledger rows for `writeTogether`, beside the levels that they change. */
export const insertMovements = insertRows(db, 'stock_movements', ['sequence'])

export type MovementRow = ReturnType<typeof movementRow>

/**
 * Posts movements to the ledger and to the levels, all or nothing: the only way that units come,
 * go or change their state. A fixed number of statements, and an `inventory.adjusted` for each
 * movement but those of transfers. Throws `below_reserved` and `not_in_state`, so callers that
 * want to refuse in their own words check before.
 */
export async function postMovements(ctx: Context, movements: readonly Movement[]): Promise<void> {
  const { rows, on_hand } = await post(ctx, movements)
  const named = movements.filter(({ quantity_delta }) => quantity_delta !== 0)
  for (const [nth, row] of rows.entries()) {
    if (row.kind.startsWith('transferred')) continue
    tellAdjusted(ctx, row, { sku: named[nth]?.sku ?? '', on_hand })
  }
}

/** The same without an `inventory.adjusted`. Answers the rows and what is on hand now. */
export async function post(ctx: Context, movements: readonly Movement[]) {
  const real = movements.filter(({ quantity_delta }) => quantity_delta !== 0)
  const rows = real.map((movement) => movementRow(ctx, movement))
  if (rows.length === 0) return { rows, on_hand: new Map<string, number>() }
  const { levels, states } = changesOf(ctx, rows)
  await openLevels.run(ctx, { rows: levels })
  if (states.length > 0) await openStates.run(ctx, { rows: states })
  tellPosted(ctx, rows)
  const written = await writeTogether(ctx, {
    levels: changeOnHand.bind(ctx, { rows: levels }),
    ...(states.length > 0 && { states: changeStates.bind(ctx, { rows: states }) }),
    movements: insertMovements.bind(ctx, { rows }),
  })
  const changed = written.levels.affected + (written.states?.affected ?? 0)
  if (changed !== levels.length + states.length) await refuseMovements(ctx, { levels, states })
  tellCrossings(ctx, written.levels.rows, levels)
  const on_hand = new Map(
    written.levels.rows.map((row) => [`${row.item_id} ${row.location_id}`, row.on_hand]),
  )
  return { rows, on_hand }
}

/** What rows of the ledger change: an entry a level, and one a state that is not for sale. */
function changesOf(ctx: Context, rows: readonly MovementRow[]) {
  const levels = new Map<string, Delta>()
  const states = new Map<string, Delta & { state: string }>()
  const add = (row: MovementRow, state: string | null, delta: number) => {
    const { item_id, location_id } = row
    const key = `${item_id} ${location_id}`
    const level = levels.get(key) ?? { item_id, location_id, delta: 0, updated_at: ctx.now }
    levels.set(key, level)
    if (state === SELLABLE) level.delta += delta
    else if (state !== null) {
      const kept = states.get(`${key} ${state}`) ?? { ...level, state, delta: 0 }
      kept.delta += delta
      states.set(`${key} ${state}`, kept)
    }
  }
  for (const row of rows) {
    add(row, row.state_from, -row.quantity)
    add(row, row.state_to, row.quantity)
  }
  return { levels: [...levels.values()], states: [...states.values()] }
}
type Delta = { item_id: Id<'item'>; location_id: Id<'location'>; delta: number; updated_at: string }

/** One row of the ledger. */
export function movementRow(ctx: Context, movement: Movement) {
  const { item_id, location_id, kind, reason, quantity_delta, lots } = movement
  const both = movement.state_from !== undefined && movement.state_to !== undefined
  const goes = both || quantity_delta < 0
  const comes = both || quantity_delta > 0
  return {
    id: ctx.newId('movement'),
    item_id,
    location_id,
    kind,
    state_from: goes ? (movement.state_from ?? SELLABLE) : null,
    state_to: comes ? (movement.state_to ?? SELLABLE) : null,
    quantity: Math.abs(quantity_delta),
    reason,
    reference_type: movement.reference_type ?? null,
    reference_id: movement.reference_id ?? null,
    actor: ctx.actor.id,
    occurred_at: ctx.now,
    posted_at: ctx.now,
    lots: lots === undefined ? null : [...lots],
    unit_cost_amount: movement.unit_cost_amount ?? null,
    currency: movement.currency ?? null,
  }
}

const LINES_PER_EVENT = 1000

/** Tells modules that keep something beside the ledger of its new rows, by the thousand. */
export function tellPosted(ctx: Context, rows: readonly MovementRow[]): void {
  const references = Map.groupBy(rows, (row) => `${row.reference_type} ${row.reference_id}`)
  for (const own of references.values()) {
    const { reference_type, reference_id } = own[0] as MovementRow
    for (let from = 0; from < own.length; from += LINES_PER_EVENT) {
      const lines = own.slice(from, from + LINES_PER_EVENT).map(postedLine)
      const posting_id = ctx.newId('posting')
      emit(ctx, inventoryEvents.posted({ posting_id, reference_type, reference_id, lines }))
    }
  }
}

const postedLine = ({ id: movement_id, lots, ...row }: MovementRow) => ({
  movement_id,
  item_id: row.item_id,
  location_id: row.location_id,
  kind: row.kind,
  state_from: row.state_from,
  state_to: row.state_to,
  quantity: row.quantity,
  reason: row.reason,
  ...(lots && { lots }),
  unit_cost_amount: row.unit_cost_amount,
  currency: row.currency,
})

/** The event of one movement, for the history of its item. */
export function tellAdjusted(
  ctx: Context,
  row: MovementRow,
  { sku, on_hand }: { sku: string; on_hand: ReadonlyMap<string, number> },
): void {
  const { item_id, location_id, kind, reason, state_from, state_to, quantity, lots } = row
  const came = (state_to === SELLABLE ? quantity : 0) - (state_from === SELLABLE ? quantity : 0)
  const { reference_type, reference_id } = row
  emit(
    ctx,
    inventoryEvents.adjusted({
      item_id,
      sku,
      location_id,
      kind,
      quantity_delta: came,
      on_hand: on_hand.get(`${item_id} ${location_id}`) ?? 0,
      reason,
      state_from,
      state_to,
      quantity,
      ...(lots && { lots }),
      reference_type,
      reference_id,
    }),
  )
}
