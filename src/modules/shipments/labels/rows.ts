import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { insertRows } from '#platform/tables'
import { shipmentErrors } from '../errors.ts'
import type { LabelCall } from './carriers.ts'
import { db, type LabelRow } from './tables.ts'

export const insertLabels = insertRows(db, 'labels')
export const insertRates = insertRows(db, 'shipment_rates')
export const insertDocuments = insertRows(db, 'carrier_documents')

export const labelById = prepared(db, (open, p: { id: Id<'label'> }) =>
  open.selectFrom('labels').selectAll().where('id', '=', p.id),
)
export const labelsOfShipment = prepared(db, (open, p: { shipment_id: Id<'shipment'> }) =>
  open.selectFrom('labels').selectAll().where('shipment_id', '=', p.shipment_id).orderBy('id'),
)

/** The label of this id; throws `label_not_found`. */
export async function findLabel(ctx: Context, id: Id<'label'>): Promise<LabelRow> {
  const found = await labelById.first(ctx, { id })
  if (!found) throw shipmentErrors.label_not_found({ label_id: id })
  return found
}

const change = prepared(db, (open, p: LabelRow & { known_state: LabelRow['state'] }) =>
  open
    .updateTable('labels')
    .set({
      state: p.state,
      carrier_name: p.carrier_name,
      cost_amount: p.cost_amount,
      refund_status: p.refund_status,
      tracking_number: p.tracking_number,
      tracking_url: p.tracking_url,
      estimated_delivery_at: p.estimated_delivery_at,
      document_id: p.document_id,
      paper_url: p.paper_url,
      attempts: p.attempts,
      check_at: p.check_at,
      failure_code: p.failure_code,
      failure_message: p.failure_message,
      resolved_at: p.resolved_at,
      voided_at: p.voided_at,
    })
    .where('id', '=', p.id)
    .where('state', '=', p.known_state),
)

/**
 * Stores what became of a label, only if it still is in the state in which it was read: the answer
 * and the sweeper may bring the same news. Answers whether it was.
 */
export async function storeLabel(
  ctx: Context,
  known: LabelRow,
  changed: Partial<LabelRow>,
): Promise<boolean> {
  const { affected } = await change.run(ctx, { ...known, ...changed, known_state: known.state })
  return affected === 1
}

/** What a carrier is told of a label: the same for every try. */
export const callOf = (label: LabelRow): LabelCall => ({
  key: label.id,
  quote_ref: label.quote_ref,
  rate_ref: label.rate_ref,
  service: label.service,
  amount: label.amount,
  currency: label.currency,
  tracking_number: label.tracking_number,
  request: label.request,
})

/** An instant after this one, in milliseconds. */
export const later = ({ now }: Pick<Context, 'now'>, ms: number): string =>
  new Date(Date.parse(now) + ms).toISOString()

const FIRST_PAUSE_MS = 2_000
const LONGEST_PAUSE_MS = 60 * 60 * 1000
/** When to look again: 2 s, 4 s, 8 s … an hour. */
export const nextLook = (ctx: Pick<Context, 'now'>, attempts: number): string =>
  later(ctx, Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempts, 20), LONGEST_PAUSE_MS))
