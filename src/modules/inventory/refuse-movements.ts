import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { inventoryErrors } from './errors.ts'
import { SELLABLE, statesOf } from './states.ts'
import { db } from './tables.ts'

type Wanted = { item_id: Id<'item'>; location_id: Id<'location'>; delta: number }
type Wants = { levels: readonly Wanted[]; states: readonly (Wanted & { state: string })[] }

const levelsOf = prepared(db, (open, p: { items: readonly string[] }, engine) =>
  open
    .selectFrom('stock_levels as l')
    .innerJoin('inventory_items as i', 'i.id', 'l.item_id')
    .innerJoin('locations as p', 'p.id', 'l.location_id')
    .select(['l.item_id', 'l.location_id', 'l.on_hand', 'l.reserved', 'i.sku', 'p.code'])
    .where(isOneOf(engine, 'l.item_id', { values: p.items, kind: 'uuid' })),
)

/**
 * Says why a posting was not written: a shelf has fewer units than it needs, or somebody took some
 * between the look and the write, and then all is tried again. Throws `below_reserved`,
 * `not_in_state`.
 */
export async function refuseMovements(ctx: Context, { levels, states }: Wants): Promise<never> {
  const items = [...new Set(levels.map(({ item_id }) => item_id))]
  const known = await levelsOf(ctx, { items })
  const at = new Map(known.map((row) => [`${row.item_id} ${row.location_id}`, row]))
  for (const { item_id, location_id, delta } of levels) {
    const level = at.get(`${item_id} ${location_id}`)
    const on_hand = (level?.on_hand ?? 0) + delta
    const reserved = level?.reserved ?? 0
    const named = { sku: level?.sku ?? item_id, location: level?.code ?? location_id }
    if (on_hand < reserved) throw inventoryErrors.below_reserved({ ...named, reserved, on_hand })
  }
  const kept = await statesOf(ctx, { items })
  for (const { item_id, location_id, state, delta } of states) {
    const found = kept.find(
      (row) => row.item_id === item_id && row.location_id === location_id && row.state === state,
    )
    const available = found?.quantity ?? 0
    if (available + delta >= 0) continue
    const level = at.get(`${item_id} ${location_id}`)
    const named = { sku: level?.sku ?? item_id, location: level?.code ?? location_id }
    throw inventoryErrors.not_in_state({ ...named, state, requested: -delta, available })
  }
  throw new TryAgain(`${SELLABLE} stock changed meanwhile`)
}
