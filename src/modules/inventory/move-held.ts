import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { writeTogether } from '#platform/database/write-together'
import { emit } from '#platform/events'
import { availableUnits } from './available.ts'
import { inventoryErrors } from './errors.ts'
import { inventoryEvents } from './events.ts'
import { openRowsOf } from './held.ts'
import { levelsAt } from './in-bulk.ts'
import { changeReserved, openLevels, tellCrossings } from './levels.ts'
import { divide, type Pick, pickFrom } from './parts.ts'
import type { Reference } from './release.ts'
import { WHY } from './why.ts'

/** Units that are to be held at another location for the same holder. */
export type HeldMove = {
  item_id: Id<'item'>
  quantity: number
  from_location_id: Id<'location'>
  to_location_id: Id<'location'>
}

/**
 * Moves promises of a holder to other locations, all or nothing. The caller holds the holder's
 * lock. Throws `not_held` if a location holds fewer for it, `insufficient_stock` if the other has
 * fewer to give.
 */
export async function moveHeld(
  ctx: Context,
  reference: Reference,
  moves: readonly HeldMove[],
): Promise<void> {
  const real = moves.filter((move) => move.from_location_id !== move.to_location_id)
  if (real.length === 0) return
  const open = await openRowsOf(ctx, [reference])
  const picks: Pick[] = []
  const parts = real.flatMap(({ item_id, quantity, from_location_id, to_location_id }) => {
    const here = open.filter((r) => r.item_id === item_id && r.location_id === from_location_id)
    const picked = pickFrom(here, quantity, picks)
    const held = picked.reduce((sum, pick) => sum + pick.quantity, 0)
    if (held < quantity) {
      const location_id = from_location_id
      throw inventoryErrors.not_held({ item_id, location_id, requested: quantity, held })
    }
    picks.push(...picked)
    return picked.map((p) => ({ ...p, to: { location_id: to_location_id, why: WHY.moved } }))
  })
  const changes = changesOf(ctx, real)
  await requireAvailable(ctx, changes)
  await openLevels.run(ctx, { rows: changes })
  const divided = divide(ctx, parts)
  emit(ctx, inventoryEvents.moved_promise({ ...reference, moves: [...real] }))
  const written = await writeTogether(ctx, {
    levels: changeReserved.bind(ctx, { rows: changes }),
    ...divided.writes,
  })
  divided.check(written)
  if (written.levels.affected !== changes.length) throw new TryAgain('stock was taken meanwhile')
  const available = changes.map(({ delta, ...at }) => ({ ...at, delta: -delta }))
  tellCrossings(ctx, written.levels.rows, available)
}

type Change = { item_id: Id<'item'>; location_id: Id<'location'>; delta: number }

/** What moves change at each shelf; a shelf that gives as much as it gets is left out. */
function changesOf(ctx: Context, moves: readonly HeldMove[]) {
  const changes = new Map<string, Change & { updated_at: string }>()
  const add = (item_id: Id<'item'>, location_id: Id<'location'>, delta: number) => {
    const key = `${item_id} ${location_id}`
    const known = changes.get(key) ?? { item_id, location_id, delta: 0, updated_at: ctx.now }
    changes.set(key, { ...known, delta: known.delta + delta })
  }
  for (const { item_id, quantity, from_location_id, to_location_id } of moves) {
    add(item_id, from_location_id, -quantity)
    add(item_id, to_location_id, quantity)
  }
  return [...changes.values()].filter(({ delta }) => delta !== 0)
}

async function requireAvailable(ctx: Context, changes: readonly Change[]): Promise<void> {
  const more = changes.filter(({ delta }) => delta > 0)
  const levels = await levelsAt(ctx, [...new Set(more.map(({ item_id }) => item_id))])
  const shortages = more.flatMap(({ item_id, location_id, delta: requested }) => {
    const level = levels.get(`${item_id} ${location_id}`)
    const available = level ? availableUnits(level) : 0
    const sku = level?.sku ?? item_id
    return available < requested ? [{ item_id, location_id, sku, requested, available }] : []
  })
  const [short] = shortages
  if (short) throw inventoryErrors.insufficient_stock({ ...short, shortages })
}
