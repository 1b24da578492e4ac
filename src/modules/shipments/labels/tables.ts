import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Json, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { ParcelOrder } from './carriers.ts'
import { labelLifecycle } from './lifecycle.ts'

export const STRATEGIES = ['cheapest', 'fastest', 'promise', 'chosen'] as const
export type Strategy = (typeof STRATEGIES)[number]

/** The carrier's offer for one parcel: what a label of it is bought by. */
export const ParcelQuote = Type.Object({
  parcel_id: IdSchema('parcel'),
  quote_ref: Type.String(),
  rate_ref: Type.String(),
  amount: Amount,
})
export type ParcelQuote = Static<typeof ParcelQuote>

export const PAPERS = ['label', 'manifest'] as const

export const db = defineTables({
  /** What carriers offered for a shipment. One batch is one question to all of them. */
  shipment_rates: Type.Object({
    id: IdSchema('shipment_rate'),
    shipment_id: IdSchema('shipment'),
    batch_id: IdSchema('rate_batch'),
    /** Who is asked to buy it. */
    carrier: Type.String(),
    /** Who carries it. */
    carrier_name: Type.String(),
    service: Type.String(),
    service_name: Type.String(),
    /** For all parcels together. */
    amount: Amount,
    currency: Currency,
    delivery_days: Nullable(Type.Integer()),
    delivery_at: Nullable(Instant),
    quotes: Json(Type.Array(ParcelQuote)),
    quoted_at: Instant,
    /** Set on the one that labels were bought by; the others of its batch are the alternatives. */
    chosen_at: Nullable(Instant),
    chosen_by: Nullable(Type.Unsafe<Strategy>(Type.Enum([...STRATEGIES]))),
    /** By when it was to arrive, where that decided. */
    deliver_by: Nullable(Instant),
  }),
  /** What we ask of a carrier for one parcel; written before the call. */
  labels: Type.Object({
    /** Also the key that the carrier is given. */
    id: IdSchema('label'),
    /** What was bought by one call: one label for each parcel, or that of a return. */
    purchase_id: IdSchema('label_purchase'),
    /** Null for a label that is nobody's parcel here: of a return. */
    shipment_id: Nullable(IdSchema('shipment')),
    parcel_id: Nullable(IdSchema('parcel')),
    reference_type: Nullable(Type.String()),
    reference_id: Nullable(Type.String()),
    location_id: Nullable(IdSchema('location')),
    carrier: Type.String(),
    carrier_name: Type.String(),
    service: Type.String(),
    quote_ref: Type.String(),
    rate_ref: Type.String(),
    /** What was offered; `cost_amount` is what was charged. */
    amount: Amount,
    currency: Currency,
    cost_amount: Nullable(Amount),
    /** All that the carrier is told, as it was then. */
    request: Json(ParcelOrder),
    state: labelLifecycle.schema,
    /** What the carrier says of the money of a voided label. */
    refund_status: Nullable(Type.String()),
    tracking_number: Nullable(Type.String()),
    tracking_url: Nullable(Type.String()),
    estimated_delivery_at: Nullable(Instant),
    document_id: Nullable(IdSchema('carrier_document')),
    /** Where the carrier keeps the label, until it is here. */
    paper_url: Nullable(Type.String()),
    manifest_id: Nullable(IdSchema('manifest')),
    attempts: Type.Integer(),
    /** When the sweeper may look at it next. */
    check_at: Instant,
    failure_code: Nullable(Type.String()),
    failure_message: Nullable(Type.String()),
    requested_by: Type.String(),
    created_at: Instant,
    resolved_at: Nullable(Instant),
    voided_at: Nullable(Instant),
  }),
  /** Papers that were made or fetched once and are printed as they are. */
  carrier_documents: Type.Object({
    id: IdSchema('carrier_document'),
    kind: Type.Unsafe<(typeof PAPERS)[number]>(Type.Enum([...PAPERS])),
    media_type: Type.String(),
    /** Base64. */
    content: Type.String(),
    created_at: Instant,
  }),
})

export type RateRow = Static<typeof db.tables.shipment_rates>
export type LabelRow = Static<typeof db.tables.labels>
export type DocumentRow = Static<typeof db.tables.carrier_documents>
