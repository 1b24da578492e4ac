import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { unshippedUnits } from '#modules/fulfilment'
import { findLocation, type Movement, STOCK_STATES } from '#modules/inventory'
import { returnUnits, unfulfilUnits } from '#modules/orders'
import type { Context } from '#platform/context'
import { updateEach } from '#platform/database/each-row'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { shipmentErrors } from '../errors.ts'
import { shipmentEvents } from '../events.ts'
import { type LockedShipment, lockShipment, storeShipment } from '../find.ts'
import { shipmentLifecycle } from '../lifecycle.ts'
import { checkLots } from '../lots.ts'
import type { ReturnToStock, Shipment } from '../schemas.ts'
import { contentsOf } from '../ship.ts'
import { promiseAgain, putBack, type UnitsBack } from '../stock.ts'
import { db, type LineRow, type ParcelRow, type ShipmentRow } from '../tables.ts'
import { recordTracking } from '../tracking/record.ts'
import { arrive } from '../tracking/settle.ts'
import { withDetails } from '../wire.ts'

/**
 * Puts away what came back undelivered, in a state. `resend`: the units are open again and promised
 * to the order, here if they are sellable, else wherever they are. `return`: they count as
 * returned, and are refunded like anything that came back. What was put away once cannot come back
 * again.
 */
export async function returnToStock(ctx: Context, input: ReturnToStock): Promise<Shipment> {
  const locked = await lockShipment(ctx, input.id)
  const { shipment } = locked
  const { lines, parcels } = await contentsOf(ctx, shipment)
  if (shipment.status !== 'returned') shipmentLifecycle.next(shipment.status, 'return')
  const state = stateOf(input.state ?? 'sellable')
  const location_id = await locationOf(ctx, shipment, input.location_id)
  const back = unitsBack(lines, input.items)
  await countBack(ctx, back)
  const reason = input.reason ?? `shipment ${shipment.number} came back`
  await putBack(ctx, back, { location_id, state, reason, shipment_id: shipment.id })
  const after = await openAgain(ctx, locked, { back, location_id, state, outcome: input.outcome })
  const settled = await comeBack(ctx, after, parcels)
  const over = lines.every(
    (line) => line.returned_quantity + quantityOf(back, line) === line.quantity,
  )
  const stored = await storeShipment(ctx, settled, { returned_at: over ? ctx.now : null })
  const units = back.map(({ line, quantity }) => ({ order_line_id: line.order_line_id, quantity }))
  const of = { shipment_id: shipment.id, order_id: shipment.order_id }
  emit(ctx, shipmentEvents.returned_to_stock({ ...of, units, location_id, state }))
  await arrive(ctx, after.order)
  return withDetails(ctx, stored)
}

const quantityOf = (back: readonly UnitsBack[], line: LineRow): number =>
  back.find((one) => one.line.id === line.id)?.quantity ?? 0

type State = NonNullable<Movement['state_to']>

function stateOf(sent: string): State {
  if ((STOCK_STATES as readonly string[]).includes(sent)) return sent as State
  throw invalidField('state', `must be one of ${STOCK_STATES.join(', ')}`)
}

async function locationOf(
  ctx: Context,
  { location_id }: ShipmentRow,
  sent: string | undefined,
): Promise<Id<'location'>> {
  if (sent !== undefined) return (await findLocation(ctx, sent)).id
  if (location_id) return location_id
  throw invalidField('location_id', 'is required: it left from nowhere')
}

function unitsBack(lines: readonly LineRow[], items: ReturnToStock['items']): UnitsBack[] {
  const open = (line: LineRow) => line.quantity - line.returned_quantity
  if (!items) {
    const left = lines.filter((line) => open(line) > 0)
    const [first] = lines
    if (left.length === 0 && first) {
      throw shipmentErrors.nothing_to_return({ index: 0, open: 0, sku: first.sku })
    }
    return left.map((line) => {
      const whole = line.returned_quantity === 0
      return { line, quantity: open(line), lots: whole ? line.lots : null }
    })
  }
  return items.map(({ order_item_id, quantity, lots }, index) => {
    const line = lines.find((one) => one.order_line_id === order_item_id)
    const first = items.findIndex((one) => one.order_item_id === order_item_id)
    if (!line) throw shipmentErrors.line_not_found({ index, order_item_id })
    if (first < index) throw invalidField(`items.${index}.order_item_id`, 'is named twice')
    if (quantity > open(line)) {
      throw shipmentErrors.nothing_to_return({ index, open: open(line), sku: line.sku })
    }
    const named = lots ?? (quantity === line.quantity ? line.lots : null)
    checkLots({ lots: named, quantity }, index)
    return { line, quantity, lots: named }
  })
}

type Back = { id: LineRow['id']; quantity: number }
const countReturned = updateEach<Back, unknown>(
  db as never,
  { id: 'uuid', quantity: 'bigint' },
  {
    table: 'shipment_lines',
    key: ['id'],
    set: ({ quantity }) => ({
      returned_quantity: sql`shipment_lines.returned_quantity + ${quantity}`,
    }),
    where: ({ quantity }) =>
      sql`shipment_lines.returned_quantity + ${quantity} <= shipment_lines.quantity`,
  },
)

async function countBack(ctx: Context, back: readonly UnitsBack[]): Promise<void> {
  const rows = back.map(({ line, quantity }) => ({ id: line.id, quantity }))
  const { affected } = await countReturned.run(ctx, { rows })
  if (affected !== rows.length) throw new Error('units came back twice under one lock')
}

type Open = {
  back: readonly UnitsBack[]
  location_id: Id<'location'>
  state: State
  outcome: ReturnToStock['outcome']
}

async function openAgain(
  ctx: Context,
  { shipment, order }: LockedShipment,
  { back, location_id, state, outcome = 'resend' }: Open,
): Promise<LockedShipment> {
  const units = back.map(({ line, quantity }) => ({ order_line_id: line.order_line_id, quantity }))
  if (outcome === 'return') return { shipment, order: await returnUnits(ctx, order, units) }
  const { fulfilment_order_id } = shipment
  await promiseAgain(ctx, order, {
    units: back,
    ...(state === 'sellable' && { location_id }),
  })
  // Those that are held elsewhere now, it withdraws by itself.
  if (fulfilment_order_id) await unshippedUnits(ctx, { fulfilment_order_id, units })
  return { shipment, order: await unfulfilUnits(ctx, order, units) }
}

/** Its parcels are back, whatever their carrier said last. */
async function comeBack(
  ctx: Context,
  locked: LockedShipment,
  parcels: readonly ParcelRow[],
): Promise<ShipmentRow> {
  const away = parcels.filter(({ status }) => status !== 'returned' && status !== 'delivered')
  const news = {
    kind: 'returned' as const,
    code: null,
    description: 'It came back.',
    location: null,
    signed_by: null,
    proof_urls: [],
    estimated_delivery_at: null,
    occurred_at: ctx.now,
  }
  const told = away.map(({ id }) => ({ parcel_id: id, source: 'staff', news: [news] }))
  return (await recordTracking(ctx, locked, told)).shipment
}
