import type { Id } from '#kit/ids'
import { findLocation } from '#modules/inventory'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import type { Schedule } from '#platform/jobs'
import type { ProcessContext } from '#platform/processes'
import { insertRows } from '#platform/tables'
import { shipmentErrors } from '../errors.ts'
import { carrierEvents } from '../events.ts'
import { carrierNamed, withinTime } from '../labels/call.ts'
import type { ManifestAnswer } from '../labels/carriers.ts'
import { CALL_MS } from '../labels/purchase.ts'
import { callOf, insertDocuments, later, nextLook } from '../labels/rows.ts'
import { type LabelRow, db as labels } from '../labels/tables.ts'
import { findManifest } from './queries.ts'
import { type CloseManifest, type Manifest, manifestOf } from './schemas.ts'
import { db, type ManifestRow } from './tables.ts'

/** More parcels than this make another manifest. */
const PARCELS_MAX = 500

/**
 * Hands a day's parcels at a location over to a carrier with one paper: all that were bought of it
 * there and stand on no manifest yet. Which ones is written first; then the carrier is asked; then
 * its paper is written. A call that broke off is made again, for the same parcels.
 */
export async function closeManifest(ctx: ProcessContext, input: CloseManifest): Promise<Manifest> {
  const { name } = carrierNamed(ctx, input.carrier)
  const begun = await ctx.transaction(
    (tx) => beginManifest(tx, ctx.key as Id<'manifest'>, { ...input, carrier: name }),
    'read committed',
  )
  const settled = begun.state === 'sent' ? await performManifest(ctx, begun) : begun
  return ctx.conclude(async () => settled, manifestOf)
}

const insertManifests = insertRows(db, 'manifests')
const byKey = prepared(db, (open, p: { id: Id<'manifest'> }) =>
  open.selectFrom('manifests').selectAll().where('id', '=', p.id),
)
const openLabels = prepared(
  labels,
  (open, p: { carrier: string; location_id: Id<'location'>; most: number }) =>
    open
      .selectFrom('labels')
      .select('id')
      .where('carrier', '=', p.carrier)
      .where('location_id', '=', p.location_id)
      .where('state', '=', 'bought')
      .where('manifest_id', 'is', null)
      .where('shipment_id', 'is not', null)
      .orderBy('id')
      .limit(p.most),
)
// Guarded once more: a label may be given back, or taken by another manifest, in between.
const putOn = prepared(
  labels,
  (
    open,
    p: { carrier: string; location_id: Id<'location'>; manifest_id: Id<'manifest'>; most: number },
  ) =>
    open
      .updateTable('labels')
      .set({ manifest_id: p.manifest_id })
      .where('state', '=', 'bought')
      .where('manifest_id', 'is', null)
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('labels as waiting')
          .select('waiting.id')
          .where('waiting.carrier', '=', p.carrier)
          .where('waiting.location_id', '=', p.location_id)
          .where('waiting.state', '=', 'bought')
          .where('waiting.manifest_id', 'is', null)
          .where('waiting.shipment_id', 'is not', null)
          .orderBy('waiting.id')
          .limit(p.most),
      ),
)
const setCount = prepared(db, (open, p: { id: Id<'manifest'>; parcels: number }) =>
  open.updateTable('manifests').set({ parcels: p.parcels }).where('id', '=', p.id),
)

async function beginManifest(
  ctx: Context,
  id: Id<'manifest'>,
  { carrier, location_id: place }: CloseManifest,
): Promise<ManifestRow> {
  const known = await byKey.first(ctx, { id })
  if (known) return known
  const location = await findLocation(ctx, place)
  await lockEntity(ctx, 'manifest', `${carrier} ${location.id}`)
  const wanted = { carrier, location_id: location.id, most: PARCELS_MAX }
  const waiting = await openLabels(ctx, wanted)
  if (waiting.length === 0) {
    throw shipmentErrors.nothing_to_manifest({ location: location.code, carrier })
  }
  const row: ManifestRow = {
    id,
    carrier,
    location_id: location.id,
    state: 'sent',
    parcels: waiting.length,
    carrier_ref: null,
    document_id: null,
    paper_url: null,
    attempts: 0,
    check_at: later(ctx, CALL_MS),
    failure_message: null,
    created_by: ctx.actor.id,
    created_at: ctx.now,
    closed_at: null,
  }
  await insertManifests.run(ctx, { rows: [row] })
  const { affected: parcels } = await putOn.run(ctx, { ...wanted, manifest_id: id })
  if (parcels === 0) {
    throw shipmentErrors.nothing_to_manifest({ location: location.code, carrier })
  }
  if (parcels !== row.parcels) await setCount.run(ctx, { id, parcels })
  return { ...row, parcels }
}

const labelsOn = prepared(labels, (open, p: { manifest_id: Id<'manifest'> }) =>
  open.selectFrom('labels').selectAll().where('manifest_id', '=', p.manifest_id).orderBy('id'),
)
const store = prepared(db, (open, p: ManifestRow) =>
  open
    .updateTable('manifests')
    .set({
      state: p.state,
      carrier_ref: p.carrier_ref,
      document_id: p.document_id,
      paper_url: p.paper_url,
      attempts: p.attempts,
      check_at: p.check_at,
      failure_message: p.failure_message,
      closed_at: p.closed_at,
    })
    .where('id', '=', p.id)
    .where('state', '=', 'sent'),
)

/** Asks the carrier for the paper of the parcels that stand on it, and writes its answer down. */
async function performManifest(ctx: ProcessContext, row: ManifestRow): Promise<ManifestRow> {
  const carrier = carrierNamed(ctx, row.carrier)
  const on: LabelRow[] = await ctx.read((tx) => labelsOn(tx, { manifest_id: row.id }))
  const called = on.map((label) => ({
    ...callOf(label),
    weight_grams: label.request.weight_grams,
  }))
  let answer: ManifestAnswer
  try {
    answer = await withinTime(carrier, carrier.manifest(ctx, { key: row.id, labels: called }))
  } catch (error) {
    ctx.log.warn({ err: error, manifest_id: row.id }, 'the outcome of a manifest is unknown')
    return ctx.transaction(async (tx) => {
      const attempts = row.attempts + 1
      const lost = { ...row, attempts, check_at: nextLook(tx, row.attempts) }
      await store.run(tx, lost)
      return findManifest(tx, row.id)
    }, 'read committed')
  }
  return ctx.transaction((tx) => settle(tx, row, answer), 'read committed')
}

const takeOff = prepared(labels, (open, p: { manifest_id: Id<'manifest'> }) =>
  open.updateTable('labels').set({ manifest_id: null }).where('manifest_id', '=', p.manifest_id),
)

async function settle(ctx: Context, row: ManifestRow, answer: ManifestAnswer) {
  if (answer.outcome === 'refused') {
    const failed = { ...row, state: 'failed' as const, failure_message: answer.message }
    const { affected } = await store.run(ctx, failed)
    if (affected > 0) await takeOff.run(ctx, { manifest_id: row.id })
    return findManifest(ctx, row.id)
  }
  const { ref, paper, paper_url } = answer
  const document_id = paper ? ctx.newId('carrier_document') : null
  if (paper && document_id) {
    const content = paper.content.toString('base64')
    const kept = { media_type: paper.media_type, content, created_at: ctx.now }
    await insertDocuments.run(ctx, { rows: [{ id: document_id, kind: 'manifest', ...kept }] })
  }
  const closed = { state: 'closed' as const, carrier_ref: ref, document_id, paper_url }
  const { affected } = await store.run(ctx, { ...row, ...closed, closed_at: ctx.now })
  if (affected > 0) {
    const { id: manifest_id, carrier, location_id, parcels } = row
    emit(ctx, carrierEvents.manifest_closed({ manifest_id, carrier, location_id, parcels }))
  }
  return findManifest(ctx, row.id)
}

const claimDue = prepared(db, (open, p: { now: string; lease: string }) =>
  open
    .updateTable('manifests')
    .set({ check_at: p.lease })
    .where('state', '=', 'sent')
    .where('check_at', '<=', p.now)
    .returningAll(),
)

/** Asks again for the papers of manifests whose call broke off; answers how many. */
export async function sweepManifests(ctx: ProcessContext): Promise<number> {
  const due = await ctx.transaction(
    (tx) => claimDue(tx, { now: tx.now, lease: later(tx, CALL_MS) }),
    'read committed',
  )
  for (const row of due) await performManifest(ctx, row)
  return due.length
}

export const manifestSweep: Schedule = {
  name: 'shipments.sweep_manifests',
  every_ms: (settings) => settings.carrier_sweep_interval_ms,
  run: async (ctx) => void (await sweepManifests(ctx)),
}
