import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, Money, MoneyInput } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, InstantInput, LongText, Nullable, Text } from '#kit/schemas'
import { LotUnits, PARCEL_STATUSES, ShipAddress } from './tables.ts'
import { CARRIER_NAMES, METHOD_NAMES, STATUS_NAMES } from './words.ts'

const { Optional } = Type
export const PARCELS_MAX = 50
export const UNITS_MAX = 1_000_000

const StatusName = Type.Enum(STATUS_NAMES)
const word = (description: string) => Text(40, { description })
const StatusInput = word('In any published spelling: `InTransit`, `In Transit`, `in_transit`.')
const MethodInput = word('Standard, Express, Overnight, Two-Day, International or Custom.')
const CarrierInput = word('UPS, FedEx, USPS, DHL; every other name is Other.')

/** A shipment as published, with what it is made of. */
export const ShipmentSummary = Type.Object({
  id: IdSchema('shipment'),
  number: Type.String({ examples: ['1000001-S1'] }),
  order_id: IdSchema('order'),
  fulfilment_order_id: Nullable(IdSchema('fulfilment_order')),
  location_id: Nullable(IdSchema('location')),
  tracking_number: Nullable(Type.String({ description: 'Of its first parcel.' })),
  tracking_url: Nullable(Type.String()),
  status: StatusName,
  status_reason: Nullable(Type.String()),
  shipping_method: Type.Enum(METHOD_NAMES),
  carrier: Nullable(Type.Enum(CARRIER_NAMES)),
  service_level: Nullable(Type.String({ description: 'The carrier’s own name of the service.' })),
  shipping_address: Type.String(),
  recipient_name: Type.String(),
  signature_required: Type.Boolean(),
  notes: Nullable(Type.String()),
  estimated_delivery: Nullable(Instant),
  shipped_at: Nullable(Instant),
  delivered_at: Nullable(Instant),
  cancelled_at: Nullable(Instant),
  returned_at: Nullable(Instant),
  signed_by: Nullable(Type.String()),
  proof_urls: Type.Array(Type.String()),
  exception: Nullable(Type.String({ description: 'What is wrong, while it has failed.' })),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type ShipmentSummary = Static<typeof ShipmentSummary>

export const ShipmentItem = Type.Object({
  id: IdSchema('shipment_line'),
  order_item_id: IdSchema('order_line'),
  item_id: Nullable(IdSchema('item')),
  sku: Type.String(),
  name: Type.String(),
  quantity: Type.Integer(),
  returned_quantity: Type.Integer({ description: 'Came back undelivered and was put away.' }),
  lots: Nullable(Type.Array(LotUnits)),
  hs_code: Nullable(Type.String()),
  origin_country: Nullable(Type.String()),
  unit_value: Money,
  currency: Currency,
  unit_weight_grams: Nullable(Type.Integer()),
})
export const Parcel = Type.Object({
  id: IdSchema('parcel'),
  position: Type.Integer(),
  carton_id: Nullable(IdSchema('carton')),
  weight_grams: Nullable(Type.Integer()),
  length_mm: Nullable(Type.Integer()),
  width_mm: Nullable(Type.Integer()),
  height_mm: Nullable(Type.Integer()),
  tracking_number: Nullable(Type.String()),
  tracking_url: Nullable(Type.String()),
  status: Type.Enum([...PARCEL_STATUSES]),
})
export type Parcel = Static<typeof Parcel>

export const Shipment = Type.Object({
  ...ShipmentSummary.properties,
  ship_to: ShipAddress,
  items: Type.Array(ShipmentItem),
  parcels: Type.Array(Parcel),
})
export type Shipment = Static<typeof Shipment>

export const ShipmentRef = Text(64, { description: "The shipment's id or its number." })
export const GetShipment = Type.Object({ id: ShipmentRef })
export type GetShipment = Static<typeof GetShipment>

export const ListShipments = Type.Object({
  ...pageQuery,
  status: Optional(StatusInput),
  order_id: Optional(IdSchema('order')),
  customer_id: Optional(IdSchema('customer')),
  location_id: Optional(IdSchema('location')),
  fulfilment_order_id: Optional(IdSchema('fulfilment_order')),
  carrier: Optional(CarrierInput),
})
export type ListShipments = Static<typeof ListShipments>
export const Shipments = PageOf(ShipmentSummary)

const quantity = Type.Integer({ minimum: 1, maximum: UNITS_MAX })
const Country = Type.String({ pattern: '^[A-Za-z]{2}$', description: 'ISO 3166-1, two letters.' })
const HsCode = Type.String({
  pattern: '^[0-9]{4,6}([.]?[0-9]{2}){0,3}$',
  maxLength: 16,
  description: 'Of the Harmonised System.',
  examples: ['6912.00'],
})
const customs = {
  hs_code: Optional(Nullable(HsCode)),
  origin_country: Optional(Nullable(Country)),
  unit_value: Optional(MoneyInput),
  unit_weight_grams: Optional(Nullable(Type.Integer({ minimum: 1, maximum: 1_000_000_000 }))),
}
const lots = Optional(Type.Array(LotUnits, { minItems: 1, maxItems: 200 }))
const ItemInput = Type.Object({
  order_item_id: Optional(IdSchema('order_line')),
  order_line_id: Optional(
    Type.Unsafe<Static<typeof ShipmentItem>['order_item_id']>({
      ...IdSchema('order_line'),
      description: 'The same as `order_item_id`.',
    }),
  ),
  quantity,
  lots,
  ...customs,
})
export type ItemInput = Static<typeof ItemInput>

const measure = (maximum: number) => Optional(Nullable(Type.Integer({ minimum: 1, maximum })))
const ParcelInput = Type.Object({
  carton_id: Optional(Nullable(IdSchema('carton'))),
  weight_grams: measure(100_000_000),
  length_mm: measure(100_000),
  width_mm: measure(100_000),
  height_mm: measure(100_000),
  tracking_number: Optional(Nullable(Text(100))),
})
export type ParcelInput = Static<typeof ParcelInput>
const ParcelInputs = Type.Array(ParcelInput, { minItems: 1, maxItems: PARCELS_MAX })

const AddressInput = Type.Union([LongText(1000), ShipAddress], {
  description: 'A text, or an address in parts; the order’s if it is left out.',
})
const Url = Type.String({ maxLength: 2000, pattern: '^https?://[^\\s\\u0000-\\u001f]+$' })
const facts = {
  shipping_method: Optional(MethodInput),
  carrier: Optional(Nullable(CarrierInput)),
  service_level: Optional(Nullable(Text(100))),
  shipping_address: Optional(AddressInput),
  recipient_name: Optional(Text(200)),
  tracking_number: Optional(Nullable(Text(100))),
  tracking_url: Optional(Nullable(Url)),
  signature_required: Optional(Type.Boolean()),
  notes: Optional(Nullable(LongText(2000))),
  estimated_delivery: Optional(Nullable(InstantInput)),
}
export const CreateShipment = Type.Object({
  order_id: Text(64, { description: "The order's id or its number." }),
  fulfilment_order_id: Optional(IdSchema('fulfilment_order')),
  items: Optional(
    Type.Array(ItemInput, {
      minItems: 1,
      maxItems: 500,
      description: 'Units that lie at one location; else all that waits at the first one.',
    }),
  ),
  parcels: Optional(ParcelInputs),
  ...facts,
})
export type CreateShipment = Static<typeof CreateShipment>

export const UpdateShipment = Type.Object({
  id: ShipmentRef,
  ...facts,
  parcels: Optional(ParcelInputs),
  items: Optional(
    Type.Array(
      Type.Object({
        order_item_id: IdSchema('order_line'),
        ...customs,
        lots: Optional(Nullable(Type.Array(LotUnits, { maxItems: 200 }))),
      }),
      { minItems: 1, maxItems: 500, description: 'What customs want to know, or which lots.' },
    ),
  ),
})
export type UpdateShipment = Static<typeof UpdateShipment>

export const SetTracking = Type.Object({
  id: ShipmentRef,
  parcel_id: Optional(
    Type.Unsafe<Parcel['id']>({ ...IdSchema('parcel'), description: 'Else its first parcel.' }),
  ),
  tracking_number: Text(100),
  tracking_url: Optional(Nullable(Url)),
  carrier: Optional(CarrierInput),
})
export type SetTracking = Static<typeof SetTracking>

export const SetShipmentStatus = Type.Object({
  id: ShipmentRef,
  status: StatusInput,
  reason: Optional(Nullable(LongText(500))),
  notes: Optional(Nullable(LongText(500, { description: 'The same as `reason`.' }))),
})
export type SetShipmentStatus = Static<typeof SetShipmentStatus>

export const ShipShipment = Type.Object({
  id: ShipmentRef,
  tracking_number: Optional(Nullable(Text(100))),
  tracking_url: Optional(Nullable(Url)),
  carrier: Optional(Nullable(CarrierInput)),
  shipped_at: Optional(InstantInput),
  items: Optional(
    Type.Array(
      Type.Object({
        order_item_id: IdSchema('order_line'),
        lots: Type.Array(LotUnits, { minItems: 1, maxItems: 200 }),
      }),
      {
        maxItems: 500,
        description: 'Which lots or serial numbers leave; else those picked, else first expired.',
      },
    ),
  ),
})
export type ShipShipment = Static<typeof ShipShipment>

const Proofs = Type.Array(Url, { maxItems: 20, description: 'Photos, signatures: where they lie.' })
export const DeliverShipment = Type.Object({
  id: ShipmentRef,
  delivered_at: Optional(InstantInput),
  signed_by: Optional(Nullable(Text(200, { description: 'Who took it.' }))),
  signature_url: Optional(Nullable(Url)),
  proof_urls: Optional(Proofs),
  notes: Optional(Nullable(LongText(1000))),
})
export type DeliverShipment = Static<typeof DeliverShipment>

export const GiveReason = Type.Object({
  id: ShipmentRef,
  reason: Optional(Nullable(LongText(500))),
})
export type GiveReason = Static<typeof GiveReason>

export const ReturnToStock = Type.Object({
  id: ShipmentRef,
  items: Optional(
    Type.Array(Type.Object({ order_item_id: IdSchema('order_line'), quantity, lots }), {
      minItems: 1,
      maxItems: 500,
      description: 'All that has not come back yet, if they are left out.',
    }),
  ),
  location_id: Optional(Text(64, { description: 'An id, number or code; else where it left.' })),
  state: Optional(
    Type.String({
      pattern: '^[a-z][a-z_]{0,39}$',
      default: 'sellable',
      description: 'The state in which the units are put away.',
    }),
  ),
  outcome: Optional(
    Type.Enum(['resend', 'return'], {
      default: 'resend',
      description:
        'resend: the units are open again and promised to the order. return: they count as returned.',
    }),
  ),
  reason: Optional(Nullable(LongText(500))),
})
export type ReturnToStock = Static<typeof ReturnToStock>
