import { sql } from 'kysely'
import { insertEach, updateEach } from '#platform/database/each-row'
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

/**
 * Changes how much is promised. A level is touched only if the promise stays within what is on
 * hand: the row count is the answer.
 */
export const changeReserved = updateEach<Change, unknown>(db as never, KINDS, {
  table: 'stock_levels',
  key: KEY,
  set: ({ delta, updated_at }) => ({
    reserved: sql`stock_levels.reserved + ${delta}`,
    version: next_version,
    updated_at,
  }),
  where: ({ delta }) => sql`stock_levels.reserved + ${delta} between 0 and stock_levels.on_hand`,
})

/** Makes levels of zero where there are none yet, so that the guarded update finds a row. */
export const openLevels = insertEach<Change, unknown>(db as never, KINDS, {
  table: 'stock_levels',
  values: ({ item_id, location_id, updated_at }) => ({
    item_id,
    location_id,
    on_hand: sql`0`,
    reserved: sql`0`,
    version: sql`1`,
    updated_at,
  }),
  onConflict: sql`on conflict (item_id, location_id) do nothing`,
})

type OnHand = { item_id: string; location_id: string; on_hand: number }

/** Adds to what is on hand; a level that would fall below what is promised is left untouched. */
export const changeOnHand = updateEach<Change, unknown, OnHand>(db as never, KINDS, {
  table: 'stock_levels',
  key: KEY,
  set: ({ delta, updated_at }) => ({
    on_hand: sql`stock_levels.on_hand + ${delta}`,
    version: next_version,
    updated_at,
  }),
  where: ({ delta }) => sql`stock_levels.on_hand + ${delta} >= stock_levels.reserved`,
  returning: ['item_id', 'location_id', 'on_hand'],
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
