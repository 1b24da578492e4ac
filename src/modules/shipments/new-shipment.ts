import type { Id } from '#kit/ids'
import { parseMoney } from '#kit/money'
import { toInstant } from '#kit/schemas'
import { packingFacts } from '#modules/catalogue'
import { type LineUnits, linesOf, type OrderLine, type OrderRow } from '#modules/orders'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { writeTogether } from '#platform/database/write-together'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { destinationOf } from './address.ts'
import { shipmentEvents } from './events.ts'
import { insertLines, insertParcels, insertShipments, unitsOf } from './find.ts'
import { printShipmentNumber } from './numbers.ts'
import type { OpenWork } from './open-work.ts'
import { newParcels } from './parcels.ts'
import type { CreateShipment, ItemInput } from './schemas.ts'
import { db, type LineRow, type ParcelRow, type ShipmentRow } from './tables.ts'
import { carrierIn, type Method, methodIn } from './words.ts'

export type MadeShipment = { shipment: ShipmentRow; lines: LineRow[]; parcels: ParcelRow[] }

type New = {
  work: Pick<OpenWork, 'id' | 'location_id'>
  units: readonly LineUnits[]
  sent: Omit<CreateShipment, 'order_id' | 'fulfilment_order_id'>
}

const lastPosition = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open
    .selectFrom('shipments')
    .select((eb) => eb.fn.max('position').as('position'))
    .where('order_id', '=', p.order_id),
)

/** Writes a shipment of units of one location, with its lines and parcels. The lock is held. */
export async function makeShipment(
  ctx: Context,
  order: OrderRow,
  { work, units, sent }: New,
): Promise<MadeShipment> {
  const lines = await newLines(ctx, order, { units, items: sent.items ?? [] })
  const position = ((await lastPosition.first(ctx, { order_id: order.id }))?.position ?? 0) + 1
  const shipment = shipmentRow(ctx, order, { position, work, sent })
  const parcels = await newParcels(ctx, shipment.id, {
    fulfilment_order_id: work.id,
    parcels: sent.parcels,
    tracking_number: sent.tracking_number,
    tracking_url: sent.tracking_url,
    lines,
  })
  const rows = lines.map((line) => ({ ...line, shipment_id: shipment.id }))
  const { id: shipment_id, order_id, number, fulfilment_order_id, location_id } = shipment
  const told = { shipment_id, order_id, number, fulfilment_order_id, location_id }
  emit(ctx, shipmentEvents.created({ ...told, units: unitsOf(rows) }))
  await writeTogether(ctx, {
    shipment: insertShipments.bind(ctx, { rows: [shipment] }),
    lines: insertLines.bind(ctx, { rows }),
    parcels: insertParcels.bind(ctx, { rows: parcels }),
  })
  return { shipment, lines: rows, parcels }
}

function shipmentRow(
  ctx: Context,
  order: OrderRow,
  { position, work, sent }: Pick<New, 'work' | 'sent'> & { position: number },
): ShipmentRow {
  const tracked = Boolean(sent.tracking_number?.trim())
  return {
    id: ctx.newId('shipment'),
    number: printShipmentNumber(order.number, position),
    order_id: order.id,
    position,
    customer_id: order.customer_id,
    fulfilment_order_id: work.id,
    location_id: work.location_id,
    status: tracked ? 'ready_to_ship' : 'pending',
    status_reason: null,
    method: methodOf(sent.shipping_method) ?? 'standard',
    carrier: sent.carrier ? carrierIn(sent.carrier) : null,
    service: sent.service_level ?? null,
    ...destinationOf(sent, order),
    signature_required: sent.signature_required ?? false,
    notes: sent.notes ?? null,
    estimated_delivery_at: sent.estimated_delivery ? toInstant(sent.estimated_delivery) : null,
    shipped_at: null,
    delivered_at: null,
    cancelled_at: null,
    returned_at: null,
    signed_by: null,
    proof_urls: [],
    exception: null,
    created_by: ctx.actor.id,
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
}

/** The method that a request names; refuses (400) what is none, as published. */
export function methodOf(sent: string | undefined): Method | undefined {
  if (sent === undefined) return undefined
  const method = methodIn(sent)
  if (!method) throw invalidField('shipping_method', 'is no method of shipping')
  return method
}

type Facts = { units: readonly LineUnits[]; items: readonly ItemInput[] }

async function newLines(
  ctx: Context,
  order: OrderRow,
  { units, items }: Facts,
): Promise<Omit<LineRow, 'shipment_id'>[]> {
  const lines = new Map((await linesOf(ctx, [order.id])).get(order.id)?.map((one) => [one.id, one]))
  const variants = units.flatMap(({ order_line_id }) => lines.get(order_line_id)?.variant_id ?? [])
  const weights = await packingFacts(ctx, [...new Set(variants)])
  return units.map(({ order_line_id, quantity }, index) => {
    const line = lines.get(order_line_id) as OrderLine
    const said = items.filter((one) => (one.order_item_id ?? one.order_line_id) === order_line_id)
    const lots = said.flatMap((one) => one.lots ?? [])
    const [item] = said
    return {
      id: ctx.newId('shipment_line'),
      position: index + 1,
      order_line_id,
      item_id: line.item_id,
      sku: line.sku,
      name: line.name,
      quantity,
      returned_quantity: 0,
      lots: lots.length > 0 ? lots : null,
      hs_code: item?.hs_code ?? null,
      origin_country: item?.origin_country?.toUpperCase() ?? null,
      unit_value_amount:
        item?.unit_value === undefined
          ? unitValue(line)
          : parseMoney(item.unit_value, order.currency, 'unit_value'),
      currency: order.currency,
      unit_weight_grams:
        item?.unit_weight_grams ?? weights.get(line.variant_id)?.weight_grams ?? null,
    }
  })
}

/** What customs are told that one unit is worth: its price after discounts, without tax. */
function unitValue(line: OrderLine): number {
  const net = line.net_amount ?? line.total_amount - line.discount_amount
  return line.quantity === 0 ? 0 : Math.round(net / line.quantity)
}
