import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import type { Job, Schedule } from '#platform/jobs'
import type { ProcessContext } from '#platform/processes'
import { findShipment } from '../find.ts'
import { carrierNamed, withinTime } from './call.ts'
import { resolveLabel, voidLabel } from './perform.ts'
import { insertDocuments, labelById, later } from './rows.ts'
import { FETCH_PAPER } from './settle-label.ts'
import { db, type LabelRow } from './tables.ts'
import { VOID_LABEL } from './withdraw.ts'

/** How long a swept label belongs to its sweeper, in milliseconds. */
const LEASE_MS = 3 * 60_000
const BATCH = 50

const claimDue = prepared(db, (open, p: { now: string; lease: string; batch: number }) =>
  open
    .updateTable('labels')
    .set({ check_at: p.lease })
    .where('state', 'in', ['sent', 'unknown', 'voiding'])
    .where('check_at', '<=', p.now)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('labels as due')
        .select('due.id')
        .where('due.state', 'in', ['sent', 'unknown', 'voiding'])
        .where('due.check_at', '<=', p.now)
        .orderBy('due.check_at')
        .limit(p.batch),
    )
    .returningAll(),
)

/** Finds out what became of every label whose outcome is open and due; answers how many. */
export async function sweepLabels(ctx: ProcessContext): Promise<number> {
  let swept = 0
  for (;;) {
    const due = await ctx.transaction(
      (tx) => claimDue(tx, { now: tx.now, lease: later(tx, LEASE_MS), batch: BATCH }),
      'read committed',
    )
    for (const label of due) await finish(ctx, label)
    swept += due.length
    if (due.length < BATCH) return swept
  }
}

async function finish(ctx: ProcessContext, label: LabelRow): Promise<void> {
  try {
    if (label.state === 'voiding') await voidLabel(ctx, label)
    else await resolveLabel(ctx, label, await ctx.read((tx) => isWanted(tx, label)))
  } catch (error) {
    ctx.log.error({ err: error, label_id: label.id }, 'a label could not be swept')
  }
}

async function isWanted(ctx: Context, { shipment_id }: LabelRow): Promise<boolean> {
  if (!shipment_id) return true
  return (await findShipment(ctx, shipment_id)).status !== 'cancelled'
}

export const labelSweep: Schedule = {
  name: 'shipments.sweep_labels',
  every_ms: (settings) => settings.carrier_sweep_interval_ms,
  run: async (ctx) => void (await sweepLabels(ctx)),
}

const OfLabel = Type.Object({ label_id: IdSchema('label') })
type OfLabel = Static<typeof OfLabel>

/** Tells the carrier right after the commit that a label is not needed. */
export const voidJob: Job<OfLabel> = {
  name: VOID_LABEL,
  payload: OfLabel,
  async run(ctx, { label_id }) {
    const label = await ctx.read((tx) => labelById.first(tx, { id: label_id }))
    if (label?.state === 'voiding') await voidLabel(ctx, label)
  },
}

const setDocument = prepared(db, (open, p: Pick<LabelRow, 'id' | 'document_id'>) =>
  open
    .updateTable('labels')
    .set({ document_id: p.document_id })
    .where('id', '=', p.id)
    .where('document_id', 'is', null),
)

/** Fetches a label that the carrier has only told the address of. */
export const paperJob: Job<OfLabel> = {
  name: FETCH_PAPER,
  payload: OfLabel,
  async run(ctx, { label_id }) {
    const label = await ctx.read((tx) => labelById.first(tx, { id: label_id }))
    if (!label?.paper_url || label.document_id) return
    const carrier = carrierNamed(ctx, label.carrier)
    if (!carrier.fetchPaper) return
    const { media_type, content } = await withinTime(carrier, carrier.fetchPaper(label.paper_url))
    await ctx.transaction(async (tx) => {
      const document_id = tx.newId('carrier_document')
      const paper = { media_type, content: content.toString('base64'), created_at: tx.now }
      await insertDocuments.run(tx, { rows: [{ id: document_id, kind: 'label', ...paper }] })
      await setDocument.run(tx, { id: label_id, document_id })
    })
  },
}
