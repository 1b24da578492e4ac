import { prepared } from '#platform/database/prepared'
import type { Schedule } from '#platform/jobs'
import type { ProcessContext } from '#platform/processes'
import { lockShipment } from '../find.ts'
import { withinTime } from '../labels/call.ts'
import { carriers, type TrackingNews } from '../labels/carriers.ts'
import { later } from '../labels/rows.ts'
import { db, type ParcelRow } from '../tables.ts'
import { recordTracking } from './record.ts'
import { settleParked } from './webhook/inbox.ts'

const BATCH = 50
const MINUTE_MS = 60_000

const claimDue = prepared(db, (open, p: { now: string; next: string; batch: number }) =>
  open
    .updateTable('parcels')
    .set({ poll_at: p.next })
    .where('poll_at', '<=', p.now)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('parcels as due')
        .select('due.id')
        .where('due.poll_at', '<=', p.now)
        .orderBy('due.poll_at')
        .limit(p.batch),
    )
    .returningAll(),
)

/**
 * Asks carriers what happened to parcels that are under way and of which they have told nothing for
 * a while: webhooks get lost. Tries webhooks again whose parcel was not known. Answers how many
 * parcels were asked for.
 */
export async function pollTracking(ctx: ProcessContext): Promise<number> {
  await settleParked(ctx)
  const pause_ms = ctx.settings.tracking_poll_minutes * MINUTE_MS
  const due = await ctx.transaction(
    (tx) => claimDue(tx, { now: tx.now, next: later(tx, pause_ms), batch: BATCH }),
    'read committed',
  )
  for (const parcel of due) await askFor(ctx, parcel)
  return due.length
}

async function askFor(ctx: ProcessContext, parcel: ParcelRow): Promise<void> {
  const { tracked_by, tracking_number, carrier_ref } = parcel
  const carrier = tracked_by ? carriers.of(ctx).named(tracked_by) : undefined
  if (!carrier?.track || tracking_number === null) return
  try {
    const asked = carrier.track(ctx, { tracking_number, carrier_ref })
    const news: readonly TrackingNews[] = await withinTime(carrier, asked)
    await ctx.transaction(async (tx) => {
      const locked = await lockShipment(tx, parcel.shipment_id)
      await recordTracking(tx, locked, [{ parcel_id: parcel.id, source: carrier.name, news }])
    }, 'read committed')
  } catch (error) {
    ctx.log.warn({ err: error, parcel_id: parcel.id }, 'a parcel could not be asked for')
  }
}

export const trackingPoll: Schedule = {
  name: 'shipments.poll_tracking',
  every_ms: (settings) => settings.carrier_sweep_interval_ms,
  run: async (ctx) => void (await pollTracking(ctx)),
}
