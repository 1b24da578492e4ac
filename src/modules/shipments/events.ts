import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'
import { shipmentLifecycle } from './lifecycle.ts'

const shipment_id = IdSchema('shipment')
const order_id = IdSchema('order')
const units = Type.Array(
  Type.Object({ order_line_id: IdSchema('order_line'), quantity: Type.Integer() }),
)
const OfShipment = { shipment_id, order_id }
const OfUnits = { ...OfShipment, units }
const serial_numbers = Type.Array(
  Type.Object({
    order_line_id: IdSchema('order_line'),
    item_id: Nullable(IdSchema('item')),
    serial_numbers: Type.Array(Type.String()),
  }),
  { description: 'Of the lines whose units were named one by one.' },
)

export const shipmentEvents = defineEvents('shipment', {
  created: {
    description: 'A shipment was made for units of an order.',
    entity: 'shipment_id',
    payload: Type.Object({
      ...OfUnits,
      number: Type.String(),
      fulfilment_order_id: Nullable(IdSchema('fulfilment_order')),
      location_id: Nullable(IdSchema('location')),
    }),
  },
  updated: {
    description: 'Facts of a shipment were changed, such as its address or its tracking number.',
    entity: 'shipment_id',
    payload: Type.Object({ ...OfShipment, members: Type.Array(Type.String()) }),
  },
  status_changed: {
    description: 'The shipment made a move of its lifecycle.',
    entity: 'shipment_id',
    payload: Type.Object({
      ...OfShipment,
      old_status: shipmentLifecycle.schema,
      new_status: shipmentLifecycle.schema,
      reason: Nullable(Type.String()),
    }),
  },
  label_bought: {
    description: 'A label was bought for a parcel of it. The cost is in minor units.',
    entity: 'shipment_id',
    payload: Type.Object({
      ...OfShipment,
      label_id: IdSchema('label'),
      parcel_id: IdSchema('parcel'),
      carrier: Type.String(),
      service: Type.String(),
      tracking_number: Type.String(),
      cost_amount: Amount,
      currency: Currency,
    }),
  },
  label_failed: {
    description: 'A label could not be bought; nothing was charged.',
    entity: 'shipment_id',
    payload: Type.Object({ ...OfShipment, label_id: IdSchema('label'), reason: Type.String() }),
  },
  label_voided: {
    description: 'A label was given back to its carrier.',
    entity: 'shipment_id',
    payload: Type.Object({ ...OfShipment, label_id: IdSchema('label') }),
  },
  shipped: {
    description: 'Its units left the shelves; what was promised to the order is consumed.',
    entity: 'shipment_id',
    payload: Type.Object({ ...OfUnits, tracking_numbers: Type.Array(Type.String()) }),
  },
  progressed: {
    description: 'Its carrier told something that changes how far it is.',
    entity: 'shipment_id',
    payload: Type.Object({
      ...OfShipment,
      old_status: shipmentLifecycle.schema,
      new_status: shipmentLifecycle.schema,
      estimated_delivery_at: Nullable(Instant),
    }),
  },
  exception: {
    description: 'Something is wrong with it on its way.',
    entity: 'shipment_id',
    payload: Type.Object({ ...OfShipment, reason: Nullable(Type.String()) }),
  },
  delivered: {
    description: 'Its last parcel arrived.',
    entity: 'shipment_id',
    payload: Type.Object({
      ...OfUnits,
      serial_numbers,
      delivered_at: Instant,
    }),
  },
  returned_to_stock: {
    description: 'What had come back undelivered was put away; its units are open again.',
    entity: 'shipment_id',
    payload: Type.Object({
      ...OfUnits,
      location_id: Nullable(IdSchema('location')),
      state: Type.String(),
    }),
  },
  cancelled: {
    description: 'It was withdrawn. `had_left` says that its units were put back.',
    entity: 'shipment_id',
    payload: Type.Object({
      ...OfUnits,
      reason: Nullable(Type.String()),
      had_left: Type.Boolean(),
    }),
  },
})

export const carrierEvents = defineEvents('carrier', {
  service_changed: {
    description: 'A service of the built-in carrier was made, changed or given up.',
    entity: 'service_id',
    payload: Type.Object({ service_id: IdSchema('carrier_service'), code: Type.String() }),
  },
  manifest_closed: {
    description: 'The parcels of a day were handed over to a carrier with one paper.',
    entity: 'manifest_id',
    payload: Type.Object({
      manifest_id: IdSchema('manifest'),
      carrier: Type.String(),
      location_id: IdSchema('location'),
      parcels: Type.Integer(),
    }),
  },
})
