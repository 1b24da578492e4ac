import { sql } from 'kysely'
import { parseMoney } from '#kit/money'
import { toInstant } from '#kit/schemas'
import type { OrderRow } from '#modules/orders'
import type { Context } from '#platform/context'
import { updateEach } from '#platform/database/each-row'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { destinationOf } from '../address.ts'
import { shipmentErrors } from '../errors.ts'
import { shipmentEvents } from '../events.ts'
import {
  insertParcels,
  linesOfShipments,
  lockShipment,
  numberedBy,
  parcelsOfShipments,
  storeParcel,
  storeShipment,
} from '../find.ts'
import { hasLabels } from '../labels/withdraw.ts'
import { isUnshipped } from '../lifecycle.ts'
import { checkLots } from '../lots.ts'
import { moveShipment } from '../move.ts'
import { methodOf } from '../new-shipment.ts'
import { newParcels } from '../parcels.ts'
import type { SetTracking, Shipment, UpdateShipment } from '../schemas.ts'
import { db, type LineRow, type ShipmentRow } from '../tables.ts'
import { withDetails } from '../wire.ts'
import { carrierIn, printStatus } from '../words.ts'

/** May be changed at any time; everything else only until it has left. */
const ALWAYS = new Set(['id', 'notes', 'estimated_delivery'])

/**
 * Changes facts of a shipment. Where it goes, what is in it and its parcels are fixed once it has
 * left, and its parcels once labels were bought for them.
 */
export async function updateShipment(ctx: Context, input: UpdateShipment): Promise<Shipment> {
  const { shipment, order } = await lockShipment(ctx, input.id)
  const members = Object.keys(input).filter((name) => name !== 'id')
  if (!isUnshipped(shipment.status) && !members.every((name) => ALWAYS.has(name))) {
    throw shipmentErrors.already_shipped({ status: printStatus(shipment.status) })
  }
  if (members.length === 0) return withDetails(ctx, shipment)
  const lines = await linesOfShipments(ctx, { shipments: [shipment.id] })
  if (input.items) await updateLines(ctx, lines, input.items)
  if (input.parcels) await replaceParcels(ctx, shipment, { input, lines })
  const stored = await storeShipment(ctx, shipment, changesOf(input, { shipment, order }))
  const of = { shipment_id: shipment.id, order_id: shipment.order_id }
  emit(ctx, shipmentEvents.updated({ ...of, members }))
  const { tracking_number, tracking_url } = input
  if (tracking_number === undefined && tracking_url === undefined) return withDetails(ctx, stored)
  return withDetails(ctx, await track(ctx, stored, input))
}

function changesOf(
  input: UpdateShipment,
  { shipment, order }: { shipment: ShipmentRow; order: OrderRow },
): Partial<ShipmentRow> {
  const moves = input.shipping_address !== undefined
  const to = moves ? destinationOf(input, order) : undefined
  const name = input.recipient_name
  return {
    ...to,
    ...(!to && name && { recipient_name: name, ship_to: { ...shipment.ship_to, name } }),
    ...(input.shipping_method && { method: methodOf(input.shipping_method) ?? shipment.method }),
    ...(input.carrier !== undefined && {
      carrier: input.carrier ? carrierIn(input.carrier) : null,
    }),
    ...(input.service_level !== undefined && { service: input.service_level }),
    ...(input.signature_required !== undefined && {
      signature_required: input.signature_required,
    }),
    ...(input.notes !== undefined && { notes: input.notes }),
    ...(input.estimated_delivery !== undefined && {
      estimated_delivery_at: input.estimated_delivery ? toInstant(input.estimated_delivery) : null,
    }),
  }
}

const KINDS = db.kinds('shipment_lines')
const storeLines = updateEach<LineRow, unknown>(db as never, KINDS as never, {
  table: 'shipment_lines',
  key: ['id'],
  set: ({ hs_code, origin_country, unit_value_amount, unit_weight_grams, lots }) => ({
    hs_code,
    origin_country,
    unit_value_amount,
    unit_weight_grams,
    lots,
  }),
  where: () => sql`true`,
})

async function updateLines(
  ctx: Context,
  lines: readonly LineRow[],
  items: NonNullable<UpdateShipment['items']>,
): Promise<void> {
  const rows = items.map((item, index) => {
    const line = lines.find(({ order_line_id }) => order_line_id === item.order_item_id)
    if (!line) {
      throw shipmentErrors.line_not_found({ index, order_item_id: item.order_item_id })
    }
    const lots = item.lots === undefined ? line.lots : item.lots?.length ? item.lots : null
    checkLots({ lots, quantity: line.quantity }, index)
    return {
      ...line,
      lots,
      hs_code: item.hs_code === undefined ? line.hs_code : item.hs_code,
      origin_country:
        item.origin_country === undefined
          ? line.origin_country
          : (item.origin_country?.toUpperCase() ?? null),
      unit_value_amount:
        item.unit_value === undefined
          ? line.unit_value_amount
          : parseMoney(item.unit_value, line.currency, `items.${index}.unit_value`),
      unit_weight_grams:
        item.unit_weight_grams === undefined ? line.unit_weight_grams : item.unit_weight_grams,
    }
  })
  await storeLines.run(ctx, { rows })
}

const dropParcels = prepared(db, (open, p: { shipment_id: ShipmentRow['id'] }) =>
  open.deleteFrom('parcels').where('shipment_id', '=', p.shipment_id),
)

type Parcels = { input: UpdateShipment; lines: readonly LineRow[] }

async function replaceParcels(ctx: Context, shipment: ShipmentRow, { input, lines }: Parcels) {
  const { id: shipment_id, fulfilment_order_id } = shipment
  const known = await parcelsOfShipments(ctx, { shipments: [shipment_id] })
  const told = known.some(({ status }) => status !== 'unknown')
  if (told || (await hasLabels(ctx, { shipment_id }))) {
    throw shipmentErrors.already_shipped({ status: 'labelled' })
  }
  await dropParcels.run(ctx, { shipment_id })
  const wanted = { fulfilment_order_id, parcels: input.parcels, lines }
  await insertParcels.run(ctx, { rows: await newParcels(ctx, shipment_id, wanted) })
}

/** Says by which number a parcel can be followed; a shipment that waits is ready with it. */
export async function setTracking(ctx: Context, input: SetTracking): Promise<Shipment> {
  const { shipment } = await lockShipment(ctx, input.id)
  const carrier = input.carrier ? carrierIn(input.carrier) : shipment.carrier
  const stored = await storeShipment(ctx, shipment, { carrier })
  const of = { shipment_id: shipment.id, order_id: shipment.order_id }
  emit(ctx, shipmentEvents.updated({ ...of, members: ['tracking_number'] }))
  return withDetails(ctx, await track(ctx, stored, input))
}

type Track = Pick<UpdateShipment, 'tracking_number' | 'tracking_url'> &
  Pick<SetTracking, 'parcel_id'>

async function track(ctx: Context, shipment: ShipmentRow, sent: Track): Promise<ShipmentRow> {
  const parcels = await parcelsOfShipments(ctx, { shipments: [shipment.id] })
  const parcel = sent.parcel_id ? parcels.find(({ id }) => id === sent.parcel_id) : parcels[0]
  if (!parcel) throw shipmentErrors.parcel_not_found({ parcel_id: sent.parcel_id ?? 'at all' })
  await storeParcel(ctx, parcel, {
    ...(sent.tracking_number !== undefined && numberedBy(parcel, sent.tracking_number)),
    ...(sent.tracking_url !== undefined && { tracking_url: sent.tracking_url }),
  })
  const waits = shipment.status === 'pending' || shipment.status === 'processing'
  if (!waits || !sent.tracking_number?.trim()) return shipment
  return moveShipment(ctx, shipment, 'make_ready')
}
