import { lockOrder } from '#modules/orders'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { enqueue } from '#platform/jobs'
import { shipmentEvents } from '../events.ts'
import {
  findShipment,
  parcelsOfShipments,
  storeParcel,
  storeShipment,
  trackingOf,
} from '../find.ts'
import { isUnshipped } from '../lifecycle.ts'
import { moveShipment } from '../move.ts'
import type { ParcelRow, ShipmentRow } from '../tables.ts'
import { carrierIn } from '../words.ts'
import type { BoughtLabel, BuyAnswer } from './carriers.ts'
import { insertDocuments, labelById, later, nextLook, storeLabel } from './rows.ts'
import type { LabelRow } from './tables.ts'
import { hasLabels, VOID_LABEL } from './withdraw.ts'

/** The name of the job that fetches papers, told here because it stands above. */
export const FETCH_PAPER = 'shipments.fetch_paper'
/** Labels tell of their parcels by themselves; asked is who has said nothing for so long. */
export const FIRST_POLL_MS = 6 * 60 * 60 * 1000

/**
 * Writes down what became of a label, once: the answer of the call, the sweeper and a repeated call
 * may all bring the same news. A label of a shipment that was withdrawn meanwhile is given back.
 */
export async function settleLabel(
  ctx: Context,
  known: LabelRow,
  answer: BuyAnswer,
): Promise<LabelRow> {
  const order_id = known.shipment_id && (await findShipment(ctx, known.shipment_id)).order_id
  if (order_id) await lockOrder(ctx, order_id)
  const label = (await labelById.first(ctx, { id: known.id })) ?? known
  if (label.state !== 'sent' && label.state !== 'unknown') return label
  const shipment = label.shipment_id ? await findShipment(ctx, label.shipment_id) : undefined
  if (answer.outcome === 'refused') return refuse(ctx, label, { shipment, answer })
  return bought(ctx, label, { shipment, label: answer.label })
}

type Refusal = { shipment: ShipmentRow | undefined; answer: { code: string; message: string } }

async function refuse(
  ctx: Context,
  label: LabelRow,
  { shipment, answer }: Refusal,
): Promise<LabelRow> {
  const changed = {
    state: 'failed' as const,
    failure_code: answer.code,
    failure_message: answer.message,
    resolved_at: ctx.now,
  }
  await storeLabel(ctx, label, changed)
  if (shipment) {
    const of = { shipment_id: shipment.id, order_id: shipment.order_id, label_id: label.id }
    emit(ctx, shipmentEvents.label_failed({ ...of, reason: answer.message }))
    const others = await hasLabels(ctx, { shipment_id: shipment.id })
    if (shipment.status === 'processing' && !others) await moveShipment(ctx, shipment, 'reopen')
  }
  return { ...label, ...changed }
}

type Bought = { shipment: ShipmentRow | undefined; label: BoughtLabel }

async function bought(
  ctx: Context,
  label: LabelRow,
  { shipment, label: sold }: Bought,
): Promise<LabelRow> {
  const unwanted = shipment?.status === 'cancelled'
  const document_id = sold.paper ? ctx.newId('carrier_document') : null
  if (sold.paper && document_id) {
    const { media_type, content } = sold.paper
    const paper = { media_type, content: content.toString('base64') }
    await insertDocuments.run(ctx, {
      rows: [{ id: document_id, kind: 'label', ...paper, created_at: ctx.now }],
    })
  }
  const changed = {
    state: unwanted ? ('voiding' as const) : ('bought' as const),
    carrier_name: sold.carrier_name,
    cost_amount: sold.cost_amount,
    tracking_number: sold.tracking_number,
    tracking_url: sold.tracking_url,
    estimated_delivery_at: sold.estimated_delivery_at,
    document_id,
    paper_url: sold.paper_url,
    attempts: 0,
    check_at: ctx.now,
    resolved_at: ctx.now,
  }
  await storeLabel(ctx, label, changed)
  const after = { ...label, ...changed }
  const payload = { label_id: label.id }
  if (unwanted) await enqueue(ctx, { name: VOID_LABEL }, { payload })
  else if (!document_id && sold.paper_url) await enqueue(ctx, { name: FETCH_PAPER }, { payload })
  if (shipment && !unwanted) await carry(ctx, shipment, after)
  return after
}

/** The parcel has a number now; the shipment is ready when each of its parcels has. */
async function carry(ctx: Context, shipment: ShipmentRow, label: LabelRow): Promise<void> {
  const parcels = await parcelsOfShipments(ctx, { shipments: [shipment.id] })
  const parcel = parcels.find(({ id }) => id === label.parcel_id) as ParcelRow
  await storeParcel(ctx, parcel, {
    ...trackingOf(label.tracking_number),
    tracking_url: label.tracking_url,
    tracked_by: label.carrier,
    carrier_ref: label.quote_ref,
    poll_at: later(ctx, FIRST_POLL_MS),
  })
  const { id: shipment_id, order_id } = shipment
  emit(
    ctx,
    shipmentEvents.label_bought({
      shipment_id,
      order_id,
      label_id: label.id,
      parcel_id: parcel.id,
      carrier: label.carrier_name,
      service: label.service,
      tracking_number: label.tracking_number ?? '',
      cost_amount: label.cost_amount ?? 0,
      currency: label.currency,
    }),
  )
  const stored = await storeShipment(ctx, shipment, {
    carrier: carrierIn(label.carrier_name),
    service: label.service,
    estimated_delivery_at: label.estimated_delivery_at ?? shipment.estimated_delivery_at,
  })
  const others = parcels.filter(({ id }) => id !== parcel.id)
  const ready = others.every(({ tracking_number }) => tracking_number !== null)
  const waits = isUnshipped(stored.status) && stored.status !== 'on_hold'
  if (ready && waits && stored.status !== 'ready_to_ship') {
    await moveShipment(ctx, stored, 'make_ready')
  }
}

/** Nobody knows what became of it: looked up later, at growing distances. */
export async function loseLabel(ctx: Context, label: LabelRow): Promise<LabelRow> {
  const changed = {
    state: 'unknown' as const,
    attempts: label.attempts + 1,
    check_at: nextLook(ctx, label.attempts),
  }
  const lost = await storeLabel(ctx, label, changed)
  return lost ? { ...label, ...changed } : ((await labelById.first(ctx, { id: label.id })) ?? label)
}
