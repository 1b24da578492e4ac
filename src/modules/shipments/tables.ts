import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Json, Nullable, Text } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { shipmentLifecycle } from './lifecycle.ts'
import { CARRIERS, type CarrierWord, METHODS, type Method } from './words.ts'

const word = <T extends string>(words: readonly T[]) => Type.Unsafe<T>(Type.Enum([...words]))

/** An address in the words of the orders API; the country as two letters where it is known. */
export const ShipAddress = Type.Object({
  name: Type.Optional(Text(200)),
  company: Type.Optional(Text(200)),
  street: Type.Optional(Text(200)),
  street2: Type.Optional(Text(200)),
  city: Type.Optional(Text(100)),
  state: Type.Optional(Text(100)),
  postal_code: Type.Optional(Text(20)),
  country: Type.Optional(Text(100)),
  phone: Type.Optional(Text(40)),
})
export type ShipAddress = Static<typeof ShipAddress>

/** Units of one line that come from one lot, bin, or are these very serial numbers. */
export const LotUnits = Type.Object({
  lot_id: Type.Optional(IdSchema('lot')),
  quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  bin_id: Type.Optional(Nullable(IdSchema('bin'))),
  serial_numbers: Type.Optional(Type.Array(Text(100), { maxItems: 1000 })),
})
export type LotUnits = Static<typeof LotUnits>

/** How a parcel stands: what `parcelStatus` makes of its tracking events. */
export const PARCEL_STATUSES = [
  'unknown',
  'announced',
  'in_transit',
  'out_for_delivery',
  'failed',
  'delivered',
  'returned',
] as const
export type ParcelStatus = (typeof PARCEL_STATUSES)[number]

export const db = defineTables({
  shipments: Type.Object({
    id: IdSchema('shipment'),
    /** The order's number and the shipment's own within it: `1000001-S2`. */
    number: Type.String(),
    order_id: IdSchema('order'),
    position: Type.Integer(),
    customer_id: Nullable(IdSchema('customer')),
    /** The work it came from; null where nothing of it is kept in stock. */
    fulfilment_order_id: Nullable(IdSchema('fulfilment_order')),
    /** Where its units lie until it ships. */
    location_id: Nullable(IdSchema('location')),
    status: shipmentLifecycle.schema,
    status_reason: Nullable(Type.String()),
    method: word<Method>(METHODS),
    carrier: Nullable(word<CarrierWord>(CARRIERS)),
    /** The carrier's own name of the service, such as `Priority`. */
    service: Nullable(Type.String()),
    recipient_name: Type.String(),
    /** The address as one text, as it was sent or as the order has it. */
    shipping_address: Type.String(),
    ship_to: Json(ShipAddress),
    signature_required: Type.Boolean(),
    notes: Nullable(Type.String()),
    estimated_delivery_at: Nullable(Instant),
    shipped_at: Nullable(Instant),
    delivered_at: Nullable(Instant),
    cancelled_at: Nullable(Instant),
    /** When what had come back was put away. */
    returned_at: Nullable(Instant),
    signed_by: Nullable(Type.String()),
    proof_urls: Json(Type.Array(Type.String())),
    /** What is wrong, while it has failed. */
    exception: Nullable(Type.String()),
    created_by: Type.String(),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  shipment_lines: Type.Object({
    id: IdSchema('shipment_line'),
    shipment_id: IdSchema('shipment'),
    position: Type.Integer(),
    order_line_id: IdSchema('order_line'),
    /** Null where stock is not tracked. */
    item_id: Nullable(IdSchema('item')),
    sku: Type.String(),
    name: Type.String(),
    quantity: Type.Integer(),
    /** Of these, units that came back undelivered and were put away. */
    returned_quantity: Type.Integer(),
    lots: Nullable(Json(Type.Array(LotUnits))),
    // What customs want to know of one unit.
    hs_code: Nullable(Type.String()),
    origin_country: Nullable(Type.String()),
    unit_value_amount: Amount,
    currency: Currency,
    unit_weight_grams: Nullable(Type.Integer()),
  }),
  parcels: Type.Object({
    id: IdSchema('parcel'),
    shipment_id: IdSchema('shipment'),
    position: Type.Integer(),
    carton_id: Nullable(IdSchema('carton')),
    weight_grams: Nullable(Type.Integer()),
    length_mm: Nullable(Type.Integer()),
    width_mm: Nullable(Type.Integer()),
    height_mm: Nullable(Type.Integer()),
    tracking_number: Nullable(Type.String()),
    /** The tracking number as it is compared: upper case, without spaces. */
    tracking_key: Nullable(Type.String()),
    tracking_url: Nullable(Type.String()),
    /** Whom to ask about it: the carrier that its label was bought of. */
    tracked_by: Nullable(Type.String()),
    /** The carrier's own name of it, where it has one. */
    carrier_ref: Nullable(Type.String()),
    status: word<ParcelStatus>(PARCEL_STATUSES),
    /** When its carrier is asked next, while it is under way and says nothing by itself. */
    poll_at: Nullable(Instant),
  }),
})

export type ShipmentRow = Static<typeof db.tables.shipments>
export type LineRow = Static<typeof db.tables.shipment_lines>
export type ParcelRow = Static<typeof db.tables.parcels>
