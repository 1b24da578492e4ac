import type { Id } from '#kit/ids'
import { postalAddress, streetAddress } from '#modules/customers'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import type { ProcessContext } from '#platform/processes'
import { shipmentErrors } from '../errors.ts'
import type { ShipAddress } from '../tables.ts'
import type { ParcelOrder } from './carriers.ts'
import { refuseNowhere, senderOf } from './parcel-order.ts'
import { buyLabel, resolveLabel } from './perform.ts'
import { labelRow, sellerIn } from './purchase.ts'
import { askCarriers } from './quote.ts'
import { insertLabels } from './rows.ts'
import { chooseOffer } from './shopping.ts'
import { db, type LabelRow } from './tables.ts'

/** A parcel that a buyer sends back to a location. */
export type ReturnParcel = {
  /** What it is for, such as a return: one label at a time. */
  reference_type: string
  reference_id: string
  /** What is printed on it, such as the RMA number. */
  reference: string
  /** Where it comes from, in any published shape. */
  from: ShipAddress
  location_id: Id<'location'>
  weight_grams: number
  length_mm?: number | null
  width_mm?: number | null
  height_mm?: number | null
  currency: string
  carrier?: string | undefined
  service?: string | undefined
  strategy?: 'cheapest' | 'fastest' | undefined
}

/**
 * Buys the label of a parcel that comes back. Asked again for the same reference it answers the
 * label that is there, and finds out what became of one whose outcome is open: safe to repeat after
 * a crash. The label may be `unknown` for a while; the sweeper finds out. Throws `no_rates`,
 * `carrier_failed`, `label_refused`.
 */
export async function createReturnLabel(
  ctx: ProcessContext,
  parcel: ReturnParcel,
): Promise<LabelRow> {
  const known = await ctx.read((tx) => liveLabelOf(tx, parcel))
  if (known) return answered(await goOn(ctx, known))
  const order = await ctx.read((tx) => returnOrder(tx, parcel))
  // Nobody's parcel here: the id only ties the offers to the question.
  const parcel_id = await ctx.read(async (tx) => tx.newId('parcel'))
  const { offers } = await askCarriers(ctx, [{ parcel_id, order }], sellerIn(ctx, parcel.carrier))
  const { strategy = 'cheapest', carrier, service, currency } = parcel
  const best = chooseOffer(offers, { strategy, carrier, service, currency })
  const quote = best?.offer.quotes[0]
  if (!best || !quote) {
    throw shipmentErrors.no_rates({ problem: 'no offer is of that carrier and service' })
  }
  const { reference_type, reference_id, location_id } = parcel
  const of = { reference_type, reference_id, location_id }
  const begun = await ctx.transaction(async (tx) => {
    const meanwhile = await liveLabelOf(tx, parcel)
    if (meanwhile) return { label: meanwhile, mine: false }
    const purchase_id = tx.newId('label_purchase')
    const label = labelRow(tx, { purchase_id, order, offer: best.offer, quote, of })
    await insertLabels.run(tx, { rows: [label] })
    return { label, mine: true }
  })
  return answered(await (begun.mine ? buyLabel(ctx, begun.label) : goOn(ctx, begun.label)))
}

const goOn = (ctx: ProcessContext, label: LabelRow): Promise<LabelRow> =>
  label.state === 'sent' || label.state === 'unknown'
    ? resolveLabel(ctx, label, true)
    : Promise.resolve(label)

function answered(label: LabelRow): LabelRow {
  if (label.state !== 'failed') return label
  const reason = label.failure_message ?? label.failure_code ?? 'no reason was given.'
  throw shipmentErrors.label_refused({ reason, label_id: label.id })
}

const liveOf = prepared(db, (open, p: { reference_type: string; reference_id: string }) =>
  open
    .selectFrom('labels')
    .selectAll()
    .where('reference_type', '=', p.reference_type)
    .where('reference_id', '=', p.reference_id)
    .where('state', 'in', ['sent', 'unknown', 'bought', 'voiding'])
    .limit(1),
)

/** The label that is there for a reference, or may be. */
export const liveLabelOf = (
  ctx: Context,
  { reference_type, reference_id }: Pick<ReturnParcel, 'reference_type' | 'reference_id'>,
): Promise<LabelRow | undefined> => liveOf.first(ctx, { reference_type, reference_id })

async function returnOrder(ctx: Context, parcel: ReturnParcel): Promise<ParcelOrder> {
  const from = streetAddress(postalAddress(parcel.from))
  refuseNowhere(from)
  const to = await senderOf(ctx, parcel.location_id)
  refuseNowhere(to)
  return {
    reference: parcel.reference,
    position: 1,
    of: 1,
    from,
    to,
    weight_grams: parcel.weight_grams,
    length_mm: parcel.length_mm ?? null,
    width_mm: parcel.width_mm ?? null,
    height_mm: parcel.height_mm ?? null,
    signature_required: false,
    is_return: true,
    customs: [],
    currency: parcel.currency,
    asked_at: ctx.now,
  }
}
