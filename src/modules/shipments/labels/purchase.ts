import type { Id } from '#kit/ids'
import { toInstant } from '#kit/schemas'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { invalidField } from '#platform/operations'
import type { ProcessContext } from '#platform/processes'
import { shipmentErrors } from '../errors.ts'
import { findShipment, lockShipment } from '../find.ts'
import { isUnshipped, shipmentLifecycle } from '../lifecycle.ts'
import { moveShipment } from '../move.ts'
import type { ShipmentRow } from '../tables.ts'
import { carriers, type ParcelOrder } from './carriers.ts'
import { type Order, parcelOrders } from './parcel-order.ts'
import { buyLabel, resolveLabel } from './perform.ts'
import { askCarriers, keepOffers, type Offered } from './quote.ts'
import { insertLabels, labelsOfShipment, later } from './rows.ts'
import { type BoughtLabels, type BuyLabels, labelOf, rateOf } from './schemas.ts'
import { chooseOffer } from './shopping.ts'
import { db, type LabelRow, type ParcelQuote, type RateRow, type Strategy } from './tables.ts'

type Purchase = {
  labels: LabelRow[]
  rate: RateRow | null
  in_time: boolean
  /** Whether it was written by an earlier try of the same call. */
  begun: boolean
}

/**
 * Buys a label for each parcel that has none. Offers are asked for first, which costs nothing; then
 * one transaction writes what will be asked for, under the call's key; then the carrier is asked;
 * then its answers are written. Whatever breaks off in between is found out by the sweeper, and
 * asked again the same call goes on where it was.
 */
export async function buyLabels(ctx: ProcessContext, input: BuyLabels): Promise<BoughtLabels> {
  const asked = input.rate_id ? undefined : await shop(ctx, input)
  const purchase = await ctx.transaction(
    (tx) => beginPurchase(tx, ctx.key as Id<'label_purchase'>, { input, asked }),
    'read committed',
  )
  const settled: LabelRow[] = []
  for (const label of purchase.labels) {
    const open = label.state === 'sent' || label.state === 'unknown'
    if (!open) settled.push(label)
    else
      settled.push(await (purchase.begun ? resolveLabel(ctx, label, true) : buyLabel(ctx, label)))
  }
  return ctx.conclude(
    async () => settled,
    (labels) => answered(purchase, labels),
  )
}

function answered({ rate, in_time }: Purchase, labels: readonly LabelRow[]): BoughtLabels {
  const refused = labels.find(({ state }) => state === 'failed')
  if (refused) {
    const bought = labels.filter(({ state }) => state === 'bought').map(({ id }) => id)
    const reason = refused.failure_message ?? refused.failure_code ?? 'no reason was given.'
    throw shipmentErrors.label_refused({ reason, label_id: refused.id, bought })
  }
  return { labels: labels.map(labelOf), rate: rate && rateOf(rate), in_time }
}

type Shopped = { offers: readonly Offered[]; orders: readonly Order[] }

async function shop(ctx: ProcessContext, input: BuyLabels): Promise<Shopped | undefined> {
  const orders = await ctx.read(async (tx) => {
    const shipment = await findShipment(tx, input.id)
    refuseLeft(shipment)
    return missingParcels(tx, shipment)
  })
  // Nothing to shop for: either it is ours already, or the transaction says what is wrong.
  if (orders.length === 0) return undefined
  const { offers } = await askCarriers(ctx, orders, sellerIn(ctx, input.carrier))
  return { offers, orders }
}

/** A carrier that is asked by this name; others are looked for among the offers. */
export const sellerIn = (ctx: ProcessContext, name: string | undefined): string | undefined =>
  name !== undefined && carriers.of(ctx).named(name) ? name : undefined

/** Labels are for what has not left. */
export function refuseLeft(shipment: ShipmentRow): void {
  if (!isUnshipped(shipment.status)) shipmentLifecycle.next(shipment.status, 'process')
}

const LIVE = new Set<LabelRow['state']>(['sent', 'unknown', 'bought', 'voiding'])

async function missingParcels(ctx: Context, shipment: ShipmentRow): Promise<Order[]> {
  const labels = await labelsOfShipment(ctx, { shipment_id: shipment.id })
  const live = labels.filter(({ state }) => LIVE.has(state))
  const labelled = new Set(live.map(({ parcel_id }) => parcel_id))
  const orders = await parcelOrders(ctx, shipment)
  return orders.filter(({ parcel_id }) => !labelled.has(parcel_id))
}

const ofPurchase = prepared(db, (open, p: { purchase_id: Id<'label_purchase'> }) =>
  open.selectFrom('labels').selectAll().where('purchase_id', '=', p.purchase_id).orderBy('id'),
)
const rateById = prepared(db, (open, p: { id: RateRow['id'] }) =>
  open.selectFrom('shipment_rates').selectAll().where('id', '=', p.id),
)

type Begin = { input: BuyLabels; asked: Shopped | undefined }

/** Writes what the carrier will be asked, under the order's lock; nobody is asked yet. */
async function beginPurchase(
  ctx: Context,
  purchase_id: Id<'label_purchase'>,
  { input, asked }: Begin,
): Promise<Purchase> {
  const { shipment } = await lockShipment(ctx, input.id)
  const known = await ofPurchase(ctx, { purchase_id })
  if (known.length > 0) return { labels: known, rate: null, in_time: true, begun: true }
  refuseLeft(shipment)
  const orders = await missingParcels(ctx, shipment)
  const [first] = await labelsOfShipment(ctx, { shipment_id: shipment.id })
  if (orders.length === 0 && first) {
    const open = first.state === 'sent' || first.state === 'unknown'
    if (open) throw shipmentErrors.label_in_progress({ shipment_id: shipment.id })
    throw shipmentErrors.label_exists({ parcel_id: first.parcel_id ?? '' })
  }
  const { rate, in_time } = await chosenRate(ctx, shipment, { input, asked })
  const labels = labelRows(ctx, { purchase_id, shipment, orders, rate })
  await chooseRate.run(ctx, rate)
  await insertLabels.run(ctx, { rows: labels })
  if (shipment.status === 'pending') await moveShipment(ctx, shipment, 'process')
  return { labels, rate, in_time, begun: false }
}

/** How long an offer can be taken: carriers keep theirs for a day or more. */
const OFFER_MS = 24 * 60 * 60 * 1000

async function chosenRate(
  ctx: Context,
  shipment: ShipmentRow,
  { input, asked }: Begin,
): Promise<{ rate: RateRow; in_time: boolean }> {
  const deliver_by = input.deliver_by === undefined ? null : toInstant(input.deliver_by)
  const choice = (rate: RateRow, chosen_by: Strategy) => ({
    ...rate,
    chosen_at: ctx.now,
    chosen_by,
    deliver_by,
  })
  if (input.rate_id) {
    const rate = await rateById.first(ctx, { id: input.rate_id })
    const isOwn = rate?.shipment_id === shipment.id
    if (!rate || !isOwn) throw shipmentErrors.rate_not_found({ rate_id: input.rate_id })
    const { quoted_at } = rate
    const isOld = later(ctx, -OFFER_MS) > quoted_at || rate.chosen_at !== null
    if (isOld) throw shipmentErrors.rate_expired({ quoted_at })
    return { rate: choice(rate, 'chosen'), in_time: true }
  }
  const { strategy = 'cheapest' } = input
  if (strategy === 'promise' && deliver_by === null) {
    throw invalidField('deliver_by', 'is required to buy by promise')
  }
  const kept = asked ? await keepOffers(ctx, shipment.id, asked.offers) : []
  const currency = asked?.orders[0]?.order.currency ?? ctx.settings.default_currency
  const { carrier, service } = input
  const best = chooseOffer(kept, { strategy, deliver_by, carrier, service, currency })
  if (!best) throw shipmentErrors.no_rates({ problem: 'no offer is of that carrier and service' })
  return { rate: choice(best.offer, strategy), in_time: best.in_time }
}

const chooseRate = prepared(db, (open, p: RateRow) =>
  open
    .updateTable('shipment_rates')
    .set({ chosen_at: p.chosen_at, chosen_by: p.chosen_by, deliver_by: p.deliver_by })
    .where('id', '=', p.id),
)

/** The sweeper leaves a label alone while its own call may still be running. */
export const CALL_MS = 3 * 60 * 1000

type New = {
  purchase_id: Id<'label_purchase'>
  shipment: ShipmentRow
  orders: readonly Order[]
  rate: RateRow
}

function labelRows(ctx: Context, { purchase_id, shipment, orders, rate }: New): LabelRow[] {
  return orders.map(({ parcel_id, order }) => {
    const quote = rate.quotes.find((one) => one.parcel_id === parcel_id)
    if (!quote) throw shipmentErrors.rate_expired({ quoted_at: rate.quoted_at })
    return labelRow(ctx, { purchase_id, order, offer: rate, quote, of: { shipment, parcel_id } })
  })
}

type NewLabel = {
  purchase_id: Id<'label_purchase'>
  order: ParcelOrder
  offer: Pick<RateRow, 'carrier' | 'carrier_name' | 'service' | 'currency'>
  quote: Pick<ParcelQuote, 'quote_ref' | 'rate_ref' | 'amount'>
  of:
    | { shipment: ShipmentRow; parcel_id: Id<'parcel'> }
    | { reference_type: string; reference_id: string; location_id: Id<'location'> | null }
}

/** What will be asked of the carrier for one parcel. */
export function labelRow(
  ctx: Context,
  { purchase_id, order, offer, quote, of }: NewLabel,
): LabelRow {
  const own = 'shipment' in of ? of : undefined
  const foreign = 'shipment' in of ? undefined : of
  return {
    id: ctx.newId('label'),
    purchase_id,
    shipment_id: own?.shipment.id ?? null,
    parcel_id: own?.parcel_id ?? null,
    reference_type: foreign?.reference_type ?? null,
    reference_id: foreign?.reference_id ?? null,
    location_id: own ? own.shipment.location_id : (foreign?.location_id ?? null),
    carrier: offer.carrier,
    carrier_name: offer.carrier_name,
    service: offer.service,
    quote_ref: quote.quote_ref,
    rate_ref: quote.rate_ref,
    amount: quote.amount,
    currency: offer.currency,
    cost_amount: null,
    request: order,
    state: 'sent',
    refund_status: null,
    tracking_number: null,
    tracking_url: null,
    estimated_delivery_at: null,
    document_id: null,
    paper_url: null,
    manifest_id: null,
    attempts: 0,
    check_at: later(ctx, CALL_MS),
    failure_code: null,
    failure_message: null,
    requested_by: ctx.actor.id,
    created_at: ctx.now,
    resolved_at: null,
    voided_at: null,
  }
}
