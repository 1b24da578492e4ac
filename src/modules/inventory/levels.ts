import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { insertEach, updateEach } from '#platform/database/each-row'
import { emit } from '#platform/events'
import { availableUnits, type LevelCounts } from './available.ts'
import { inventoryEvents } from './events.ts'
import { db } from './tables.ts'

// The only statements that change a stock level. Each runs beside the rows that it counts.

export type Change = { item_id: string; location_id: string; delta: number; updated_at: string }

const KINDS = {
  item_id: 'uuid',
  location_id: 'uuid',
  delta: 'bigint',
  updated_at: 'timestamptz',
} as const

const KEY = ['item_id', 'location_id'] as const
const next_version = sql`stock_levels.version + 1`

/** A level as a write left it: what `tellCrossings` asks for. */
export type WrittenLevel = LevelCounts & {
  item_id: Id<'item'>
  location_id: Id<'location'>
  low_at: number | null
}
export const WRITTEN = [
  'item_id',
  'location_id',
  'on_hand',
  'reserved',
  'safety_stock',
  'low_at',
] as const satisfies readonly (keyof WrittenLevel)[]
const returning: readonly string[] = WRITTEN

/**
 * Changes how much is promised. More is promised only within what is on hand above the safety
 * stock, and giving back always works: the row count is the answer.
 */
export const changeReserved = updateEach<Change, unknown, WrittenLevel>(db as never, KINDS, {
  table: 'stock_levels',
  key: KEY,
  set: ({ delta, updated_at }) => ({
    reserved: sql`stock_levels.reserved + ${delta}`,
    version: next_version,
    updated_at,
  }),
  where: ({ delta }) => sql`stock_levels.reserved + ${delta} >= 0 and (${delta} <= 0
    or stock_levels.reserved + ${delta} <= stock_levels.on_hand - stock_levels.safety_stock)`,
  returning,
})

/** Makes levels of zero where there are none yet, so that the guarded update finds a row. */
export const openLevels = insertEach<Change, unknown>(db as never, KINDS, {
  table: 'stock_levels',
  values: ({ item_id, location_id, updated_at }) => ({
    item_id,
    location_id,
    on_hand: sql`0`,
    reserved: sql`0`,
    low_at: sql`(select reorder_point from inventory_items where id = ${item_id})`,
    version: sql`1`,
    updated_at,
  }),
  onConflict: sql`on conflict (item_id, location_id) do nothing`,
})

/** Adds to what is on hand; a level that would fall below what is promised is left untouched. */
export const changeOnHand = updateEach<Change, unknown, WrittenLevel>(db as never, KINDS, {
  table: 'stock_levels',
  key: KEY,
  set: ({ delta, updated_at }) => ({
    on_hand: sql`stock_levels.on_hand + ${delta}`,
    version: next_version,
    updated_at,
  }),
  where: ({ delta }) => sql`stock_levels.on_hand + ${delta} >= stock_levels.reserved`,
  returning,
})

/** Takes promised units off the shelf: on hand and reserved fall together. */
export const takeReserved = updateEach<Change, unknown>(db as never, KINDS, {
  table: 'stock_levels',
  key: KEY,
  set: ({ delta, updated_at }) => ({
    on_hand: sql`stock_levels.on_hand + ${delta}`,
    reserved: sql`stock_levels.reserved + ${delta}`,
    version: next_version,
    updated_at,
  }),
  where: ({ delta }) => sql`stock_levels.reserved + ${delta} >= 0`,
})

type Units = { item_id: string; location_id: string; delta: number }

/**
 * Tells which shelves have just run low or out. `before` of a level is what the write left less
 * what it changed, so each crossing is told once, by the write that crossed, whoever else writes.
 * `deltas` are changes of what is available.
 */
export function tellCrossings(
  ctx: Context,
  levels: readonly WrittenLevel[],
  deltas: readonly Units[],
): void {
  const changed = new Map(deltas.map((d) => [`${d.item_id} ${d.location_id}`, d.delta]))
  for (const level of levels) {
    const delta = changed.get(`${level.item_id} ${level.location_id}`) ?? 0
    if (delta < 0) tellCrossing(ctx, level, { ...level, on_hand: level.on_hand - delta })
  }
}

/** Tells if a shelf has run low or out between two states of it. */
export function tellCrossing(
  ctx: Context,
  level: WrittenLevel,
  before: LevelCounts & { low_at: number | null },
): void {
  const { item_id, location_id, low_at } = level
  const [was, is] = [availableUnits(before), availableUnits(level)]
  const wasLow = before.low_at !== null && was <= before.low_at
  if (low_at !== null && is <= low_at && !wasLow) {
    const low = { item_id, location_id, available_quantity: is, reorder_point: low_at }
    emit(ctx, inventoryEvents.low_stock(low))
  }
  if (was > 0 && is === 0) emit(ctx, inventoryEvents.out_of_stock({ item_id, location_id }))
}
