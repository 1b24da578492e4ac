import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { eachRow, type Row } from '#platform/database/each-row'
import type { Bound } from '#platform/database/prepared'
import { writeTogether } from '#platform/database/write-together'
import { emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import { type Allocation, type Demand, type Level, type Part, wantsOf } from './allocation.ts'
import { type Ahead, planWaiting, type WaitingPart } from './backorders/plan.ts'
import { changeBackordered, waitingChanges } from './backorders/waiting.ts'
import { inventoryErrors } from './errors.ts'
import { inventoryEvents } from './events.ts'
import { changeReserved, tellCrossings, type WrittenLevel } from './levels.ts'
import { datedBySupplies } from './promising/dates.ts'
import { expireDue } from './release.ts'
import { type Destination, routerOf } from './routing/router.ts'
import { db } from './tables.ts'

/** Who holds stock, and until when (never expires if null). */
export type Holder = {
  reference_type: string
  reference_id: string
  expires_at?: string | null
  /** Where the units go, for rules that prefer what is near. */
  destination?: Destination | null
  /** False where nobody wants to wait: then only what is in stock is promised. */
  may_wait?: boolean
}

/**
 * The `reference_type` of what placed orders hold. Orders take and give back their stock
 * themselves, so that they never stand without it; by hand nobody makes, releases or cancels such
 * a promise.
 */
export const ORDER = 'order'

/** The `reference_type` of what open checkouts hold, for a time; by hand nobody makes one. */
export const CHECKOUT = 'checkout'

/** The `reference_type` of what open sessions of agents hold, for a time; likewise. */
export const AGENT_SESSION = 'agent_session'

/** The `reference_type` of what planned transfers hold until they leave; likewise. */
export const TRANSFER = 'transfer'

/** Whether the house itself makes and ends such promises, and nobody by hand. */
export const isHeldByHouse = (
  reference_type: string | null | undefined,
): reference_type is string =>
  reference_type === ORDER ||
  reference_type === CHECKOUT ||
  reference_type === AGENT_SESSION ||
  reference_type === TRANSFER

/** Which units of which shelf are to be promised, and which wait. Nothing is written yet. */
export type ReservationPlan = {
  holder: Holder
  parts: readonly Part[]
  waiting: readonly WaitingPart[]
}

type KnownLevel = Level & Ahead
const levelsOf = eachRow(db, { item_id: 'uuid' }, (wanted: Wanted, from) => {
  const isWanted = sql`i.id = ${wanted.item_id}`
  const items = sql`inventory_items as i`
  return sql<KnownLevel>`
    select i.id as item_id, i.sku, i.backorder_limit, i.backordered, i.preorder_until,
      i.lead_time_days, l.location_id, l.on_hand, l.reserved, l.safety_stock, p.priority
    from ${from ? sql`${from} as r join ${items} on ${isWanted}` : items}
    left join stock_levels as l on l.item_id = i.id
    left join locations as p on p.id = l.location_id
    where p.archived_at is null ${from ? sql`` : sql`and ${isWanted}`}`
})
type Wanted = Row<{ item_id: Id<'item'> }>

/**
 * Chooses the shelves for a demand by the routing rules; without any, the first location (by
 * priority) that can give all of an item, else as few locations as it takes. Demand is grouped per
 * item first. What is short waits for stock, as far as the item's limit allows. Throws
 * `insufficient_stock` with every short item in `details.shortages`.
 */
export async function planReservation(
  ctx: Context,
  demands: readonly Demand[],
  holder: Holder,
): Promise<ReservationPlan> {
  const destination = holder.destination ?? null
  let plan = await allocationOf(ctx, demands, destination)
  const short_items = plan.shortages.map(({ item_id }) => item_id)
  if (short_items.length > 0 && (await expireDue(ctx, short_items)) > 0) {
    plan = await allocationOf(ctx, demands, destination)
  }
  if (plan.shortages.length === 0) return { holder, parts: plan.parts, waiting: [] }
  const mayWait = holder.may_wait === false ? [] : plan.levels
  const ahead = new Map(mayWait.map((level) => [level.item_id, level]))
  const { waiting, refused } = planWaiting(ctx, plan.shortages, ahead)
  const [short] = refused
  if (short) throw inventoryErrors.insufficient_stock({ ...short, shortages: refused })
  return { holder, parts: plan.parts, waiting: await datedBySupplies(ctx, waiting, plan.parts) }
}

/** How demands are divided over shelves now, and the levels that were seen. Throws nothing. */
export async function allocationOf(
  ctx: Context,
  demands: readonly Demand[],
  destination: Destination | null,
): Promise<Allocation & { levels: readonly KnownLevel[] }> {
  const wanted = grouped(demands)
  const allocate = await routerOf(ctx, destination)
  const levels = await levelsOf(ctx, { rows: [...wanted.keys()].map((item_id) => ({ item_id })) })
  return { ...allocate(wantsOf(wanted, levels)), levels }
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

type Writes = {
  levels: Bound<WrittenLevel>
  reservations: Bound<never>
  backordered?: Bound<never>
}

/**
 * The writes of a plan, for `writeTogether` with the holder's own. Emits `inventory.reserved` and
 * `inventory.backordered`. Afterwards `assertReserved` must be told what was written.
 */
export function reservationWrites(ctx: Context, plan: ReservationPlan): Writes {
  const { reference_type, reference_id, expires_at = null } = plan.holder
  const held = {
    reference_type,
    reference_id,
    expires_at,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  const rows = [
    ...plan.parts.map((part) => ({ ...part, promised_at: null })),
    ...plan.waiting.map((part) => ({ ...part, location_id: null })),
  ].map(({ item_id, location_id, quantity, why, promised_at }) => ({
    id: ctx.newId('reservation'),
    ...held,
    item_id,
    location_id,
    quantity,
    status: 'pending' as const,
    why,
    promised_at,
  }))
  tellReserved(ctx, plan, rows)
  const changes = plan.parts.map(({ item_id, location_id, quantity }) => ({
    item_id,
    location_id,
    delta: quantity,
    updated_at: ctx.now,
  }))
  const waiting = waitingChanges(plan.waiting)
  return {
    levels: changeReserved.bind(ctx, { rows: changes }),
    reservations: insertReservations.bind(ctx, { rows }),
    ...(waiting.length > 0 && { backordered: changeBackordered.bind(ctx, { rows: waiting }) }),
  }
}

type NewRow = {
  id: Id<'reservation'>
  item_id: Id<'item'>
  location_id: Id<'location'> | null
  quantity: number
  why: string
  promised_at: string | null
}

function tellReserved(ctx: Context, { holder }: ReservationPlan, rows: readonly NewRow[]): void {
  const { reference_type, reference_id, expires_at = null } = holder
  const lines = rows.flatMap(({ id: reservation_id, item_id, location_id, quantity }) =>
    location_id === null ? [] : [{ reservation_id, item_id, location_id, quantity }],
  )
  const waiting = rows.flatMap(({ id: reservation_id, item_id, quantity, why, ...row }) => {
    const { location_id, promised_at } = row
    return location_id === null
      ? [{ reservation_id, item_id, quantity, kind: why, promised_at }]
      : []
  })
  const reference = { reference_type, reference_id }
  if (lines.length > 0) emit(ctx, inventoryEvents.reserved({ ...reference, lines, expires_at }))
  if (waiting.length > 0) emit(ctx, inventoryEvents.backordered({ ...reference, lines: waiting }))
}

/** What `writeTogether` answered for the writes of a plan. */
export type Reserved = {
  levels?: { rows: readonly WrittenLevel[]; affected: number }
  backordered?: { affected: number }
}

/**
 * Sees to it that a plan was written: if someone else took a unit between plan and write, all is
 * undone and planned again. Tells which shelves ran low or out.
 */
export function assertReserved(ctx: Context, plan: ReservationPlan, written: Reserved): void {
  const { parts, waiting } = plan
  if ((written.levels?.affected ?? 0) !== parts.length) {
    throw new TryAgain('stock was taken meanwhile')
  }
  if ((written.backordered?.affected ?? 0) !== waiting.length) {
    throw new TryAgain('others wait for it meanwhile')
  }
  const taken = parts.map(({ item_id, location_id, quantity }) => {
    return { item_id, location_id, delta: -quantity }
  })
  tellCrossings(ctx, written.levels?.rows ?? [], taken)
}

/** Promises units to a holder, or refuses: what is promised never exceeds what is on hand. */
export async function reserveStock(
  ctx: Context,
  demands: readonly Demand[],
  holder: Holder,
): Promise<ReservationPlan> {
  const plan = await planReservation(ctx, demands, holder)
  assertReserved(ctx, plan, await writeTogether(ctx, reservationWrites(ctx, plan)))
  return plan
}
