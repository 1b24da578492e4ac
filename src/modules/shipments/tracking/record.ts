import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { insertEach, updateEach } from '#platform/database/each-row'
import type { LockedShipment } from '../find.ts'
import { parcelsOfShipments } from '../find.ts'
import type { TrackingNews } from '../labels/carriers.ts'
import { hasLeft } from '../lifecycle.ts'
import { type ParcelRow, type ParcelStatus, db as shipments } from '../tables.ts'
import { arrivalsOf, type Settled, settleShipment, statesOf } from './settle.ts'
import { db, type TrackingEventRow } from './tables.ts'

const KINDS = db.kinds('tracking_events')
const columns = Object.keys(KINDS) as (keyof TrackingEventRow)[]

// The unique index of parcel and key is what makes two tellings one event.
const insertOnce = insertEach<TrackingEventRow, unknown>(db as never, KINDS as never, {
  table: 'tracking_events',
  values: (row) => Object.fromEntries(columns.map((name) => [name, row[name]])),
  onConflict: sql`on conflict (parcel_id, event_key) do nothing`,
})

type Standing = { id: ParcelRow['id']; status: ParcelStatus; poll_at: string | null }
const storeStanding = updateEach<Standing, unknown>(
  shipments as never,
  { id: 'uuid', status: 'text', poll_at: 'timestamptz' },
  {
    table: 'parcels',
    key: ['id'],
    set: ({ status, poll_at }) => ({ status, poll_at }),
    where: () => sql`true`,
  },
)

/** What was told of one parcel, by whom. */
export type Told = { parcel_id: ParcelRow['id']; source: string; news: readonly TrackingNews[] }

/** No parcel has more of a history than this; more is no history but noise. */
const NEWS_MAX = 200

/**
 * Adds what was told to the histories of a shipment's parcels, and makes of them what they say now.
 * What is known already changes nothing. The order's lock is held.
 */
export async function recordTracking(
  ctx: Context,
  { shipment, order }: LockedShipment,
  told: readonly Told[],
): Promise<Settled & { added: number }> {
  const rows = told.flatMap(({ parcel_id, source, news }) =>
    news.slice(-NEWS_MAX).map((one) => ({
      id: ctx.newId('tracking_event'),
      parcel_id,
      shipment_id: shipment.id,
      event_key: keyOf(one),
      source,
      ...one,
      proof_urls: [...one.proof_urls],
      recorded_at: ctx.now,
      recorded_by: ctx.actor.id,
    })),
  )
  if (rows.length === 0) return { shipment, order, added: 0 }
  const { affected } = await insertOnce.run(ctx, { rows })
  if (affected === 0) return { shipment, order, added: 0 }
  const parcels = await parcelsOfShipments(ctx, { shipments: [shipment.id] })
  const arrivals = await arrivalsOf(ctx, parcels)
  await storeStandings(
    ctx,
    parcels,
    statesOf(parcels, arrivals.events).map(({ status }) => status),
  )
  const settled = await settleShipment(ctx, { shipment, order, ...arrivals })
  return { ...settled, added: affected }
}

async function storeStandings(
  ctx: Context,
  parcels: readonly ParcelRow[],
  statuses: readonly ParcelStatus[],
): Promise<void> {
  const changed = parcels.flatMap((parcel, index) => {
    const status = statuses[index] ?? 'unknown'
    if (status === parcel.status) return []
    const over = status === 'delivered' || status === 'returned'
    return [{ id: parcel.id, status, poll_at: over ? null : parcel.poll_at }]
  })
  if (changed.length > 0) await storeStanding.run(ctx, { rows: changed })
}

/** What makes two tellings one event: when, what and where, whoever tells it. */
function keyOf({
  kind,
  occurred_at,
  code,
  location,
  description,
  estimated_delivery_at,
}: TrackingNews) {
  const said = [kind, code, location, description, estimated_delivery_at]
  const hash = createHash('sha256').update(JSON.stringify(said)).digest('base64url')
  return `${occurred_at} ${hash.slice(0, 22)}`
}

/** Whether news can still change where a shipment is. */
export const isFollowed = hasLeft
