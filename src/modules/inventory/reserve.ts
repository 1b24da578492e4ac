import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { eachRow, type Row } from '#platform/database/each-row'
import type { Bound } from '#platform/database/prepared'
import { writeTogether } from '#platform/database/write-together'
import { emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import { type Demand, type Level, type Part, planParts } from './allocation.ts'
import { inventoryErrors } from './errors.ts'
import { inventoryEvents } from './events.ts'
import { changeReserved } from './levels.ts'
import { expireDue } from './release.ts'
import { db } from './tables.ts'

/** Who holds stock, and until when (never expires if null). */
export type Holder = {
  reference_type: string
  reference_id: string
  expires_at?: string | null
}

/**
 * The `reference_type` of what placed orders hold. Orders take and give back their stock
 * themselves, so that they never stand without it; by hand nobody makes, releases or cancels such
 * a promise.
 */
export const ORDER = 'order'

/** The `reference_type` of what open checkouts hold, for a time; by hand nobody makes one. */
export const CHECKOUT = 'checkout'

/** Which units of which shelf are to be promised. Nothing is written yet. */
export type ReservationPlan = { holder: Holder; parts: readonly Part[] }

const levelsOf = eachRow(db, { item_id: 'uuid' }, (wanted: Wanted, from) => {
  const isWanted = sql`i.id = ${wanted.item_id}`
  const items = sql`inventory_items as i`
  return sql<Level>`
    select i.id as item_id, i.sku, l.location_id, l.on_hand, l.reserved, p.priority
    from ${from ? sql`${from} as r join ${items} on ${isWanted}` : items}
    left join stock_levels as l on l.item_id = i.id
    left join locations as p on p.id = l.location_id
    where p.archived_at is null ${from ? sql`` : sql`and ${isWanted}`}`
})
type Wanted = Row<{ item_id: Id<'item'> }>

/**
 * Chooses the shelves for a demand: the first location (by priority) that can give all of an item,
 * else as few locations as it takes. Demand is grouped per item first. Throws
 * `insufficient_stock` with every short item in `details.shortages`.
 */
export async function planReservation(
  ctx: Context,
  demands: readonly Demand[],
  holder: Holder,
): Promise<ReservationPlan> {
  const wanted = grouped(demands)
  const items = [...wanted.keys()]
  const rows = items.map((item_id) => ({ item_id }))
  let plan = planParts(wanted, await levelsOf(ctx, { rows }))
  if (plan.shortages.length > 0 && (await expireDue(ctx, items)) > 0) {
    plan = planParts(wanted, await levelsOf(ctx, { rows }))
  }
  const [short] = plan.shortages
  if (short) throw inventoryErrors.insufficient_stock({ ...short, shortages: plan.shortages })
  return { holder, parts: plan.parts }
}

function grouped(demands: readonly Demand[]): Map<Id<'item'>, Demand> {
  const wanted = new Map<Id<'item'>, Demand>()
  for (const demand of demands) {
    const key = demand.item_id
    const quantity = (wanted.get(key)?.quantity ?? 0) + demand.quantity
    wanted.set(key, { ...demand, quantity })
  }
  return wanted
}

const insertReservations = insertRows(db, 'reservations')

/**
 * The writes of a plan, for `writeTogether` with the holder's own. Emits `inventory.reserved`.
 * Afterwards `assertReserved` must be told how many levels were touched.
 */
export function reservationWrites(
  ctx: Context,
  { holder, parts }: ReservationPlan,
): { levels: Bound<never>; reservations: Bound<never> } {
  const { reference_type, reference_id, expires_at = null } = holder
  const rows = parts.map(({ item_id, location_id, quantity }) => ({
    id: ctx.newId('reservation'),
    reference_type,
    reference_id,
    item_id,
    location_id,
    quantity,
    status: 'pending' as const,
    expires_at,
    created_at: ctx.now,
    updated_at: ctx.now,
  }))
  const lines = rows.map(({ id, item_id, location_id, quantity }) => ({
    reservation_id: id,
    item_id,
    location_id,
    quantity,
  }))
  emit(ctx, inventoryEvents.reserved({ reference_type, reference_id, lines, expires_at }))
  const changes = parts.map(({ item_id, location_id, quantity }) => ({
    item_id,
    location_id,
    delta: quantity,
    updated_at: ctx.now,
  }))
  return {
    levels: changeReserved.bind(ctx, { rows: changes }),
    reservations: insertReservations.bind(ctx, { rows }),
  }
}

/** Someone else took a unit between plan and write: undo all and plan again. */
export function assertReserved({ parts }: ReservationPlan, touched: number): void {
  if (touched !== parts.length) throw new TryAgain('stock was taken meanwhile')
}

/** Promises units to a holder, or refuses: what is promised never exceeds what is on hand. */
export async function reserveStock(
  ctx: Context,
  demands: readonly Demand[],
  holder: Holder,
): Promise<ReservationPlan> {
  const plan = await planReservation(ctx, demands, holder)
  const { levels } = await writeTogether(ctx, reservationWrites(ctx, plan))
  assertReserved(plan, levels.affected)
  return plan
}
