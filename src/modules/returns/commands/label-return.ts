import { parseMoney } from '#kit/money'
import { sellableVariants } from '#modules/catalogue'
import { findLocation, firstLocation } from '#modules/inventory'
import { findOrder, linesOf } from '#modules/orders'
import { createReturnLabel } from '#modules/shipments'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import type { ProcessContext } from '#platform/processes'
import { requireVersion } from '#platform/versions'
import { returnErrors } from '../errors.ts'
import { returnEvents } from '../events.ts'
import { findReturn, type Locked, lockReturn, printRma, refuseShoppers } from '../find.ts'
import { OPEN_STATES } from '../lifecycle.ts'
import { type Change, storeReturn, toldOf } from '../moves.ts'
import { linesNow } from '../receiving.ts'
import type { LabelReturn, Return } from '../schemas.ts'
import { answerReturn } from '../wire.ts'

/** What a parcel weighs of which nobody knows the weight. */
const WEIGHT_GRAMS = 500

/**
 * Gives a return its way back: the label that a carrier makes, or a tracking number by hand. What
 * it costs is kept back of the refund where the customer pays for it. A label is bought once for a
 * return, however often it is asked for.
 */
export async function labelReturn(ctx: ProcessContext, input: LabelReturn): Promise<Return> {
  refuseShoppers(ctx, 'make the label of a return')
  const bought = input.tracking_number === undefined ? await buyLabel(ctx, input) : undefined
  return ctx.transaction(async (tx) => {
    const locked = await lockReturn(tx, input.id)
    requireLabelled(locked)
    const { row } = locked
    const after = await storeReturn(tx, row, {
      ...(bought ?? byHand(row, input)),
      ...(input.paid_by && { label_paid_by: input.paid_by }),
    })
    const { carrier, tracking_number } = after
    emit(tx, returnEvents.label_made({ ...toldOf(row), carrier, tracking_number }))
    return answerReturn(tx, after)
  }, 'read committed')
}

function requireLabelled({ row }: Pick<Locked, 'row'>): void {
  const { status } = row
  if (OPEN_STATES.includes(status) && status !== 'Requested') return
  throw returnErrors.not_changeable({ field: 'label', status })
}

function byHand(row: Locked['row'], input: LabelReturn): Change {
  const { carrier, tracking_number, label_url, amount } = input
  const cost = amount === undefined ? row.label_amount : parseMoney(amount, row.currency, 'amount')
  if (cost < 0) throw invalidField('amount', 'must not be negative')
  return {
    carrier: carrier ?? row.carrier,
    tracking_number: tracking_number ?? row.tracking_number,
    label_url: label_url ?? row.label_url,
    label_amount: cost,
  }
}

async function buyLabel(ctx: ProcessContext, input: LabelReturn): Promise<Change> {
  const parcel = await ctx.read(async (tx) => {
    const row = await findReturn(tx, input.id)
    requireVersion(tx, row.version)
    requireLabelled({ row })
    return parcelOf(tx, row, input)
  })
  const label = await createReturnLabel(ctx, parcel)
  return {
    carrier: label.carrier_name,
    tracking_number: label.tracking_number,
    label_url: label.paper_url,
    label_amount: label.currency === parcel.currency ? (label.cost_amount ?? label.amount) : 0,
  }
}

async function parcelOf(ctx: Context, row: Locked['row'], input: LabelReturn) {
  const order = await findOrder(ctx, row.order_id)
  const { shipping_address: from } = order
  const location = input.location
    ? await findLocation(ctx, input.location)
    : await firstLocation(ctx)
  if (!from || !location) throw returnErrors.no_label()
  return {
    reference_type: 'return',
    reference_id: row.id,
    reference: printRma(row.number),
    from,
    location_id: location.id,
    weight_grams: await weightOf(ctx, { order, row }),
    currency: row.currency,
    carrier: input.carrier,
    service: input.service,
  }
}

async function weightOf(ctx: Context, { order, row }: Locked): Promise<number> {
  const [lines, ordered] = await Promise.all([linesNow(ctx, { row }), linesOf(ctx, [order.id])])
  const variants = new Map((ordered.get(order.id) ?? []).map((line) => [line.id, line.variant_id]))
  const refs = [...new Set(variants.values())]
  const known = await sellableVariants(ctx, { refs, currency: row.currency })
  const grams = lines.map(({ order_line_id, quantity }) => {
    const variant = variants.get(order_line_id)
    return (variant ? (known.get(variant)?.weight_grams ?? 0) : 0) * quantity
  })
  return grams.reduce((sum, one) => sum + one, 0) || WEIGHT_GRAMS
}
