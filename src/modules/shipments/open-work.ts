import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { ensureFulfilmentOrders, type FulfilmentOrder } from '#modules/fulfilment'
import type { LineUnits, OrderRow } from '#modules/orders'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { shipmentErrors } from './errors.ts'
import { UNSHIPPED } from './lifecycle.ts'
import { db } from './tables.ts'

/** Units of an order's line that wait at one location for a shipment. */
export type OpenUnits = {
  order_line_id: Id<'order_line'>
  item_id: Id<'item'> | null
  sku: string
  quantity: number
}
export type OpenWork = Pick<FulfilmentOrder, 'id' | 'location_id'> & { units: OpenUnits[] }

const plannedUnits = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open
    .selectFrom('shipments')
    .innerJoin('shipment_lines', 'shipment_lines.shipment_id', 'shipments.id')
    .select([
      'shipments.fulfilment_order_id',
      'shipment_lines.order_line_id',
      sql<number>`sum(shipment_lines.quantity)`.as('quantity'),
    ])
    .where('shipments.order_id', '=', p.order_id)
    .where('shipments.status', 'in', UNSHIPPED)
    .groupBy(['shipments.fulfilment_order_id', 'shipment_lines.order_line_id']),
)

/**
 * What waits at each location for a shipment: routed there, not shipped, and in no shipment that is
 * still to leave. The order's lock is held, so nothing of it moves meanwhile.
 */
export async function openWork(ctx: Context, order: OrderRow): Promise<OpenWork[]> {
  const routed = await ensureFulfilmentOrders(ctx, order)
  const planned = new Map<string, number>()
  for (const row of await plannedUnits(ctx, { order_id: order.id })) {
    planned.set(`${row.fulfilment_order_id} ${row.order_line_id}`, row.quantity)
  }
  return routed.filter(isOpen).map(({ id, location_id, lines }) => ({
    id,
    location_id,
    units: lines
      .map(({ order_line_id, item_id, sku, quantity, shipped_quantity }) => ({
        order_line_id,
        item_id,
        sku,
        quantity: quantity - shipped_quantity - (planned.get(`${id} ${order_line_id}`) ?? 0),
      }))
      .filter(({ quantity }) => quantity > 0),
  }))
}

/** Work that waits for stock has no location to ship from yet. */
const isOpen = ({ location_id, status }: FulfilmentOrder) =>
  location_id !== null && OPEN.has(status)
const OPEN = new Set<FulfilmentOrder['status']>(['scheduled', 'open', 'in_progress'])

export type Wanted = { order_line_id: Id<'order_line'>; quantity: number }
export type Chosen = { work: OpenWork; units: LineUnits[] }

/**
 * The units of a new shipment, all at one location: those asked for where they lie, or all that
 * waits at the first location that has anything. Throws `nothing_open`, `line_not_found`,
 * `too_many_units`, `several_locations`.
 */
export function chooseUnits(
  order_id: Id<'order'>,
  works: readonly OpenWork[],
  wanted: readonly Wanted[] | undefined,
): Chosen {
  const [first] = works.filter(({ units }) => units.length > 0)
  if (!first) throw shipmentErrors.nothing_open({ order_id })
  if (!wanted) return { work: first, units: first.units.map(plain) }
  const units = together(wanted)
  const holding = works.find((work) => units.every((unit) => openIn(work, unit) >= unit.quantity))
  if (holding) return { work: holding, units }
  for (const [index, unit] of units.entries()) {
    const open = works.reduce((sum, work) => sum + openIn(work, unit), 0)
    if (open >= unit.quantity) continue
    const known = works.flatMap((work) => work.units).find(isLine(unit))
    throw shipmentErrors.too_many_units({ index, open, sku: known?.sku ?? unit.order_line_id })
  }
  throw shipmentErrors.several_locations({ order_id })
}

const plain = ({ order_line_id, quantity }: OpenUnits): LineUnits => ({ order_line_id, quantity })
const isLine =
  ({ order_line_id }: Wanted) =>
  (unit: OpenUnits) =>
    unit.order_line_id === order_line_id
const openIn = (work: OpenWork, wanted: Wanted): number =>
  work.units.find(isLine(wanted))?.quantity ?? 0

/** Each line once. */
function together(wanted: readonly Wanted[]): Wanted[] {
  const sums = new Map<Id<'order_line'>, number>()
  for (const { order_line_id, quantity } of wanted) {
    sums.set(order_line_id, (sums.get(order_line_id) ?? 0) + quantity)
  }
  return [...sums].map(([order_line_id, quantity]) => ({ order_line_id, quantity }))
}
