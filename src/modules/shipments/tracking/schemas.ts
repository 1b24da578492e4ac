import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, InstantInput, LongText, Nullable, Text } from '#kit/schemas'
import { Parcel, ShipmentRef } from '../schemas.ts'
import { STATUS_NAMES } from '../words.ts'
import { TRACKING_KINDS } from './tables.ts'

const { Optional } = Type
const Kind = Type.Enum([...TRACKING_KINDS])

export const TrackingEvent = Type.Object({
  id: IdSchema('tracking_event'),
  parcel_id: IdSchema('parcel'),
  kind: Kind,
  code: Nullable(Type.String()),
  description: Nullable(Type.String()),
  location: Nullable(Type.String()),
  signed_by: Nullable(Type.String()),
  proof_urls: Type.Array(Type.String()),
  source: Type.String({ description: 'Who told it: a carrier, or `staff`.' }),
  occurred_at: Instant,
  recorded_at: Instant,
})
export type TrackingEvent = Static<typeof TrackingEvent>

/** As published (`shipment_id`, `status`), with where it is and what happened. */
export const Tracked = Type.Object({
  shipment_id: IdSchema('shipment'),
  number: Type.String(),
  status: Type.Enum(STATUS_NAMES),
  carrier: Nullable(Type.String()),
  tracking_number: Nullable(Type.String()),
  tracking_url: Nullable(Type.String()),
  estimated_delivery: Nullable(Instant),
  shipped_at: Nullable(Instant),
  delivered_at: Nullable(Instant),
  signed_by: Nullable(Type.String()),
  exception: Nullable(Type.String()),
  parcels: Type.Array(Parcel),
  events: Type.Array(TrackingEvent, { description: 'What happened, newest first.' }),
  events_cut: Type.Boolean({ description: 'Whether older ones are left out.' }),
})
export type Tracked = Static<typeof Tracked>

export const GetByTracking = Type.Object({ tracking_number: Text(100) })
export type GetByTracking = Static<typeof GetByTracking>

const Url = Type.String({ maxLength: 2000, pattern: '^https?://[^\\s\\u0000-\\u001f]+$' })
export const AddTracking = Type.Object({
  id: ShipmentRef,
  parcel_id: Optional(
    Type.Unsafe<Parcel['id']>({ ...IdSchema('parcel'), description: 'Else all its parcels.' }),
  ),
  status: Text(40, {
    description: `One of ${TRACKING_KINDS.join(', ')}, or a published status of a shipment.`,
  }),
  timestamp: Optional(InstantInput),
  location: Optional(Nullable(Text(200))),
  description: Optional(Nullable(LongText(500))),
  carrier_status_code: Optional(Nullable(Text(60))),
  signed_by: Optional(Nullable(Text(200))),
  proof_urls: Optional(Type.Array(Url, { maxItems: 20 })),
  estimated_delivery: Optional(Nullable(InstantInput)),
})
export type AddTracking = Static<typeof AddTracking>
