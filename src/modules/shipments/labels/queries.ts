import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { enqueue } from '#platform/jobs'
import { shipmentErrors } from '../errors.ts'
import { findShipment, lockShipment } from '../find.ts'
import { hasLeft } from '../lifecycle.ts'
import { printStatus } from '../words.ts'
import { findLabel, labelsOfShipment, storeLabel } from './rows.ts'
import { type GetLabel, type Label, labelOf, type Paper } from './schemas.ts'
import { db, type LabelRow } from './tables.ts'
import { VOID_LABEL } from './withdraw.ts'

/** The labels of a shipment, oldest first, also those that were given back. */
export async function listLabels(
  ctx: Context,
  { id }: { id: string },
): Promise<{ items: Label[] }> {
  const shipment = await findShipment(ctx, id)
  const labels = await labelsOfShipment(ctx, { shipment_id: shipment.id })
  return { items: labels.map(labelOf) }
}

const documentById = prepared(db, (open, p: { id: Id<'carrier_document'> }) =>
  open.selectFrom('carrier_documents').selectAll().where('id', '=', p.id),
)

/** A stored paper; undefined if there is none. */
export const findDocument = (ctx: Context, id: Id<'carrier_document'>) =>
  documentById.first(ctx, { id })

/** One label. */
export async function getLabel(ctx: Context, { id }: GetLabel): Promise<Label> {
  return labelOf(await findLabel(ctx, id))
}

/** A label to print. Throws `no_document` while there is none. */
export async function getLabelPaper(ctx: Context, { id }: GetLabel): Promise<Paper> {
  const label = await findLabel(ctx, id)
  const paper = label.document_id ? await findDocument(ctx, label.document_id) : undefined
  const ours = label.state === 'bought' || label.state === 'voiding'
  if (!paper || !ours) throw shipmentErrors.no_document({ label_id: id, state: label.state })
  const kind = paper.media_type === 'application/pdf' ? 'pdf' : 'png'
  const file_name = `label-${label.tracking_number}.${kind}`
  return { file_name, media_type: paper.media_type, content: paper.content }
}

/**
 * Gives a label back: written now, told to the carrier right after the commit. Doing it twice is
 * harmless. Throws `label_not_voidable` for one that is not ours, has left, or is on a manifest.
 */
export async function withdrawLabel(ctx: Context, { id }: GetLabel): Promise<Label> {
  const { shipment_id } = await findLabel(ctx, id)
  const locked = shipment_id ? await lockShipment(ctx, shipment_id) : undefined
  const label = await findLabel(ctx, id)
  if (label.state === 'voiding' || label.state === 'voided') return labelOf(label)
  const problem = whyNot(label, locked ? hasLeft(locked.shipment.status) : false)
  if (problem) throw shipmentErrors.label_not_voidable({ label_id: id, problem })
  const changed: Partial<LabelRow> = { state: 'voiding', attempts: 0, check_at: ctx.now }
  const stored = await storeLabel(ctx, label, changed)
  if (!stored) throw new Error(`label ${id} changed without a lock`)
  await enqueue(ctx, { name: VOID_LABEL }, { payload: { label_id: id } })
  return labelOf({ ...label, ...changed })
}

function whyNot({ state, manifest_id }: LabelRow, left: boolean): string | undefined {
  if (state !== 'bought') return `it is ${state}`
  if (manifest_id) return `it stands on manifest ${manifest_id}`
  return left ? `its shipment is ${printStatus('shipped')}` : undefined
}
