import { type Static, Type } from 'typebox'
import { Amount, Currency } from '#kit/money'
import { Instant, Nullable } from '#kit/schemas'
import { definePort } from '#platform/ports'
import type { ProcessContext } from '#platform/processes'
import { ShipAddress } from '../tables.ts'
import type { TrackingKind } from '../tracking/tables.ts'

/** What customs want to know of the units of one line. */
export const CustomsItem = Type.Object({
  sku: Type.String(),
  description: Type.String(),
  quantity: Type.Integer(),
  /** Of all its units, in minor units. */
  value_amount: Amount,
  currency: Currency,
  weight_grams: Type.Integer(),
  hs_code: Nullable(Type.String()),
  origin_country: Nullable(Type.String()),
})
export type CustomsItem = Static<typeof CustomsItem>

/** All that a carrier is told of one parcel. */
export const ParcelOrder = Type.Object({
  /** What is printed on it for us: the shipment's number, and which parcel of how many. */
  reference: Type.String(),
  position: Type.Integer(),
  of: Type.Integer(),
  from: ShipAddress,
  to: ShipAddress,
  weight_grams: Type.Integer(),
  length_mm: Nullable(Type.Integer()),
  width_mm: Nullable(Type.Integer()),
  height_mm: Nullable(Type.Integer()),
  signature_required: Type.Boolean(),
  is_return: Type.Boolean(),
  /** Filled where it crosses a border. */
  customs: Type.Array(CustomsItem),
  /** The currency that offers should be in, where the carrier can choose. */
  currency: Currency,
  /** When it was asked for: days of delivery count from here. */
  asked_at: Instant,
})
export type ParcelOrder = Static<typeof ParcelOrder>

/** What a carrier would take for one parcel by one service. */
export type CarrierRate = {
  /** The carrier's own name of this offer. */
  ref: string
  carrier_name: string
  service: string
  service_name: string
  amount: number
  currency: string
  delivery_days: number | null
  delivery_at: string | null
}

/** What a carrier offers for one parcel. `ref` is its own name of the question. */
export type Quote = { ref: string; rates: readonly CarrierRate[]; problems: readonly string[] }

export type Paper = { media_type: string; content: Buffer }

export type BoughtLabel = {
  tracking_number: string
  tracking_url: string | null
  carrier_name: string
  service: string
  cost_amount: number
  currency: string
  estimated_delivery_at: string | null
  paper: Paper | null
  /** Where the paper is, if it could not be fetched. */
  paper_url: string | null
}

/** A refusal is an answer: nothing was charged. */
export type BuyAnswer =
  | { outcome: 'bought'; label: BoughtLabel }
  | { outcome: 'refused'; code: string; message: string }

export type VoidAnswer =
  | { outcome: 'voided'; refund_status: string | null }
  | { outcome: 'refused'; code: string; message: string }

/** One thing that a carrier says happened to a parcel. */
export type TrackingNews = {
  kind: TrackingKind
  code: string | null
  description: string | null
  location: string | null
  signed_by: string | null
  proof_urls: readonly string[]
  estimated_delivery_at: string | null
  occurred_at: string
}

/** What was told of one parcel, by its number and the carrier's own name of it. */
export type ParcelNews = {
  tracking_number: string
  carrier_ref: string | null
  news: readonly TrackingNews[]
}

export type CarrierWebhook = {
  event_id: string
  type: string
  /** Undefined when this kind of event is of no interest here. */
  parcel: ParcelNews | undefined
}

export type LabelCall = {
  /** The label's id: the same for every try. */
  key: string
  quote_ref: string
  rate_ref: string
  service: string
  /** What was offered, in minor units. */
  amount: number
  currency: string
  tracking_number: string | null
  request: ParcelOrder
}

export type ManifestCall = {
  key: string
  labels: readonly (LabelCall & { weight_grams: number })[]
}
export type ManifestAnswer =
  | { outcome: 'closed'; ref: string; paper: Paper | null; paper_url: string | null }
  | { outcome: 'refused'; code: string; message: string }

/**
 * Who carries parcels. Each call either answers what happened, or throws, and then nobody knows.
 * What costs money (`buy`) is bound to a quote: asked twice for the same one, a carrier sells one
 * label.
 */
export type Carrier = {
  readonly name: string
  /** How long a call may take before its outcome counts as unknown, in milliseconds. */
  readonly timeout_ms: number
  /** What it would take for a parcel. Costs nothing and binds nobody. */
  quote(ctx: ProcessContext, key: string, order: ParcelOrder): Promise<Quote>
  buy(ctx: ProcessContext, call: LabelCall): Promise<BuyAnswer>
  /** The label of this call, if it was sold; undefined if it was not. */
  lookUp(ctx: ProcessContext, call: LabelCall): Promise<BoughtLabel | undefined>
  void(ctx: ProcessContext, call: LabelCall): Promise<VoidAnswer>
  /** What happened to a parcel so far; undefined where it cannot be asked. */
  track?(
    ctx: ProcessContext,
    parcel: { tracking_number: string; carrier_ref: string | null },
  ): Promise<readonly TrackingNews[]>
  manifest(ctx: ProcessContext, call: ManifestCall): Promise<ManifestAnswer>
  /** Fetches a paper that was not at hand when the label was bought. */
  fetchPaper?(url: string): Promise<Paper>
  /** Checks the signature of a webhook and reads it; throws `bad_signature` or `bad_webhook`. */
  readWebhook?(webhook: { headers: WebhookHeaders; body: Buffer }): CarrierWebhook
  /** Reads a webhook whose signature was good when it came. */
  newsIn?(body: string): CarrierWebhook
}
export type WebhookHeaders = Record<string, string | string[] | undefined>

/** Carriers by the name that labels remember, in the order in which they are asked. */
export type Carriers = {
  readonly all: readonly Carrier[]
  named(name: string): Carrier | undefined
}

export const carriers = definePort<Carriers>('carriers')

/** What a packing slip shows. */
export type PackingSlip = {
  title: string
  order_number: string
  date: string
  from: ShipAddress
  to: ShipAddress
  lines: readonly {
    sku: string
    name: string
    quantity: number
    /** Lots and serial numbers. */
    details: readonly string[]
  }[]
  parcels: readonly {
    position: number
    weight_grams: number | null
    tracking_number: string | null
  }[]
  notes: string | null
  /** Units of the order that come later. */
  to_follow: number
}

/** Who prints papers that no carrier is asked for. */
export type Printer = { packingSlip(slip: PackingSlip): Promise<Paper> }
export const printer = definePort<Printer>('printer of packing slips')
