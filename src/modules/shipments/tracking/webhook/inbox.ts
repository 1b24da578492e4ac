import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import type { ProcessContext } from '#platform/processes'
import { lockShipment, trackingKey } from '../../find.ts'
import { type CarrierWebhook, carriers, type ParcelNews } from '../../labels/carriers.ts'
import { later, nextLook } from '../../labels/rows.ts'
import { type ParcelRow, db as shipments } from '../../tables.ts'
import { recordTracking } from '../record.ts'
import { db, type WebhookRow } from '../tables.ts'
import { emptyTrackingWebhook } from './row.ts'

/** Tries before a parked webhook is left alone: about ten hours. */
const ATTEMPTS_MAX = 20
const LEASE_MS = 60_000
const BATCH = 50

const insertOnce = prepared(db, (open, p: WebhookRow) =>
  open
    .insertInto('tracking_webhooks')
    .values({
      id: p.id,
      carrier: p.carrier,
      event_id: p.event_id,
      type: p.type,
      body: p.body,
      status: p.status,
      note: p.note,
      parcel_id: p.parcel_id,
      attempts: p.attempts,
      check_at: p.check_at,
      received_at: p.received_at,
      settled_at: p.settled_at,
    })
    .onConflict((conflict) => conflict.columns(['carrier', 'event_id']).doNothing()),
)

/**
 * Keeps a signed webhook and makes what it says part of its parcel, in one transaction; one that is
 * known has no effect.
 */
export async function receive(
  ctx: Context,
  carrier: string,
  { webhook, body }: { webhook: CarrierWebhook; body: string },
): Promise<void> {
  const row = emptyTrackingWebhook(ctx, carrier, { webhook, body })
  const { affected } = await insertOnce.run(ctx, row)
  if (affected === 0 || !webhook.parcel) return
  await settle(ctx, row, webhook.parcel)
}

/** Makes what a webhook says part of its parcel; one whose parcel is not known yet must wait. */
async function settle(ctx: Context, row: WebhookRow, said: ParcelNews): Promise<void> {
  const parcel = await parcelOf(ctx, row.carrier, said)
  if (!parcel) return park(ctx, row)
  const locked = await lockShipment(ctx, parcel.shipment_id)
  await recordTracking(ctx, locked, [
    { parcel_id: parcel.id, source: row.carrier, news: said.news },
  ])
  const applied = { status: 'applied' as const, note: null, parcel_id: parcel.id }
  await keep(ctx, { ...row, ...applied, settled_at: ctx.now })
}

async function park(ctx: Context, row: WebhookRow): Promise<void> {
  const attempts = row.attempts + 1
  const over = attempts >= ATTEMPTS_MAX
  await keep(ctx, {
    ...row,
    status: over ? 'given_up' : 'parked',
    note: 'its parcel is not known here',
    attempts,
    check_at: nextLook(ctx, row.attempts),
    settled_at: over ? ctx.now : null,
  })
}

const update = prepared(db, (open, p: WebhookRow) =>
  open
    .updateTable('tracking_webhooks')
    .set({
      status: p.status,
      note: p.note,
      parcel_id: p.parcel_id,
      attempts: p.attempts,
      check_at: p.check_at,
      settled_at: p.settled_at,
    })
    .where('id', '=', p.id),
)
const keep = async (ctx: Context, row: WebhookRow) => void (await update.run(ctx, row))

const byRef = prepared(shipments, (open, p: { carrier: string; ref: string }) =>
  open
    .selectFrom('parcels')
    .selectAll()
    .where('tracked_by', '=', p.carrier)
    .where('carrier_ref', '=', p.ref)
    .limit(1),
)
const byNumber = prepared(shipments, (open, p: { key: string; carrier: string }) =>
  open
    .selectFrom('parcels')
    .selectAll()
    .where('tracking_key', '=', p.key)
    .where((eb) => eb.or([eb('tracked_by', '=', p.carrier), eb('tracked_by', 'is', null)]))
    .orderBy('id', 'desc')
    .limit(1),
)

/**
 * The parcel that is spoken of: by the carrier's own name of it, else the newest of its number,
 * because carriers use numbers again.
 */
async function parcelOf(
  ctx: Context,
  carrier: string,
  { tracking_number, carrier_ref }: ParcelNews,
): Promise<ParcelRow | undefined> {
  const named = carrier_ref ? await byRef.first(ctx, { carrier, ref: carrier_ref }) : undefined
  return named ?? byNumber.first(ctx, { key: trackingKey(tracking_number), carrier })
}

const claimParked = prepared(db, (open, p: { now: string; lease: string; batch: number }) =>
  open
    .updateTable('tracking_webhooks')
    .set({ check_at: p.lease })
    .where('status', '=', 'parked')
    .where('check_at', '<=', p.now)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('tracking_webhooks as due')
        .select('due.id')
        .where('due.status', '=', 'parked')
        .where('due.check_at', '<=', p.now)
        .orderBy('due.check_at')
        .limit(p.batch),
    )
    .returningAll(),
)

/** Tries due parked webhooks again, each in its own transaction; answers how many. */
export async function settleParked(ctx: ProcessContext): Promise<number> {
  const due = await ctx.transaction(
    (tx) => claimParked(tx, { now: tx.now, lease: later(tx, LEASE_MS), batch: BATCH }),
    'read committed',
  )
  for (const row of due) {
    try {
      await ctx.transaction((tx) => settleAgain(tx, row), 'read committed')
    } catch (error) {
      ctx.log.error({ err: error, webhook_id: row.id }, 'a tracking webhook could not be settled')
    }
  }
  return due.length
}

async function settleAgain(ctx: Context, row: WebhookRow): Promise<void> {
  const carrier = carriers.of(ctx).named(row.carrier)
  const parcel = carrier?.newsIn?.(row.body).parcel
  if (parcel) await settle(ctx, row, parcel)
}
