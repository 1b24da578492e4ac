import { sql } from 'kysely'
import { insertEach, updateEach } from '#platform/database/each-row'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { db } from './tables.ts'

/**
 * What units at a location can be: for sale, or kept back for a reason. Only sellable units are on
 * hand, can be promised and shipped.
 */
export const STOCK_STATES = ['sellable', 'quarantine', 'damaged', 'expired'] as const
export type StockState = (typeof STOCK_STATES)[number]
export const SELLABLE = 'sellable' satisfies StockState

export type StateChange = {
  item_id: string
  location_id: string
  state: string
  delta: number
  updated_at: string
}
const KINDS = {
  item_id: 'uuid',
  location_id: 'uuid',
  state: 'text',
  delta: 'bigint',
  updated_at: 'timestamptz',
} as const

/** Makes states of zero where there are none yet, so that the guarded update finds a row. */
export const openStates = insertEach<StateChange, unknown>(db as never, KINDS, {
  table: 'stock_states',
  values: ({ item_id, location_id, state, updated_at }) => ({
    item_id,
    location_id,
    state,
    quantity: sql`0`,
    updated_at,
  }),
  onConflict: sql`on conflict (item_id, location_id, state) do nothing`,
})

/** Changes how many units are in a state; one that would fall below zero is left untouched. */
export const changeStates = updateEach<StateChange, unknown>(db as never, KINDS, {
  table: 'stock_states',
  key: ['item_id', 'location_id', 'state'],
  set: ({ delta, updated_at }) => ({
    quantity: sql`stock_states.quantity + ${delta}`,
    updated_at,
  }),
  where: ({ delta }) => sql`stock_states.quantity + ${delta} >= 0`,
})

/** Units of these items that are not for sale, by location and state. */
export const statesOf = prepared(db, (open, p: { items: readonly string[] }, engine) =>
  open
    .selectFrom('stock_states')
    .select(['item_id', 'location_id', 'state', 'quantity'])
    .where(isOneOf(engine, 'item_id', { values: p.items, kind: 'uuid' }))
    .where('quantity', '>', 0),
)
